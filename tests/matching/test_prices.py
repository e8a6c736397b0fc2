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
    at_once = solve(problem)
    for few in (0, 1):
        by_prices = optimum(problem, many_pairs=1, few=few).chosen
        assert problem.gains[by_prices].sum() == problem.gains[at_once].sum()
        assert_proven(problem, by_prices)


def test_the_optimum_holds_where_everybody_wants_the_same_guides() -> None:
    rounds = []
    for seed in range(6):
        problem = large(seed)
        by_prices = optimum(problem, many_pairs=1, few=seed % 2)
        assert problem.gains[by_prices.chosen].sum() == problem.gains[solve(problem)].sum()
        assert_proven(problem, by_prices.chosen)
        assert (optimum(problem, many_pairs=1, few=seed % 2).chosen == by_prices.chosen).all()
        rounds.append(by_prices.rounds)
    assert max(rounds) > 1


@pytest.mark.parametrize(
    ("capacity", "rows", "gains", "chosen"),
    [
        ([1, 1], [2, 2], [9, 1, 1, 9], [False, True, True, False]),  # the two should change places
        ([2, 1], [2, 2], [9, 1, 9, 1], [False, True, True, False]),  # a place is left with the better guide
        ([1, 1], [1, 1], [9, 1], [False, False]),
        ([1], [1, 1], [1, 9], [True, False]),  # the first should stay behind
    ],
)
def test_prices_of_a_choice_that_is_not_optimal_are_refused(
    capacity: list[int], rows: list[int], gains: list[int], chosen: list[bool]
) -> None:
    guides = np.arange(len(gains)) % len(capacity)
    starts = np.concatenate([[0], np.cumsum(rows)])
    problem = Problem(starts, guides.astype(np.int32), np.array(gains), np.array(capacity), np.ones(len(rows)))
    with pytest.raises(ArithmeticError, match="not optimal"):
        least_prices(problem, np.array(chosen))


@given(problems(), st.data())
@settings(deadline=None)
def test_prices_prove_optimal_choices_and_no_others(problem: Problem, data: st.DataObject) -> None:
    """Choices near the optimum: some pairs of it are left out, and others taken instead where places allow."""
    best = solve(problem)
    chosen = best & ~np.array(data.draw(st.lists(st.booleans(), min_size=len(best), max_size=len(best))), dtype=bool)
    for pair in data.draw(st.permutations(range(len(best)))):
        held = problem.newcomers[chosen] == problem.newcomers[pair], problem.guides[chosen] == problem.guides[pair]
        room = held[0].sum() < problem.places[problem.newcomers[pair]] and (
            held[1].sum() < problem.capacity[problem.guides[pair]]
        )
        chosen[pair] |= room and data.draw(st.booleans())
    try:
        least_prices(problem, chosen)
    except ArithmeticError:
        assert problem.gains[chosen].sum() < problem.gains[best].sum()
    else:
        assert problem.gains[chosen].sum() == problem.gains[best].sum()


@given(problems(), st.data())
@settings(deadline=None)
def test_likely_prices_change_nothing_of_the_total(problem: Problem, data: st.DataObject) -> None:
    guides = len(problem.capacity)
    prices = data.draw(st.lists(st.integers(-2000, 2000), min_size=guides, max_size=guides))
    chosen = solve(problem, np.array(prices, dtype=np.int64))
    assert problem.gains[chosen].sum() == problem.gains[solve(problem)].sum()
