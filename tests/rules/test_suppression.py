"""Small figures stay hidden, also from whoever subtracts: a linear program plays the curious reader."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from lotsen.rules.suppression import THRESHOLD, Published, suppress, suppress_parts, with_totals

CELLS = st.one_of(st.integers(0, 6), st.integers(0, 60))
TABLES = st.tuples(st.integers(1, 6), st.integers(1, 5)).flatmap(
    lambda shape: st.lists(st.lists(CELLS, min_size=shape[1], max_size=shape[1]), min_size=shape[0], max_size=shape[0])
)


class Reader:
    """Knows every published figure, that all figures are at least 0, and how totals come about."""

    def __init__(self, published: Published) -> None:
        rows, columns = len(published) - 1, len(published[0]) - 1
        sums = [np.zeros(rows * columns)]
        facts: list[tuple[np.ndarray, int]] = []
        for i, row in enumerate(published):
            for j, value in enumerate(row):
                cells = np.zeros((rows, columns))
                cells[i if i < rows else slice(None), j if j < columns else slice(None)] = 1
                sums.append(cells.ravel())
                if value is not None:
                    facts.append((cells.ravel(), value))
        self.sums = sums[1:]
        self.equalities = np.array([left for left, _ in facts]) if facts else None
        self.values = np.array([right for _, right in facts]) if facts else None

    def range_of(self, number: int) -> tuple[float, float]:
        """The least and the most that the figure `number` (totals included, row by row) can be."""
        bounds = []
        for sign in (1, -1):
            found = linprog(sign * self.sums[number], A_eq=self.equalities, b_eq=self.values, bounds=(0, 1_000))
            assert found.status in {0, 3}, found.message
            bounds.append(sign * found.fun if found.status == 0 else np.inf)
        return bounds[0], bounds[1]


@settings(max_examples=150, deadline=None)
@given(TABLES)
def test_no_small_figure_is_published_and_none_can_be_calculated(counts):
    published = suppress(counts)
    truth = [value for row in with_totals(counts) for value in row]
    shown = [value for row in published for value in row]
    reader = Reader(published)
    for number, (value, figure) in enumerate(zip(truth, shown, strict=True)):
        if figure is not None:
            assert figure == value >= THRESHOLD
            continue
        least, most = reader.range_of(number)
        assert most - least > 0.5, "a hidden figure can be calculated"
        if value < THRESHOLD:
            assert most >= THRESHOLD - 1e-6, "a small figure is recognised as small"


@given(st.lists(CELLS, min_size=1, max_size=8))
def test_small_parts_of_a_published_sum_hide_among_others(parts):
    published = suppress_parts(parts)
    hidden = [part for part, figure in zip(parts, published, strict=True) if figure is None]
    assert all(figure == part >= THRESHOLD for part, figure in zip(parts, published, strict=True) if figure is not None)
    assert not hidden or sum(parts) < THRESHOLD or (sum(hidden) >= THRESHOLD and len(hidden) > 1)


def test_a_table_without_small_figures_is_published_whole():
    assert suppress([[5, 6], [7, 8]]) == [[5, 6, 11], [7, 8, 15], [12, 14, 26]]


def test_one_small_figure_takes_three_others_with_it_and_leaves_the_totals():
    published = suppress([[3, 20, 9], [10, 12, 30], [50, 60, 70]])
    assert published == [[None, None, 9, 32], [None, None, 30, 52], [50, 60, 70, 180], [63, 92, 109, 264]]


def test_a_table_of_hardly_anybody_is_not_published_at_all():
    assert suppress([[1, 0], [2, 1]]) == [[None] * 3] * 3
