"""Scores and capacities in, the best assignment out: exact and the same on every run.

The assignment is a flow of least cost: one unit leaves each newcomer for a guide, at the negative gain as cost, or
stays behind at no cost; each guide passes on at most the places that are free. OR-Tools' cost-scaling solver finds
the optimum in whole numbers, so no rounding happens inside it and the result depends on nothing but the input.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt
import scipy.sparse
from ortools.graph.python import min_cost_flow
from scipy.sparse.csgraph import reverse_cuthill_mckee

#: The solver multiplies costs by the number of nodes, plus some it adds; with this limit there is room for them.
_LARGEST = 1 << 60
#: Decimal places kept exactly if every score has no more of them.
_DECIMALS = 6

Integers = npt.NDArray[np.integer]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, eq=False)
class Problem:
    """An assignment problem in whole numbers.

    Attributes:
        starts: Where each newcomer's pairs begin, with the end of the last, shape (newcomers + 1,).
        guides: The guides of the pairs, rising within each newcomer, shape (pairs,).
        gains: What each pair adds, above 0, shape (pairs,).
        capacity: How many newcomers each guide takes, shape (guides,).
        places: How many guides each newcomer takes, shape (newcomers,).
    """

    starts: Integers
    guides: npt.NDArray[np.int32]
    gains: Integers
    capacity: Integers
    places: Integers

    @cached_property
    def newcomers(self) -> npt.NDArray[np.int32]:
        """The newcomers of the pairs, shape (pairs,)."""
        return np.repeat(np.arange(len(self.places), dtype=np.int32), np.diff(self.starts))

    def part(self, pairs: Integers) -> "Problem":
        """The problem of some pairs, by rising position; newcomers and guides without any drop out."""
        newcomers, counts = np.unique(self.newcomers[pairs], return_counts=True)
        guides, across = np.unique(self.guides[pairs], return_inverse=True)
        starts = np.concatenate([[0], np.cumsum(counts)])
        columns = across.astype(np.int32), self.gains[pairs]
        return Problem(starts, *columns, self.capacity[guides], self.places[newcomers])


def solve(problem: Problem, prices: npt.NDArray[np.int64] | None = None) -> Mask:
    """Choose pairs of the greatest total gain: which ones, shape (pairs,).

    Args:
        problem: Who may be paired, and what it adds.
        prices: What a place of each guide is likely to be worth, shape (guides,). Any numbers serve; good ones save the
            solver a fifth of its time. Costs are told to it as what they are at these prices (Johnson's potentials):
            each newcomer pays what the best pair is worth, and what is paid in all does not hang on the choice.

    Raises:
        OverflowError: The gains are too large for exact arithmetic.
    """
    if not len(problem.guides):
        return np.zeros(0, dtype=bool)
    newcomers, sink = len(problem.places), len(problem.places) + len(problem.capacity)
    costs, staying, passing = _costs(problem, prices)
    if max(int(each.max(initial=0)) for each in (problem.gains, costs, staying)) * (sink + 1) >= _LARGEST:
        raise OverflowError("gains are too large for exact arithmetic")
    flow, node = min_cost_flow.SimpleMinCostFlow(), line(problem)
    tails, heads = node[problem.newcomers], node[newcomers:][problem.guides]
    arcs = flow.add_arcs_with_capacity_and_unit_cost(tails, heads, np.ones(len(heads), dtype=np.int64), costs)
    limits = np.concatenate([problem.places, problem.capacity]).astype(np.int64)
    flow.add_arcs_with_capacity_and_unit_cost(
        node, np.full(sink, sink, dtype=np.int32), limits, np.append(staying, passing)
    )
    limits[newcomers:] = 0
    flow.set_nodes_supplies(np.append(node, np.int32(sink)), np.append(limits, -limits.sum()))
    status = flow.solve()
    if status != flow.OPTIMAL:
        raise ArithmeticError(f"the solver stopped with {status}")
    return np.asarray(flow.flows(arcs)) > 0


def _costs(problem: Problem, prices: npt.NDArray[np.int64] | None) -> tuple[Integers, Integers, Integers]:
    """What it costs to take a pair, to stay behind, to use a place: shapes (pairs,), (newcomers,), (guides,)."""
    gains = problem.gains.astype(np.int64)
    if prices is None:
        return -gains, np.zeros(len(problem.places), dtype=np.int64), np.zeros(len(problem.capacity), dtype=np.int64)
    worth, staying = gains - prices[problem.guides], np.zeros(len(problem.places), dtype=np.int64)
    np.maximum.at(staying, problem.newcomers, worth)
    return staying[problem.newcomers] - worth, staying, -prices


def line(problem: Problem) -> npt.NDArray[np.int32]:
    """Put newcomers, then guides, in a line in which those who may be paired stand near each other.

    The solver goes from neighbour to neighbour: with their numbers near each other it takes a third less time. It is
    also where a problem is cut best.

    Returns:
        The place of each newcomer and guide in the line, shape (newcomers + guides,): Cuthill and McKee's order of the
        graph of pairs, reversed.
    """
    size, newcomers = len(problem.places) + len(problem.capacity), len(problem.places)
    ends = np.concatenate([problem.newcomers, problem.guides + np.int32(newcomers)])
    others = np.concatenate([ends[len(problem.guides) :], ends[: len(problem.guides)]])
    graph = scipy.sparse.csr_array((np.ones(len(ends), dtype=np.int8), (ends, others)), shape=(size, size))
    place = np.empty(size, dtype=np.int32)
    place[reverse_cuthill_mckee(graph, symmetric_mode=True)] = np.arange(size, dtype=np.int32)
    return place


def problem_of(scores: scipy.sparse.sparray | scipy.sparse.spmatrix, capacity: npt.ArrayLike) -> Problem:
    """Check scores and capacities and turn them into whole numbers.

    Raises:
        ValueError: A score is negative or not finite, or the capacities do not fit.
        OverflowError: The scores are too large for exact arithmetic.
    """
    matrix = scipy.sparse.csr_array(scores, dtype=float, copy=True)
    matrix.sum_duplicates()
    matrix.eliminate_zeros()
    places = np.asarray(capacity)
    if places.shape != (matrix.shape[1],):
        raise ValueError(f"capacity has shape {places.shape}, expected ({matrix.shape[1]},)")
    if places.size and (not np.issubdtype(places.dtype, np.integer) or places.min() < 0):
        raise ValueError("capacity must be whole numbers from 0")
    if not (np.isfinite(matrix.data) & (matrix.data > 0)).all():
        raise ValueError("scores must be finite and above 0")
    gains = _whole(matrix.data, sum(matrix.shape) + 1)
    ones = np.ones(matrix.shape[0], dtype=np.int64)
    return Problem(matrix.indptr.astype(np.int64), matrix.indices.astype(np.int32), gains, places, ones)


def _whole(scores: npt.NDArray[np.float64], nodes: int) -> Integers:
    """Scale scores to whole numbers, without any rounding where that is possible."""
    greatest = float(scores.max(initial=1.0))
    if greatest * nodes >= _LARGEST:
        raise OverflowError("scores are too large for exact arithmetic")
    for scale in (1, 10**_DECIMALS):
        whole = np.rint(scores * scale)
        if greatest * scale * nodes < _LARGEST and np.array_equal(whole / scale, scores):
            return whole.astype(np.int64)
    power = int(np.floor(np.log2(_LARGEST / nodes / greatest))) - 1
    # A score below half a step is still better than nothing.
    return np.maximum(np.rint(np.ldexp(scores, power)), 1).astype(np.int64)
