"""The exact optimum of large problems from a small part of their pairs, certified by prices.

Every guide gets a price: what one more place there would be worth. A newcomer then values a pair at its gain minus
the price. By the duality of linear programs an assignment is optimal if prices exist such that guides with places
left cost nothing and everybody has the pairs that are worth most to them, none of them below 0. So it is enough to
solve a problem with few pairs, take its prices, look among *all* pairs for one that is worth more than what its
newcomer has, add those, and repeat: when there is none, the prices prove that the assignment is optimal for all
pairs. All numbers are whole, so the proof is exact.

The few pairs are chosen by price too: the best by gain alone crowd around the same guides and lose a tenth of the
total. After the first round only what hangs together with new pairs is solved again; where these are few, only their
neighbourhood, and what hangs together with them is solved only if no prices prove that this was enough.
"""

from dataclasses import replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import scipy.sparse
from scipy.sparse.csgraph import connected_components

from matching.assignment import Integers, Mask, Problem, problem_of, solve

#: From this many pairs on, prices pay; below, the solver takes all pairs at once.
MANY_PAIRS = 1_500_000
#: Gains below this leave room in 32 bits for what is added to them and taken from them, at half the memory.
_SMALL = 1 << 29
#: Rounds of raising prices before the first solution; more of them save less than they cost.
_OPENING_ROUNDS = 10
#: Pairs a newcomer that the first solution works with.
_FIRST_PAIRS = 5
#: The first solution looks only at pairs up to this share of the spread of gains below their newcomer's best.
_OPENING_SHARE = 0.8
#: How far an opening price goes beyond the offer it turns away, as a share of the spread of gains.
_STEP = 0.006
#: Later rounds keep the pairs within this share of the spread of gains of being worth choosing.
_KEPT_SHARE = 0.12
#: New pairs are few if they concern at most this share of the newcomers.
FEW = 0.001
#: How many steps from a newcomer to guides and on to their newcomers a neighbourhood reaches.
_STEPS = 2
#: How often prices may rise until a neighbourhood is held to have been too small.
_PATIENCE = 200


class Optimum(NamedTuple):
    """An optimal choice of pairs.

    Attributes:
        chosen: Which pairs, shape (pairs,).
        rounds: How often pairs were added until the prices proved the optimum; 0 if all pairs were taken at once.
    """

    chosen: Mask
    rounds: int


def assign(scores: scipy.sparse.sparray | scipy.sparse.spmatrix, capacity: npt.ArrayLike) -> npt.NDArray[np.int64]:
    """Give each newcomer at most one guide so that the total score is greatest.

    Args:
        scores: Shape (newcomers, guides), above 0 where a pair is feasible.
        capacity: How many newcomers each guide takes, shape (guides,), whole numbers from 0.

    Returns:
        The guide of each newcomer or -1, shape (newcomers,). Equally good assignments are decided in the same way
        on every run and machine, by the order of rows and columns alone.

    Notes:
        The optimum is exact if the scores are whole numbers, or have at most six decimal places, or are multiples of
        a power of two that leaves room (2^-40 for a hundred thousand people and scores up to 1): then the solver
        works on the very same numbers. Other scores are rounded to the finest such power, 2^-k; the total then
        differs from the optimum by less than newcomers × 2^-k.

    Raises:
        ValueError: A score is negative or not finite, or the capacities do not fit.
        OverflowError: The scores are too large for exact arithmetic.
    """
    problem = problem_of(scores, capacity)
    chosen = optimum(problem).chosen
    result = np.full(len(problem.places), -1, dtype=np.int64)
    result[problem.newcomers[chosen]] = problem.guides[chosen]
    return result


def optimum(problem: Problem, many_pairs: int = MANY_PAIRS, few: float = FEW) -> Optimum:
    """Choose pairs of the greatest total gain, by prices if there are at least ``many_pairs``.

    Args:
        problem: Who may be paired, and what it adds.
        many_pairs: Below so many the solver takes all pairs at once.
        few: New pairs of at most this share of the newcomers are first tried in their neighbourhood alone.
    """
    if len(problem.guides) < max(many_pairs, 1):
        return Optimum(solve(problem), 0)
    if int(problem.gains.max()) < _SMALL:
        problem = replace(problem, gains=problem.gains.astype(np.int32))
    (kept, opening), counts = _first_pairs(problem), np.diff(problem.starts)
    chosen, prices = np.zeros(len(problem.guides), dtype=bool), np.zeros(len(problem.capacity), dtype=np.int64)
    prices[problem.guides[kept]] = opening[problem.guides[kept]]
    touched = near = kept
    nearly = int(_spread(problem) * _KEPT_SHARE) + 1
    for rounds in range(1, len(problem.guides) + 2):
        if not (len(near) < len(touched) and _solve_near(problem, near, touched, chosen, prices)):
            _solve_again(problem, touched, chosen, prices)
        worth = _worth(problem.gains, problem.guides, prices)
        worth -= np.repeat(values(problem, chosen, prices).astype(worth.dtype), counts)
        missing = (worth > 0) & ~chosen
        if not missing.any():
            return Optimum(chosen, rounds)
        kept = np.flatnonzero((worth > -nearly) | chosen)
        touched = kept[_connected(problem, kept, missing)]
        concerned = np.unique(problem.newcomers[missing])
        near = _near(problem, touched, concerned) if len(concerned) <= few * len(counts) else touched
    raise ArithmeticError("prices did not settle")


