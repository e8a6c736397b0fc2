"""How long one office's people wait: those who still do, and those who were placed within a year; in days."""

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Integer, cast, extract, func, literal
from sqlalchemy import select as columns
from sqlmodel import Session, col

from lotsen.models import Person, Request
from lotsen.models.types import UTCDateTime
from lotsen.rules.vocabulary import RequestState
from lotsen.services.narrowing import in_use

#: A span of waiting ends before that many days; the last one has no end.
SPANS: Final = (14, 28, 56, 91, 182)
#: So far back it counts who was placed.
LOOKED_BACK: Final = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Waited:
    """How many people waited how long: a figure for each of `SPANS` and one for longer; the middle one's days."""

    counts: tuple[int, ...]
    #: None where there is nobody.
    median: int | None

    @property
    def people(self) -> int:
        """How many there are."""
        return sum(self.counts)


@dataclass(frozen=True, slots=True)
class Waiting:
    """Those who still wait, and those for whom it has ended well lately."""

    still: Waited
    placed: Waited


def of(session: Session, municipality_id: int, now: datetime) -> Waiting:
    """Return the waiting times of an office's people."""
    since = col(Request.waiting_since)
    still = [col(Request.state) == RequestState.OPEN]
    placed = [col(Request.state) != RequestState.OPEN, col(Request.placed_at) >= now - LOOKED_BACK]
    here = in_use(municipality_id)
    return Waiting(
        _waited(session, _days(session, since, literal(now, UTCDateTime)), [*here, *still]),
        _waited(session, _days(session, since, col(Request.placed_at)), [*here, *placed]),
    )


def _waited(session: Session, days: Any, where: list[Any]) -> Waited:
    """Count by whole days in the database, which sorts nobody; the spans and the middle one are read off that."""
    lived = columns(days.label("days")).select_from(Request).join(Person, col(Person.id) == Request.person_id)
    each = lived.where(*where, col(Request.municipality_id) == Person.municipality_id).subquery()
    rows = session.execute(columns(each.c.days, func.count()).group_by(each.c.days)).all()
    by_day = Counter({max(0, day): people for day, people in rows})
    counts = [0] * (len(SPANS) + 1)
    for day, people in by_day.items():
        counts[bisect_right(SPANS, day)] += people
    return Waited(tuple(counts), _middle(by_day))


def _middle(by_day: Counter[int]) -> int | None:
    passed, half = 0, (by_day.total() - 1) // 2
    for day in sorted(by_day):
        passed += by_day[day]
        if passed > half:
            return day
    return None


def _days(session: Session, since: Any, until: Any) -> Any:
    """Return the whole days between two instants."""
    if session.get_bind().dialect.name == "sqlite":
        return cast(func.julianday(until) - func.julianday(since), Integer)
    return cast(func.floor(extract("epoch", until - since) / 86400), Integer)
