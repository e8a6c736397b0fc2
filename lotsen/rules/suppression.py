"""Statistical tables that tell nothing about single people: small cells are hidden, and so is what would reveal them.

A table is published with its totals, so whoever reads it can subtract. Each small cell is therefore hidden together
with three others that form a rectangle: along it, amounts can be shifted without changing any total, so that the
published figures fit a table, too, in which the small cell is not small. Idea: complementary cell suppression, see
Willenborg and de Waal, Elements of Statistical Disclosure Control (2001), chapter 4.
"""

from collections.abc import Iterator, Sequence
from itertools import product
from typing import Final

#: Smaller counts are never published, nor are zeros: "nobody" can tell as much as "one".
THRESHOLD: Final = 5

Counts = list[list[int]]
Published = list[list[int | None]]
Cell = tuple[int, int]


def with_totals(counts: Sequence[Sequence[int]]) -> Counts:
    """Return `counts` (rows x columns, at least one each) with a last column and a last row of totals."""
    rows = [[*row, sum(row)] for row in counts]
    return [*rows, [sum(column) for column in zip(*rows, strict=True)]]


def suppress(counts: Sequence[Sequence[int]]) -> Published:
    """Return `counts` with totals, None where a figure must not be published.

    No published figure lies under `THRESHOLD`, and for each hidden figure under it the published ones also fit a
    value of `THRESHOLD` or more. Where a table is too small for that, nothing of it is published.
    """
    table = with_totals(counts)
    hidden: set[Cell] = {cell for cell in _cells(table) if _value(table, cell) < THRESHOLD}
    for cell in sorted(hidden):
        rectangle = _rectangle(table, cell, hidden)
        if rectangle is None:
            return [[None] * len(row) for row in table]
        hidden |= rectangle
    return [[None if (i, j) in hidden else value for j, value in enumerate(row)] for i, row in enumerate(table)]


def suppress_parts(parts: Sequence[int]) -> list[int | None]:
    """Return the parts of one published sum, None where they must not be published.

    The smallest are hidden until there are two of them at least that make up `THRESHOLD` together: what is left of the
    sum could then be any one of them. Where all parts together are fewer, none is published.
    """
    by_size = sorted(range(len(parts)), key=lambda number: parts[number])
    hidden: list[int] = []
    for number in by_size:
        left = sum(parts[each] for each in hidden)
        if parts[number] >= THRESHOLD and (not hidden or (len(hidden) > 1 and left >= THRESHOLD)):
            break
        hidden.append(number)
    return [None if number in hidden else part for number, part in enumerate(parts)]


def _cells(table: Counts) -> Iterator[Cell]:
    return product(range(len(table)), range(len(table[0])))


def _value(table: Counts, cell: Cell) -> int:
    return table[cell[0]][cell[1]]


def _rectangle(table: Counts, cell: Cell, hidden: set[Cell]) -> set[Cell] | None:
    """Return the rectangle along which `cell` can grow to the threshold, hiding as little more as possible."""
    best: tuple[int, set[Cell]] | None = None
    for i, j in _cells(table):
        corners = _corners(table, cell, (i, j))
        if i == cell[0] or j == cell[1] or any(_value(table, at) + change < 0 for at, change in corners.items()):
            continue
        cost = sum(_value(table, at) for at in corners if at not in hidden)
        if cost == 0:
            return set(corners)
        if best is None or cost < best[0]:
            best = cost, set(corners)
    return best and best[1]


def _corners(table: Counts, cell: Cell, opposite: Cell) -> dict[Cell, int]:
    """Return the rectangle's corners with the change of each that lifts `cell` to the threshold and keeps all sums.

    With the signs of totals turned round, each row and column of the table adds up to nothing; so +, -, +, - around
    the rectangle keeps them, and turning the signs back gives the changes.
    """
    (i, j), (k, m) = cell, opposite
    lift = (THRESHOLD - _value(table, cell)) * _sign(table, cell)
    around = {(i, j): lift, (i, m): -lift, (k, m): lift, (k, j): -lift}
    return {at: change * _sign(table, at) for at, change in around.items()}


def _sign(table: Counts, cell: Cell) -> int:
    return (-1 if cell[0] == len(table) - 1 else 1) * (-1 if cell[1] == len(table[0]) - 1 else 1)
