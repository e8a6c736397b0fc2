"""How long one office's people wait: those who still do, and those who were placed within a year; in days."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import case, extract, func, literal
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
    span = case(*((days < end, number) for number, end in enumerate(SPANS)), else_=len(SPANS)).label("span")
    lived = columns(span).select_from(Request).join(Person, col(Person.id) == Request.person_id).where(*where)
    spans = lived.subquery()
    found = session.execute(columns(spans.c.span, func.count()).group_by(spans.c.span)).all()
    by_span = dict(found)
    counts = tuple(by_span.get(number, 0) for number in range(len(SPANS) + 1))
    middle = columns(days).select_from(Request).join(Person, col(Person.id) == Request.person_id).where(*where)
    median = session.execute(middle.order_by(days).limit(1).offset(max(0, sum(counts) - 1) // 2)).scalar()
    return Waited(counts, None if median is None else max(0, int(median)))


def _days(session: Session, since: Any, until: Any) -> Any:
    """Return the days between two instants, with their fraction."""
    if session.get_bind().dialect.name == "sqlite":
        return func.julianday(until) - func.julianday(since)
    return extract("epoch", until - since) / 86400
