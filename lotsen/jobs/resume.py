"""Daily: guides whose break is over are there again."""

from datetime import datetime

from sqlmodel import Session

from lotsen.services import batch, followup


def resume(session: Session, now: datetime) -> int:
    """End each break whose last day is over."""
    guides = followup.to_resume(session, now)
    return batch.each(session, guides, lambda guide: followup.back_from_break(session, guide, now))