def _worth(gains: Integers, guides: Integers, prices: Integers) -> Integers:
    """What each pair is worth at some prices: shape (pairs,)."""
    return gains - prices.astype(gains.dtype)[guides]


def values(problem: Problem, chosen: Mask, prices: Integers) -> npt.NDArray[np.int64]:
    """What one more pair has to be worth for each newcomer to want it: shape (newcomers,).

    That is the least worth among the chosen pairs, or nothing while places are left.
    """
    pairs = np.flatnonzero(chosen)
    newcomers, worth = problem.newcomers[pairs], problem.gains[pairs] - prices[problem.guides[pairs]]
    least = np.full(len(problem.places), np.iinfo(np.int64).max)
    np.minimum.at(least, newcomers, worth)
    full = np.bincount(newcomers, minlength=len(problem.places)) >= problem.places
    return np.where(full, least, 0)


def least_prices(problem: Problem, chosen: Mask, patience: int | None = None) -> npt.NDArray[np.int64]:
    """The lowest prices that prove an optimal choice: shape (guides,).

    A guide's price is what others who would rather have that guide could offer. Raising prices changes what those
    with that guide would offer elsewhere, so prices are raised until none rises any more.

    Raises:
        ArithmeticError: The choice is not optimal, or prices still rise after ``patience`` times.
    """
    prices = np.zeros(len(problem.capacity), dtype=np.int64)
    value = values(problem, chosen, prices)
    offering = np.flatnonzero(~chosen)
    for _ in range(len(prices) + 2 if patience is None else patience):
        before = prices.copy()
        np.maximum.at(prices, problem.guides[offering], problem.gains[offering] - value[problem.newcomers[offering]])
        if (prices == before).all():
            break
        lost, value = value, values(problem, chosen, prices)
        offering = _pairs_of(problem, np.flatnonzero(value < lost))
        offering = offering[~chosen[offering]]
    else:
        raise ArithmeticError("the choice is not optimal: prices rise for ever")
    taken = np.bincount(problem.guides[chosen], minlength=len(prices))
    if (prices[taken < problem.capacity] > 0).any():
        raise ArithmeticError("the choice is not optimal: somebody would rather have a place that is left")
    if (_worth(problem.gains, problem.guides, prices)[chosen] < 0).any():
        raise ArithmeticError("the choice is not optimal: somebody had better stay behind")
    return prices


def _pairs_of(problem: Problem, newcomers: npt.NDArray[np.intp]) -> npt.NDArray[np.int64]:
    """Where the pairs of some newcomers stand."""
    begin, end = problem.starts[newcomers], problem.starts[newcomers + 1]
    before = np.cumsum(end - begin)
    return np.arange(before[-1] if len(before) else 0) + np.repeat(end - before, end - begin)


def _solve_again(problem: Problem, pairs: Integers, chosen: Mask, prices: npt.NDArray[np.int64]) -> None:
    """Solve the problem of some pairs, and put what it says of them into ``chosen`` and ``prices``."""
    part, guides = problem.part(pairs), np.unique(problem.guides[pairs])
    chosen[pairs] = solve(part, prices[guides])
    prices[guides] = least_prices(part, chosen[pairs])


def _solve_near(problem: Problem, near: Integers, pairs: Integers, chosen: Mask, prices: npt.NDArray[np.int64]) -> bool:
    """Solve the problem of the pairs ``near``, the rest of ``pairs`` staying as it is; whether prices prove it optimal.

    Nothing is changed if they do not.
    """
    tried = chosen.copy()
    tried[near] = False
    left = problem.places - np.bincount(problem.newcomers[tried], minlength=len(problem.places))
    tried[near] = solve(replace(problem, places=left).part(near), prices[np.unique(problem.guides[near])])
    try:
        prices[np.unique(problem.guides[pairs])] = least_prices(problem.part(pairs), tried[pairs], _PATIENCE)
    except ArithmeticError:
        return False
    chosen[:] = tried
    return True


