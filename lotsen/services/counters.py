"""Counting tries, on our own database: one statement a try, the same result for any number of processes."""

from datetime import datetime, timedelta

from sqlalchemy import case
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, select

from lotsen import crypto
from lotsen.models import Counter


def count(session: Session, key: str, window: timedelta, now: datetime, amount: int = 1) -> int:
    """Count `amount` more tries under `key` and return how many there are in this window."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    over = col(Counter.expires_at) <= now
    fresh = insert(Counter).values(key=_digest(key), count=amount, expires_at=now + window)
    counted = fresh.on_conflict_do_update(
        index_elements=[Counter.key],
        set_={
            "count": case((over, amount), else_=col(Counter.count) + amount),
            "expires_at": case((over, now + window), else_=col(Counter.expires_at)),
        },
    ).returning(col(Counter.count))
    total: int = session.execute(counted).scalar_one()
    return total


def look(session: Session, key: str, now: datetime) -> tuple[int, datetime]:
    """Return how many tries there are under `key`, and until when they count."""
    found = session.exec(select(Counter).where(Counter.key == _digest(key), col(Counter.expires_at) > now)).first()
    return (found.count, found.expires_at) if found else (0, now)


def forget(session: Session, key: str) -> None:
    """Forget the tries under `key`."""
    session.exec(delete(Counter).where(col(Counter.key) == _digest(key)))


def forget_all(session: Session) -> int:
    """Forget every try; return how many keys there were."""
    rows: int = session.exec(delete(Counter)).rowcount
    return rows


def forget_old(session: Session, now: datetime) -> int:
    """Forget tries whose window is over; return how many keys there were."""
    rows: int = session.exec(delete(Counter).where(col(Counter.expires_at) <= now)).rowcount
    return rows


def _digest(key: str) -> str:
    return crypto.digest("counter", key)
