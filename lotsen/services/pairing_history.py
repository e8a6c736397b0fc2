"""Where one office's pairings stood at the end of each month, and what was reached meanwhile.

Told backwards: they stand somewhere today, and the events of these months say where they came from.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from sqlalchemy import case, func, text
from sqlalchemy import select as columns
from sqlmodel import Session, col

from lotsen.models import Event, Pairing
from lotsen.models.pairing import STEP
from lotsen.rules.calendar import BERLIN, local_date
from lotsen.rules.pairing import State

#: So many months are looked at; the last one is not over yet.
MONTHS: Final = 12


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
    month = case(*((col(Event.at) < end, number) for number, end in enumerate(begins[1:])), else_=MONTHS - 1)
    steps = (
        columns(month.label("month"), Event.from_state, Event.to_state)  # type: ignore[call-overload]  # SQLModel's columns
        .join(Pairing, col(Pairing.id) == Event.pairing_id)
        .where(
            Pairing.municipality_id == municipality_id,
            col(Event.at).between(begins[0], now),
            text(f"({STEP})"),
        )
        .subquery()
    )
    told = steps.c.month, steps.c.from_state, steps.c.to_state
    changes = session.execute(columns(*told, func.count()).group_by(*told))
    today = columns(col(Pairing.state), func.count()).where(col(Pairing.municipality_id) == municipality_id)
    standing = dict(session.execute(today.group_by(col(Pairing.state))).all())
    return list(_told_backwards(firsts, standing, changes))[::-1]


def months(today: date) -> list[date]:
    """Return the first days of the last `MONTHS` months, today's month last."""
    this = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(this - MONTHS + 1, this + 1)]


def _told_backwards(firsts: list[date], today: dict[State, int], steps: Iterable[Any]) -> Iterator[Month]:
    """Yield the months, the present one first: before it, who came to a state was not there yet, who left it was."""
    came: Counter[tuple[int, State]] = Counter()
    left: Counter[tuple[int, State]] = Counter()
    for month, before, after, count in steps:
        came[month, State(after or State.SUGGESTED)] += count
        if before is not None:
            left[month, State(before)] += count
    standing = {state: today.get(state, 0) for state in State}
    for month, first in reversed(list(enumerate(firsts))):
        yield Month(first, standing, {state: came[month, state] for state in State})
        standing = {state: here - came[month, state] + left[month, state] for state, here in standing.items()}
