"""Daily: the figures of a quarter that is over are frozen, once."""

from datetime import datetime

from sqlmodel import Session

from lotsen.services import evaluation


def evaluate(session: Session, now: datetime) -> int:
    """Freeze what is due; return how many quarters that were."""
    return len(evaluation.freeze(session, now))
