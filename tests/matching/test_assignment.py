"""The assignment: exact, deterministic, within capacities."""

from pathlib import Path

import numpy as np
import pytest
import scipy.sparse
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linear_sum_assignment

from matching import assign
from tests.matching.people import read

DATA = Path(__file__).with_name("data")
Dense = np.ndarray[tuple[int, int], np.dtype[np.float64]]


def second_solver(scores: Dense, capacity: list[int]) -> float:
    """The greatest total by SciPy: each place a column, and a column of zeros for staying without a guide."""
    places = np.repeat(scores, capacity, axis=1)
    padded = np.hstack([places, np.zeros((len(scores), len(scores)))])
    rows, columns = linear_sum_assignment(padded, maximize=True)
    return float(padded[rows, columns].sum())


def total(scores: Dense, chosen: np.ndarray[tuple[int], np.dtype[np.int64]]) -> float:
    return float(scores[np.flatnonzero(chosen >= 0), chosen[chosen >= 0]].sum())


@st.composite
def problems(draw: st.DrawFn) -> tuple[Dense, list[int]]:
    rows, columns = draw(st.integers(0, 9)), draw(st.integers(1, 7))
    values = st.one_of(
        st.just(0.0),
        st.integers(1, 5).map(float),
        st.integers(1, 999_999).map(lambda parts: parts / 1_000_000),
        st.floats(1e-3, 1),
    )
    cells = draw(st.lists(values, min_size=rows * columns, max_size=rows * columns))
    capacity = draw(st.lists(st.integers(0, 3), min_size=columns, max_size=columns))
    return np.array(cells, dtype=float).reshape(rows, columns), capacity


@given(problems())
@settings(deadline=None, max_examples=200)
def test_the_total_is_the_greatest_and_no_capacity_is_exceeded(problem: tuple[Dense, list[int]]) -> None:
    scores, capacity = problem
    chosen = assign(scipy.sparse.csr_array(scores), capacity)
    assert chosen.shape == (len(scores),)
    assert (np.bincount(chosen[chosen >= 0], minlength=len(capacity)) <= capacity).all()
    assert (scores[np.flatnonzero(chosen >= 0), chosen[chosen >= 0]] > 0).all()
    assert total(scores, chosen) == pytest.approx(second_solver(scores, capacity), abs=1e-9)
    assert (assign(scipy.sparse.csr_array(scores), capacity) == chosen).all()


def test_scores_that_need_all_digits_fit_the_solver_however_few_people_there_are() -> None:
    assert assign(scipy.sparse.csr_array([[0.0], [0.9921875 + 2**-40]]), [0]).tolist() == [-1, -1]


@pytest.mark.parametrize(("instance", "optimum"), [tuple(row.values()) for row in read(DATA / "optima.csv")])
def test_the_published_optima_of_the_or_library_are_reached(instance: str, optimum: str) -> None:
    numbers = np.array((DATA / f"{instance}.txt").read_text(encoding="ascii").split(), dtype=float)
    size = int(numbers[0])
    costs = numbers[1:].reshape(size, size)
    # Costs become scores above the greatest possible loss, so that nobody is left without a partner.
    chosen = assign(scipy.sparse.csr_array(1000 - costs), np.ones(size, dtype=int))
    assert sorted(chosen.tolist()) == list(range(size))
    assert costs[np.arange(size), chosen].sum() == int(optimum)


def test_a_difference_in_the_sixth_decimal_place_decides() -> None:
    scores = scipy.sparse.csr_array(np.array([[0.333333, 0.333332], [0.333333, 0.333333]]))
    assert assign(scores, [1, 1]).tolist() == [0, 1]


def test_a_matrix_with_unsorted_and_zero_entries_is_read_as_it_is_meant_and_left_as_it_was() -> None:
    matrix = scipy.sparse.csr_array((np.array([2.0, 3.0, 0.0]), np.array([1, 0, 1]), np.array([0, 2, 3])), shape=(2, 2))
    assert assign(matrix, [1, 1]).tolist() == [0, -1]
    assert matrix.indices.tolist() == [1, 0, 1]


def test_nobody_and_no_guide_give_an_empty_answer() -> None:
    assert assign(scipy.sparse.csr_array((0, 3)), [1, 1, 1]).tolist() == []
    assert assign(scipy.sparse.csr_array((2, 0)), np.array([], dtype=int)).tolist() == [-1, -1]
    assert assign(scipy.sparse.csr_array((2, 2)), [1, 1]).tolist() == [-1, -1]


@pytest.mark.parametrize(
    ("cell", "capacity", "words"),
    [
        (-1.0, [1], "above 0"),
        (np.nan, [1], "finite"),
        (np.inf, [1], "finite"),
        (1.0, [1, 2], "shape"),
        (1.0, [-1], "whole numbers"),
        (1.0, [1.5], "whole numbers"),
    ],
)
def test_what_makes_no_sense_is_refused(cell: float, capacity: list[float], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        assign(scipy.sparse.csr_array(np.array([[cell]])), capacity)


def test_scores_beyond_exact_arithmetic_are_refused() -> None:
    with pytest.raises(OverflowError):
        assign(scipy.sparse.csr_array(np.array([[1e19]])), [1])
