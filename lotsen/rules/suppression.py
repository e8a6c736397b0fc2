"""Statistical tables that tell nothing about single people: small cells are hidden, and so is what would reveal them.

A sum is published with its parts, so whoever reads it can subtract. Small parts are therefore hidden among others: at
least two, and so many people together that any one of them could be all of what is left. Idea: complementary cell
suppression, see Willenborg and de Waal, Elements of Statistical Disclosure Control (2001), chapter 4.

Where people are counted by two things at once, a cell is part of a row and of a column. A small cell then hides among
cells that could have lent to it: as many people as it lacks to `THRESHOLD` change places along its row and its column,
and every row and column adds up as before. No total changes, so no other table tells the difference either.
"""

from collections.abc import Sequence
from itertools import product
from typing import Final

#: Smaller counts are never published, nor are zeros: "nobody" can tell as much as "one".
THRESHOLD: Final = 5

Cell = tuple[int, int]
Matrix = Sequence[Sequence[int]]


def hidden_parts(parts: Sequence[int]) -> set[int]:
    """Return the numbers of those parts of one published sum that must not be published.

    The smallest are hidden until there are two of them at least that make up `THRESHOLD` together: what is left of the
    sum could then be any one of them. Where all parts together are fewer, none is published.
    """
    hidden: set[int] = set()
    left = 0
    for number in sorted(range(len(parts)), key=lambda number: parts[number]):
        if parts[number] >= THRESHOLD and (not hidden or (len(hidden) > 1 and left >= THRESHOLD)):
            break
        hidden.add(number)
        left += parts[number]
    return hidden


def small(parts: Sequence[int]) -> set[int]:
    """Return the numbers of the parts that are small: enough where people count in several parts at once."""
    return {number for number, part in enumerate(parts) if part < THRESHOLD}


def hidden_cells(cells: Matrix, rows: set[int], columns: set[int]) -> set[Cell]:
    """Return the cells (row, column) of a table that must not be published, all of a hidden line among them.

    `rows` and `columns` are those whose own totals `hidden_parts` has hidden. Among them people move as they please;
    what the reader knows is their sum. So they are judged as one line, which has `THRESHOLD` people at least.
    """
    across, down = _merged(len(cells), rows), _merged(len(cells[0]), columns)
    sums = [[sum(cells[row][column] for row, column in product(line, beside)) for beside in down] for line in across]
    hidden = {cell for cell in _places(sums) if len(across[cell[0]]) > 1 or len(down[cell[1]]) > 1}
    lacking = sorted((sums[row][column], row, column) for row, column in _places(sums) if sums[row][column] < THRESHOLD)
    hidden |= {(row, column) for _sum, row, column in lacking}
    for _sum, row, column in lacking:
        while _lent(sums, hidden, row, column) < THRESHOLD - sums[row][column]:
            hidden |= _cheapest(sums, hidden, row, column)
    return {cell for row, column in hidden for cell in product(across[row], down[column])}


def hidden_where_columns_overlap(cells: Matrix, totals: Sequence[int], rows: set[int]) -> set[Cell]:
    """Return the cells that must not be published where people count in several columns at once, and in one row.

    `totals` are the people of each row, `rows` those whose totals are hidden; a column's total is hidden where it is
    small. A column hides a small cell among its others; a row lends only people who stay in another column of it, since
    everybody is in one. Where there are too few of these, nothing is published.
    """
    across = _merged(len(cells), rows)
    sums = [[sum(cells[row][column] for row in line) for column in range(len(cells[0]))] for line in across]
    twice = [sum(found) - sum(totals[row] for row in line) for found, line in zip(sums, across, strict=True)]
    everything = set(_places(cells))
    if sum(totals) < 2 * THRESHOLD:  # so that a hidden column, too, could have five people more
        return everything
    hidden = {cell for cell in _places(sums) if sums[cell[0]][cell[1]] < THRESHOLD or len(across[cell[0]]) > 1}
    for column, found in enumerate(zip(*sums, strict=True)):
        if sum(found) < THRESHOLD:
            hidden |= {(row, column) for row in range(len(across))}
            continue
        for row in small(found):
            lent = 0
            for lender in sorted(range(len(across)), key=lambda each: ((each, column) not in hidden, found[each])):
                more = min(found[lender], twice[lender])
                if lender != row and lent < THRESHOLD - found[row] and more > 0:
                    hidden.add((lender, column))
                    lent += more
            if lent < THRESHOLD - found[row]:
                return everything
    return {(row, column) for line, column in hidden for row in across[line]}


def _merged(count: int, hidden: set[int]) -> list[list[int]]:
    """Return the lines by which the reader can add up: each that is published, then the others as one."""
    return [*([line] for line in range(count) if line not in hidden), *([sorted(hidden)] if hidden else [])]


def _places(table: Matrix) -> list[Cell]:
    return [(row, column) for row in range(len(table)) for column in range(len(table[0]))]


def _corners(sums: Matrix, row: int, column: int) -> list[tuple[int, set[Cell]]]:
    """Return each rectangle that lends to a cell: how many people at most, and its three other corners."""
    return [
        (lent, {(row, beside), (below, column), (below, beside)})
        for below, beside in _places(sums)
        if below != row and beside != column and (lent := min(sums[row][beside], sums[below][column]))
    ]


def _lent(sums: Matrix, hidden: set[Cell], row: int, column: int) -> int:
    """Return how many people more a cell could have, by what is hidden; perhaps it is even more."""
    along, down = list(sums[row]), [line[column] for line in sums]
    total = 0
    for below, beside in _places(sums):
        if below != row and beside != column and {(row, beside), (below, column), (below, beside)} <= hidden:
            lent = min(along[beside], down[below])
            along[beside] -= lent
            down[below] -= lent
            total += lent
    return total


def _cheapest(sums: Matrix, hidden: set[Cell], row: int, column: int) -> set[Cell]:
    """Return the rectangle to hide next: one that lends enough by itself, else any; of these, the fewest people."""
    lacking = THRESHOLD - sums[row][column]
    found = [(lent, corners - hidden) for lent, corners in _corners(sums, row, column) if not corners <= hidden]
    return min(found, key=lambda each: (each[0] < lacking, sum(sums[a][b] for a, b in each[1]), sorted(each[1])))[1]