def _near(problem: Problem, pairs: Integers, concerned: Integers) -> Integers:
    """Those of the pairs whose guide is few steps from some newcomers."""
    newcomers, guides = problem.newcomers[pairs], problem.guides[pairs]
    near = np.zeros(len(problem.places), dtype=bool)
    near[concerned] = True
    for _ in range(_STEPS):
        reached = np.zeros(len(problem.capacity), dtype=bool)
        reached[guides[near[newcomers]]] = True
        near[newcomers[reached[guides]]] = True
    return pairs[reached[guides]]


def _connected(problem: Problem, pairs: Integers, missing: Mask) -> Mask:
    """Which of the pairs hang together with a missing one: shape as ``pairs``."""
    newcomers, guides = problem.newcomers[pairs], problem.guides[pairs] + len(problem.places)
    nodes = len(problem.places) + len(problem.capacity)
    graph = scipy.sparse.coo_array((np.ones(len(pairs), dtype=np.int8), (newcomers, guides)), shape=(nodes, nodes))
    _, part = connected_components(graph, directed=False)
    touched = np.zeros(part.max() + 1, dtype=bool)
    touched[part[problem.newcomers[missing]]] = True
    return np.asarray(touched[part[newcomers]])


def _first_pairs(problem: Problem) -> tuple[Integers, npt.NDArray[np.int64]]:
    """The pairs worth most to their newcomers at opening prices, some for each newcomer on average; these prices."""
    some, counts = _rows_with_pairs(problem)
    best = np.maximum.reduceat(problem.gains, some)
    near = problem.gains >= np.repeat(best - problem.gains.dtype.type(_OPENING_SHARE * _spread(problem)), counts)
    pairs = np.flatnonzero(near)
    columns = problem.guides[pairs], problem.gains[pairs]
    near_best = Problem(np.searchsorted(pairs, problem.starts), *columns, problem.capacity, problem.places)
    prices = _opening_prices(near_best)
    worth = _worth(near_best.gains, near_best.guides, prices)
    some, counts = _rows_with_pairs(near_best)
    behind = np.repeat(np.maximum.reduceat(worth, some), counts) - worth
    wanted = min(_FIRST_PAIRS * len(some), len(behind)) - 1
    return pairs[behind <= np.partition(behind, wanted)[wanted]], prices


def _rows_with_pairs(problem: Problem) -> tuple[Integers, Integers]:
    """Where the pairs of those newcomers begin who have any, and how many they are."""
    counts = np.diff(problem.starts)
    return problem.starts[:-1][counts > 0], counts[counts > 0]


def _spread(problem: Problem) -> float:
    """How far a newcomer's best and worst pair lie apart, on average."""
    some, _ = _rows_with_pairs(problem)
    return float((np.maximum.reduceat(problem.gains, some) - np.minimum.reduceat(problem.gains, some)).mean())


def _opening_prices(problem: Problem) -> npt.NDArray[np.int64]:
    """Prices near the optimum's, by an auction of few rounds.

    In each round everybody asks for the pair worth most to them and would pay up to what the second best leaves.
    A guide asked by more than there are places takes the first price at which one of them would go.
    """
    prices = np.zeros(len(problem.capacity), dtype=np.int64)
    some, counts = _rows_with_pairs(problem)
    guides = problem.guides.astype(np.int64)  # as NumPy indexes: else every round would convert them
    step = int(_spread(problem) * _STEP) + 1
    for _ in range(_OPENING_ROUNDS):
        worth = _worth(problem.gains, guides, prices)
        best = np.maximum.reduceat(worth, some)
        at = np.flatnonzero(worth == np.repeat(best, counts))
        at = at[np.unique(problem.newcomers[at], return_index=True)[1]]
        worth[at] = 0
        second = np.maximum(np.maximum.reduceat(worth, some), 0)
        asked = guides[at][best > 0]
        offers = (best - second)[best > 0] + prices[asked]
        most = int(offers.max(initial=0)) + 1
        # By guide, the best offers first, as one number each; no offer is above its gain, so there is room.
        asked, below = np.divmod(np.sort(asked * most + (most - 1 - offers)), most)
        offers = most - 1 - below
        first, last = (np.searchsorted(asked, np.arange(len(prices)), side) for side in ("left", "right"))
        crowded = np.flatnonzero(last - first > problem.capacity)
        prices[crowded] = np.maximum(prices[crowded], offers[(first + problem.capacity)[crowded]] + step)
    return prices
