"""Outcomes of past proposals as samples to learn from.

A proposal succeeded if its pairing was completed; it failed if it was declined or ended early. Of a pairing that was
accepted and still runs nobody knows yet: it counts as a success in the share that finished pairings had, and as a
failure in the rest.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from matching.cells import filled
from matching.constraints import Pairs, distance_km
from matching.features import measure
from matching.profiles import GUIDE_COLUMNS, NEWCOMER_COLUMNS, Guides, Newcomers
from matching.tables import InputError, Table, read_table

OUTCOMES = ("accepted", "declined", "completed", "ended_early")

#: Columns of outcomes that tell what a profile held at the time, if it has changed: for the newcomer, for the guide.
#: A column that both have is told apart by its beginning.
_BOTH = ("latitude", "longitude", "languages", "topics", "slots")
_NEWCOMER_THEN = {"children": "children", "waiting_days": "waiting_days"} | {f"newcomer_{name}": name for name in _BOTH}
_GUIDE_THEN = {name: name for name in ("radius_km", "capacity", "free_places", "completed")} | {
    f"guide_{name}": name for name in _BOTH
}


class Samples(NamedTuple):
    """Past proposals, the oldest first.

    Attributes:
        criteria: Shape (samples, criteria).
        success: Share of success, 0 to 1, shape (samples,).
        newest: The date of the last outcome.
        counts: How many outcomes of each kind.
    """

    criteria: npt.NDArray[np.float32]
    success: npt.NDArray[np.float64]
    newest: str
    counts: dict[str, int]


def read_samples(newcomers: object, guides: object, outcomes: object) -> Samples:
    """Join outcomes with the profiles as they were.

    Args:
        newcomers, guides: Paths, rows or data frames; not arrays, since cells are replaced by those of the outcomes.
        outcomes: The same, with the columns of the outcomes file.

    Raises:
        InputError: Something in the three tables cannot be used, or an outcome has no profile.
    """
    table = read_table(outcomes, "outcomes")
    if table.columns:
        table.require(("newcomer_id", "guide_id", "outcome", "on"), (*_NEWCOMER_THEN, *_GUIDE_THEN))
    kinds, days = _parse(table, "outcome", _outcome), _parse(table, "on", date.fromisoformat)
    people, volunteers = read_table(newcomers, "newcomers"), read_table(guides, "guides")
    Newcomers.read(people), Guides.read(volunteers)
    then = (
        Newcomers.read(_then(table, "newcomer_id", people, _NEWCOMER_THEN, NEWCOMER_COLUMNS)),
        Guides.read(_then(table, "guide_id", volunteers, _GUIDE_THEN, GUIDE_COLUMNS)),
    )
    count = len(kinds)
    across = np.arange(count, dtype=np.int32)
    pairs = Pairs(np.arange(count + 1), across, distance_km(then[0].xyz, then[1].xyz).astype(np.float32))
    order = np.argsort(np.array(days, dtype="datetime64[D]"), kind="stable")
    counts = {kind: kinds.count(kind) for kind in OUTCOMES}
    share = (counts["completed"] + 1) / (counts["completed"] + counts["ended_early"] + 2)
    success = {"completed": 1.0, "accepted": share, "declined": 0.0, "ended_early": 0.0}
    return Samples(
        measure(*then, pairs, 0, count).T[order],
        np.array([success[kind] for kind in kinds], dtype=float)[order],
        max(days).isoformat() if days else "",
        counts,
    )


def _parse(table: Table, column: str, read: Callable[[str], Any]) -> list[Any]:
    return table.parse(column, read) if table.columns else []


def _unless_empty(read: Callable[[str], Any]) -> Callable[[str], Any]:
    return lambda cell: cell and read(cell)


def _outcome(text: str) -> str:
    if text not in OUTCOMES:
        raise ValueError(f"unknown code “{text}” (known: {' '.join(OUTCOMES)})")
    return text


def _then(
    outcomes: Table, column: str, profiles: Table, changed: dict[str, str], readers: dict[str, Callable[[str], Any]]
) -> list[dict[str, str]]:
    """One row an outcome: the profile of the person in ``column``, with what the outcome says it held then."""
    if not outcomes.columns:
        return []
    names = [name for name in profiles.columns if name in readers]
    cells_of = zip(*(profiles.columns[name] for name in names), strict=True)
    rows = {row["id"].strip(): row for row in (dict(zip(names, cells, strict=True)) for cells in cells_of)}
    told = {outcome: name for outcome, name in changed.items() if outcome in outcomes.columns}
    for outcome, name in told.items():
        outcomes.parse(outcome, _unless_empty(readers[name]))
    found = []
    for number, (line, person) in enumerate(zip(outcomes.lines, outcomes.parse(column, filled), strict=True)):
        if person not in rows:
            raise InputError(outcomes.source, line, column, f"no profile has the id “{person}”")
        then = {name: cell for outcome, name in told.items() if (cell := outcomes.columns[outcome][number])}
        found.append(rows[person] | then | {"id": f"{number:09}"})
    return found
