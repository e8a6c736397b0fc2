"""Prices: the same optimum from few pairs, and the proof of it."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.assignment import Problem, solve
from matching.prices import least_prices, optimum, values


@st.composite
def problems(draw: st.DrawFn) -> Problem:
    newcomers, guides = draw(st.integers(1, 12)), draw(st.integers(1, 8))
    rows = [sorted(draw(st.sets(st.integers(0, guides - 1)))) for _ in range(newcomers)]
    pairs = sum(map(len, rows))
    return Problem(
        np.concatenate([[0], np.cumsum([len(row) for row in rows])]),
        np.array([guide for row in rows for guide in row], dtype=np.int32),
        np.array(draw(st.lists(st.integers(1, 1000), min_size=pairs, max_size=pairs)), dtype=np.int32),
        np.array(draw(st.lists(st.integers(0, 3), min_size=guides, max_size=guides))),
        np.array(draw(st.lists(st.integers(1, 2), min_size=newcomers, max_size=newcomers))),
    )


def large(seed: int) -> Problem:
    """Everybody wants the same few guides: the case in which pruning by gain alone goes wrong."""
    rng = np.random.default_rng(seed)
    wanted = rng.random((300, 120)) < 0.3
    gains = rng.integers(1, 500, (300, 120)) + 500 * (rng.random(120) < 0.1)
    return Problem(
        np.concatenate([[0], np.cumsum(wanted.sum(axis=1))]),
        np.nonzero(wanted)[1].astype(np.int32),
        gains[wanted].astype(np.int32),
        rng.integers(0, 4, 120),
        rng.integers(1, 3, 300),
    )


def assert_proven(problem: Problem, chosen: np.ndarray[tuple[int], np.dtype[np.bool_]]) -> None:
    """Complementary slackness: what makes prices a proof."""
    prices = least_prices(problem, chosen)
    taken = np.bincount(problem.guides[chosen], minlength=len(prices))
    worth = problem.gains - prices[problem.guides]
    needed = values(problem, chosen, prices)
    assert (taken <= problem.capacity).all()
    assert (np.bincount(problem.newcomers[chosen], minlength=len(problem.places)) <= problem.places).all()
    assert (prices >= 0).all()
    assert (prices[taken < problem.capacity] == 0).all()
    assert (worth[chosen] >= np.maximum(needed, 0)[problem.newcomers[chosen]]).all()
    assert (worth[~chosen] <= needed[problem.newcomers[~chosen]]).all()


@given(problems())
@settings(deadline=None, max_examples=200)
def test_few_pairs_and_prices_reach_the_same_total_as_all_pairs_at_once(problem: Problem) -> None:
    at_once, by_prices = solve(problem), optimum(problem, many_pairs=1).chosen
    assert problem.gains[by_prices].sum() == problem.gains[at_once].sum()
    assert_proven(problem, by_prices)


def test_the_optimum_holds_where_everybody_wants_the_same_guides() -> None:
    rounds = []
    for seed in range(6):
        problem = large(seed)
        by_prices = optimum(problem, many_pairs=1)
        assert problem.gains[by_prices.chosen].sum() == problem.gains[solve(problem)].sum()
        assert_proven(problem, by_prices.chosen)
        assert (optimum(problem, many_pairs=1).chosen == by_prices.chosen).all()
        rounds.append(by_prices.rounds)
    assert max(rounds) > 1


def test_prices_of_a_choice_that_is_not_optimal_are_refused() -> None:
    problem = Problem(np.array([0, 2, 4]), np.array([0, 1] * 2), np.array([9, 1, 1, 9]), np.ones(2), np.ones(2))
    with pytest.raises(ArithmeticError, match="not optimal"):
        least_prices(problem, np.array([False, True, True, False]))
