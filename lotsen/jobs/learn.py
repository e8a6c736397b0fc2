"""Every week: learn from the pairings that ended, and score by it if that is better."""

from datetime import datetime

from sqlmodel import Session


def learn(session: Session, now: datetime) -> int:
    """Fit, try and perhaps store a model; return how many outcomes there were."""
    from lotsen.services import learning  # noqa: PLC0415 -- it loads the matcher

    return learning.learn(session, now)
