"""Daily: remind guides of offers, newcomers of questions."""

from datetime import datetime

from sqlmodel import Session

from lotsen.services import batch, followup


def remind(session: Session, now: datetime) -> int:
    """Remind once of each offer and question that has waited for the office's number of days."""
    return batch.each(session, followup.to_remind(session, now), lambda each: followup.remind(session, each, now))
