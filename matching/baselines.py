"""What simpler ways of assigning would have done with the same pairs: for comparison only."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt

from matching.assignment import Integers, Mask, Problem

#: Pairs looked at together; those whose places were taken by then are passed over at once.
_CHUNK = 20_000


def in_turn(problem: Problem, order: npt.NDArray[np.int64]) -> Mask:
    """Take pairs in an order wherever both sides have a place left: which are taken, shape (pairs,)."""
    chosen = np.zeros(len(problem.guides), dtype=bool)
    places, capacity = problem.places.copy(), problem.capacity.copy()
    for begin in range(0, len(order), _CHUNK):
        pairs = order[begin : begin + _CHUNK]
        pairs = pairs[(places[problem.newcomers[pairs]] > 0) & (capacity[problem.guides[pairs]] > 0)]
        for pair in pairs.tolist():
            newcomer, guide = problem.newcomers[pair], problem.guides[pair]
            if places[newcomer] and capacity[guide]:
                places[newcomer] -= 1
                capacity[guide] -= 1
                chosen[pair] = True
    return chosen


def greedy(problem: Problem, waiting_days: npt.NDArray[np.float64]) -> Mask:
    """The best pair of all first, then the best of what is left."""
    return in_turn(problem, np.argsort(-problem.gains, kind="stable"))


def first_come(problem: Problem, waiting_days: npt.NDArray[np.float64]) -> Mask:
    """Whoever has waited longest takes the best guide left."""
    return in_turn(problem, np.lexsort((-problem.gains, problem.newcomers, -waiting_days[problem.newcomers])))


def at_random(problem: Problem, waiting_days: npt.NDArray[np.float64]) -> Mask:
    """Everybody in turn takes any guide left; the same on every run."""
    rng = np.random.default_rng(len(waiting_days))
    turn: Integers = rng.permutation(len(waiting_days))
    return in_turn(problem, np.lexsort((rng.random(len(problem.guides)), turn[problem.newcomers])))


BASELINES: dict[str, Callable[[Problem, npt.NDArray[np.float64]], Mask]] = {
    "first_come": first_come,
    "greedy": greedy,
    "random": at_random,
}
