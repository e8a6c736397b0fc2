"""Daily: remind guides of offers, newcomers of questions."""

from datetime import datetime

from sqlmodel import Session

from lotsen.services import ahead, batch, followup


def remind(session: Session, now: datetime) -> int:
    """Remind once of each offer and question that has waited for the office's number of days."""
    due = followup.to_remind(session, now)
    return batch.each(session, due, lambda each: followup.remind(session, each, now), ahead.of_pairings)
