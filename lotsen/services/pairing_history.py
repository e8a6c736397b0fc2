"""Where one office's pairings stood at the end of each month, and what was reached meanwhile: told by their events."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from sqlalchemy import and_, case, func, or_
from sqlalchemy import select as columns
from sqlmodel import Session, col

from lotsen.models import Event, Pairing
from lotsen.rules.calendar import BERLIN, local_date
from lotsen.rules.pairing import State

#: So many months are looked at; the last one is not over yet.
MONTHS: Final = 12
#: The event of a pairing's beginning; it came from no state.
_BEGAN: Final = "suggest"


@dataclass(frozen=True, slots=True)
class Month:
    """One month (local time): by state, how many pairings stood there at its end, and how many came there in it."""

    first: date
    standing: dict[State, int]
    reached: dict[State, int]


def of(session: Session, municipality_id: int, now: datetime) -> list[Month]:
    """Return the last months of an office's pairings, the present one last.

    A pairing belongs to the office that has it today: whoever moved here brought the whole of its history.
    """
    firsts = months(local_date(now))
    begins = [datetime.combine(first, time(), BERLIN) for first in firsts]
    period = case(*((col(Event.at) < begin, number) for number, begin in enumerate(begins)), else_=len(begins))
    moved = and_(col(Event.to_state).is_not(None), col(Event.to_state) != col(Event.from_state))
    steps = (
        columns(period.label("period"), Event.from_state, Event.to_state)  # type: ignore[call-overload]  # SQLModel's columns
        .join(Pairing, col(Pairing.id) == Event.pairing_id)
        .where(
            Pairing.municipality_id == municipality_id,
            col(Event.at) <= now,
            or_(col(Event.what) == _BEGAN, moved),
        )
        .subquery()
    )
    told = steps.c.period, steps.c.from_state, steps.c.to_state
    return list(_cumulated(firsts, session.execute(columns(*told, func.count()).group_by(*told))))


def months(today: date) -> list[date]:
    """Return the first days of the last `MONTHS` months, today's month last."""
    this = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(this - MONTHS + 1, this + 1)]


def _cumulated(firsts: list[date], steps: Iterable[Any]) -> Iterator[Month]:
    """Add up who came to a state and who left it; period 0 is all the time before the first month."""
    came: Counter[tuple[int, State]] = Counter()
    left: Counter[tuple[int, State]] = Counter()
    for period, before, after, count in steps:
        came[period, State(after or State.SUGGESTED)] += count
        if before is not None:
            left[period, State(before)] += count
    standing = {state: came[0, state] - left[0, state] for state in State}
    for number, first in enumerate(firsts, 1):
        standing = {state: here + came[number, state] - left[number, state] for state, here in standing.items()}
        yield Month(first, standing, {state: came[number, state] for state in State})
