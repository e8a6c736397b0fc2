"""Small parts of a published sum hide among others."""

from itertools import product
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog

from lotsen.rules.suppression import (
    THRESHOLD,
    hidden_cells,
    hidden_parts,
    hidden_where_columns_overlap,
    small,
)

CELLS = st.one_of(st.integers(0, 6), st.integers(0, 60))


@given(st.lists(CELLS, min_size=1, max_size=8))
def test_no_small_part_is_shown_and_what_is_left_may_be_any_one_of_the_hidden(parts):
    hidden = hidden_parts(parts)
    assert all(part >= THRESHOLD for number, part in enumerate(parts) if number not in hidden)
    left = [parts[number] for number in hidden]
    assert not hidden or sum(parts) < THRESHOLD or (len(left) > 1 and sum(left) >= THRESHOLD)


def test_no_more_is_hidden_than_must_be():
    assert hidden_parts([9, 30, 7]) == set()
    assert hidden_parts([9, 30, 2]) == {2, 0}
    assert hidden_parts([9, 4, 30, 2]) == {3, 1}
    assert hidden_parts([1, 2]) == {0, 1}


def test_parts_that_overlap_hide_alone():
    assert small([9, 4, 30, 0]) == {1, 3}


def most(cells, hidden, cell, rows, columns=None) -> float:
    """What a cell may be at most for whoever knows what is shown and the totals of all but `rows` and `columns`.

    Without `columns` these overlap: rows add up to nothing, and small columns are those with a hidden total.
    """
    width = range(len(cells[0]))
    places = list(product(range(len(cells)), width))
    without = small([sum(column) for column in zip(*cells, strict=True)]) if columns is None else columns
    known = [[place for place in places if place[1] == column] for column in width if column not in without]
    if columns is not None:
        known += [[place for place in places if place[0] == row] for row in range(len(cells)) if row not in rows]
        known += [[place for place in places if place[0] in rows], [place for place in places if place[1] in columns]]
    known += [[place] for place in places if place not in hidden]
    matrix = np.array([[float(place in line) for place in places] for line in known])
    right = [sum(cells[row][column] for row, column in line) for line in known]
    aim = [-float(place == cell) for place in places]
    return float(-linprog(aim, A_eq=matrix, b_eq=right, bounds=(0, 1000)).fun)


@pytest.mark.parametrize("seed", range(8))
def test_a_small_cell_of_a_table_may_be_five_though_every_total_is_known(seed):
    random = Random(seed)
    cells = [[random.choice((0, 0, 1, 2, 4, 7, 20)) for _column in range(4)] for _row in range(3)]
    rows, columns = (hidden_parts([sum(line) for line in lines]) for lines in (cells, zip(*cells, strict=True)))
    hidden = hidden_cells(cells, rows, columns)
    for row, column in product(range(3), range(4)):
        if cells[row][column] < THRESHOLD or row in rows or column in columns:
            assert (row, column) in hidden
            assert most(cells, hidden, (row, column), rows, columns) >= THRESHOLD - 1e-6
    overlapping = hidden_where_columns_overlap(cells, [max(line) for line in cells], rows)
    for row, column in overlapping:
        assert most(cells, overlapping, (row, column), rows) >= THRESHOLD - 1e-6


def test_only_so_many_cells_hide_as_a_small_one_needs():
    cells = [[2, 30, 40, 50], [30, 9, 40, 50], [30, 30, 40, 3]]
    assert hidden_cells(cells, set(), set()) == {(0, 0), (0, 1), (1, 0), (1, 1), (2, 3), (2, 0), (0, 3)}
    assert hidden_cells([[9, 9], [9, 9]], set(), set()) == set()


def test_where_columns_overlap_only_who_stays_in_another_column_hides_somebody():
    cells = [[2, 30], [30, 9]]
    assert hidden_where_columns_overlap(cells, [31, 30], set()) == {(0, 0), (1, 0)}
    assert len(hidden_where_columns_overlap(cells, [32, 39], set())) == 4, "each of them names one topic"
