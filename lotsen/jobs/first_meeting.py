"""Daily: first meetings without a date become a task; on the day after, guide and office are asked about them."""

from datetime import datetime

from sqlmodel import Session

from lotsen.services import ahead, batch, first_meetings


def first_meeting(session: Session, now: datetime) -> int:
    """Hand over what has no date, ask about what is over."""
    undated = list(first_meetings.undated(session, now))
    done = batch.each(session, undated, lambda pairing: first_meetings.hand_over(session, pairing, now))
    over = first_meetings.over(session, now)
    return done + batch.each(
        session, over, lambda pairing: first_meetings.ask(session, pairing, now), ahead.of_pairings
    )
