"""Daily: close what nobody answered, so that nobody waits in vain."""

from datetime import datetime

from sqlmodel import Session

from lotsen.services import ahead, batch, followup


def expire(session: Session, now: datetime) -> int:
    """Let each offer and question expire that has waited for the office's number of days."""
    due = followup.to_expire(session, now)
    return batch.each(session, due, lambda each: followup.expire(session, each, now), ahead.of_pairings)
