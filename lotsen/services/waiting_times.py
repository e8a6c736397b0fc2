"""How long one office's people wait: those who still do, and those who were placed within a year; in days."""

from bisect import bisect_right
from collections import Counter
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Integer, case, cast, extract, func, literal, or_
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
    """Return the waiting times of an office's people.

    Counted by whole days in the database, which sorts nobody; the spans and the middle one are read off that.
    """
    waits = col(Request.state) == RequestState.OPEN
    until = case((waits, literal(now, UTCDateTime)), else_=col(Request.placed_at))
    days = _days(session, col(Request.waiting_since), until)
    lived = columns(waits.label("waits"), days.label("days")).select_from(Request)
    lived = lived.join(Person, col(Person.id) == Request.person_id).where(
        *in_use(municipality_id),
        col(Request.municipality_id) == Person.municipality_id,
        or_(waits, col(Request.placed_at) >= now - LOOKED_BACK),
    )
    each = lived.subquery()
    by_day: dict[bool, Counter[int]] = {True: Counter(), False: Counter()}
    for still, day, people in session.execute(columns(each.c.waits, each.c.days, func.count()).group_by(*each.c)):
        by_day[bool(still)][max(0, day)] += people
    return Waiting(_waited(by_day[True]), _waited(by_day[False]))


def _waited(by_day: Counter[int]) -> Waited:
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
