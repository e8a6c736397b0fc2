"""Daily: certificates of conduct that end soon, and those that have ended where there are children."""

from datetime import datetime

from sqlmodel import Session

from lotsen.services import ahead, batch, conduct


def conduct_check(session: Session, now: datetime) -> int:
    """Tell guides and offices, then flag running pairings with children."""
    due = list(conduct.to_notify(session, now))
    done = batch.each(session, due, lambda notice: conduct.notify(session, *notice, now), ahead.of_notices)
    return done + batch.each(session, conduct.to_flag(session, now), lambda each: conduct.flag(session, each, now))
