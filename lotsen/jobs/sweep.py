"""Each night: what only served signing in and is over, goes: sessions, links, counted tries."""

from datetime import datetime

from sqlmodel import Session

from lotsen.services import counters, links, sessions


def sweep(session: Session, now: datetime) -> int:
    """Delete what is over; return how many rows."""
    return sessions.forget_old(session, now) + links.forget_old(session, now) + counters.forget_old(session, now)
