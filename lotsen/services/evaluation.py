"""The Land's figures over all municipalities: counts and waiting times, small ones suppressed, no personal data."""

import csv
import io
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import ceil
from statistics import median
from typing import Any, Final

import sqlalchemy
from sqlmodel import Session, col, func, select

from lotsen.models import Municipality, Pairing, Request
from lotsen.rules.pairing import State
from lotsen.rules.suppression import THRESHOLD, suppress, suppress_parts
from lotsen.rules.vocabulary import RequestState
from lotsen.services import offices

#: Pairings by state, in groups large enough to be published by municipality.
PHASES: Final[dict[str, tuple[State, ...]]] = {
    "arranging": (State.SUGGESTED, State.OFFERED, State.ACCEPTED, State.AGREED),
    "together": (State.APPROVED, State.TRIAL, State.ACTIVE, State.PAUSED, State.SUSPENDED),
    "finished": (State.COMPLETED, State.ENDED),
    "not_begun": (State.DISMISSED, State.DECLINED, State.EXPIRED, State.REJECTED, State.WITHDRAWN),
}
TOTAL: Final = "total"


@dataclass(frozen=True, slots=True)
class Row:
    """One municipality, or the Land (`code` empty): category -> figure, None where it is suppressed."""

    code: str
    name: str
    figures: dict[str, int | None]


@dataclass(frozen=True, slots=True)
class Waiting:
    """Days from asking to being placed; None where too few were placed."""

    median: int | None
    p90: int | None


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All figures at one moment; the Land stands last in each table."""

    requests: list[Row]
    pairings: list[Row]
    #: Pairings of the whole Land by state.
    states: dict[State, int | None]
    #: By the code of the municipality; the Land's is empty.
    waiting: dict[str, Waiting]


def evaluate(session: Session) -> Evaluation:
    """Return the figures over all municipalities, as they stand in the database."""
    known = offices.everyone(session)
    requests = Counter({(place, str(state)): count for place, state, count in _by_state(session, Request)})
    by_state = {(place, State(state)): count for place, state, count in _by_state(session, Pairing)}
    phase_of = {state: phase for phase, states in PHASES.items() for state in states}
    phases: Counter[tuple[int, str]] = Counter()
    totals: Counter[State] = Counter()
    for (place, state), count in by_state.items():
        phases[place, phase_of[state]] += count
        totals[state] += count
    pairings = _table(known, list(PHASES), phases)
    return Evaluation(
        _table(known, [str(state) for state in RequestState], requests),
        pairings,
        _states(totals, pairings),
        _waiting(session, known),
    )


def _states(counts: Mapping[State, int], pairings: list[Row]) -> dict[State, int | None]:
    """Return the Land's pairings by state: parts of each phase's total, and hidden with it."""
    published: dict[State, int | None] = {}
    for phase, states in PHASES.items():
        hidden = not pairings or pairings[-1].figures[phase] is None
        parts = [None] * len(states) if hidden else suppress_parts([counts.get(state, 0) for state in states])
        published |= dict(zip(states, parts, strict=True))
    return published


def _by_state(session: Session, table: type[Request] | type[Pairing]) -> Iterable[tuple[int, StrEnum, int]]:
    columns: list[Any] = [table.municipality_id, table.state]
    rows: Any = session.execute(sqlalchemy.select(*columns, func.count()).group_by(*columns))
    counted: Iterable[tuple[int, StrEnum, int]] = rows
    return counted


def _table(known: Sequence[Municipality], categories: list[str], counts: Mapping[tuple[int, str], int]) -> list[Row]:
    """Return a row a municipality and the Land's, with totals, small figures suppressed."""
    if not known:
        return []
    published = suppress([[counts.get((each.id or 0, name), 0) for name in categories] for each in known])
    names = [*((each.code, each.name) for each in known), ("", "")]
    labels = [*categories, TOTAL]
    return [
        Row(code, name, dict(zip(labels, figures, strict=True)))
        for (code, name), figures in zip(names, published, strict=True)
    ]


def _waiting(session: Session, known: Sequence[Municipality]) -> dict[str, Waiting]:
    query = select(Request.municipality_id, Request.waiting_since, Request.placed_at)
    days: dict[int, list[int]] = {}
    for place, since, placed in session.exec(query.where(col(Request.placed_at).is_not(None))):
        days.setdefault(place, []).append(_days(since, placed))
    everywhere = [day for some in days.values() for day in some]
    return {each.code: _typical(days.get(each.id or 0, [])) for each in known} | {"": _typical(everywhere)}


def _days(since: datetime, until: datetime | None) -> int:
    return max(0, (until - since).days) if until else 0


def _typical(days: list[int]) -> Waiting:
    """Return the median and the 90th percentile (nearest rank), of enough people or not at all."""
    if len(days) < THRESHOLD:
        return Waiting(None, None)
    return Waiting(round(median(days)), sorted(days)[ceil(0.9 * len(days)) - 1])


def as_csv(evaluation: Evaluation, moment: datetime) -> str:
    """Return the figures as open data, a line each (UTF-8, comma); an empty value is a suppressed one.

    Columns: `measure` (requests, pairings, pairings_by_state, waiting_days), `municipality_code` (AGS; empty: the
    Land), `municipality`, `category`, `value`, `as_of` (ISO date and time, UTC).
    """
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(("measure", "municipality_code", "municipality", "category", "value", "as_of"))
    for line in _lines(evaluation):
        writer.writerow("" if cell is None else cell for cell in (*line, moment.isoformat("T", "minutes")))
    return text.getvalue()


def _lines(evaluation: Evaluation) -> Iterator[tuple[str, str, str, str, int | None]]:
    for measure, rows in (("requests", evaluation.requests), ("pairings", evaluation.pairings)):
        for row in rows:
            for category, figure in row.figures.items():
                yield measure, row.code, row.name, category, figure
    for state, figure in evaluation.states.items():
        yield "pairings_by_state", "", "", state, figure
    for row in evaluation.requests:
        waiting = evaluation.waiting[row.code]
        yield "waiting_days", row.code, row.name, "median", waiting.median
        yield "waiting_days", row.code, row.name, "p90", waiting.p90
