"""A run in pieces, for several processors or machines, with the same result to the last digit.

Pairs are found and scored for blocks of newcomers, each of which needs nothing of the others. The assignment is
solved region by region: municipalities hang together if some guide serves both, and what belongs to different regions
never competes for a place, so nothing is lost. The regions are the same however many processors there are, and so is
the result. Where neighbours chain all municipalities together there is one region, and only the first part is split.

The pieces go through joblib, so its configuration says where they run; see :mod:`matching.workers`.
"""

from collections.abc import Iterable, Sequence
from functools import partial

import numpy as np
import numpy.typing as npt
import scipy.sparse
from joblib import Parallel, delayed, effective_n_jobs
from joblib.parallel import get_active_backend
from scipy.sparse.csgraph import connected_components

from matching.assignment import Mask, Problem
from matching.constraints import Pairs, feasible_pairs
from matching.prices import Optimum, optimum
from matching.profiles import Guides, Newcomers
from matching.scorer import Scorecard, score_pairs
from matching.workers import at_once, forking

Scored = tuple[Pairs, npt.NDArray[np.int32]]
#: Scorecards, and the number of the one that each newcomer is scored by, shape (newcomers,).
Cards = tuple[Sequence[Scorecard], npt.NDArray[np.intp]]


def scored_pairs(
    cards: Cards,
    newcomers: Newcomers,
    guides: Guides,
    excluded: Iterable[tuple[str, str]],
    n_jobs: int | None = None,
) -> Scored:
    """Find and score all feasible pairs, a block of newcomers for each job.

    Threads only score: finding pairs is thousands of short array operations, and threads that hand each other the
    interpreter before every one of them take twice as long as one alone.
    """
    jobs = min(effective_n_jobs(n_jobs), max(1, len(newcomers)))
    if jobs == 1:
        return _block(cards, newcomers, guides, excluded)
    guides.prepare()
    blocks = np.array_split(np.arange(len(newcomers)), jobs)
    parts = [((cards[0], cards[1][block]), newcomers.take(block), guides) for block in blocks]
    if forking():
        return _joined(at_once(*(partial(_block, *part, excluded) for part in parts)))
    if getattr(get_active_backend()[0], "supports_sharedmem", False):
        pairs = feasible_pairs(newcomers, guides, excluded=excluded)
        theirs = [pairs.of(block[0], block[-1] + 1) for block in blocks]
        scores = Parallel(n_jobs=n_jobs)(
            delayed(_scores)(*part, some) for part, some in zip(parts, theirs, strict=True)
        )
        return pairs, np.concatenate(scores)
    return _joined(Parallel(n_jobs=n_jobs)(delayed(_block)(*part, excluded) for part in parts))


def _joined(found: list[Scored]) -> Scored:
    counts = np.concatenate([np.diff(pairs.starts) for pairs, _ in found])
    pairs = Pairs(
        np.concatenate([[0], np.cumsum(counts)]),
        np.concatenate([pairs.guides for pairs, _ in found]),
        np.concatenate([pairs.distance_km for pairs, _ in found]),
    )
    return pairs, np.concatenate([scores for _, scores in found])


def _block(cards: Cards, newcomers: Newcomers, guides: Guides, excluded: Iterable[tuple[str, str]]) -> Scored:
    pairs = feasible_pairs(newcomers, guides, excluded=excluded)
    return pairs, _scores(cards, newcomers, guides, pairs)


def _scores(cards: Cards, newcomers: Newcomers, guides: Guides, pairs: Pairs) -> npt.NDArray[np.int32]:
    scorecards, number = cards
    if len(scorecards) == 1:
        return score_pairs(scorecards[0], newcomers, guides, pairs)
    scores = np.zeros(len(pairs), dtype=np.int32)
    of_pair = number[pairs.newcomers()]
    for at, scorecard in enumerate(scorecards):
        mine = of_pair == at
        scores[mine] = score_pairs(scorecard, newcomers, guides, pairs.keep(mine))
    return scores


def regions(newcomers: Newcomers, guides: Guides) -> npt.NDArray[np.int32]:
    """The region of each newcomer, shape (newcomers,)."""
    number = {code: position for position, code in enumerate(dict.fromkeys((*newcomers.municipality, *guides.serving)))}
    edges = [
        (number[home], number[neighbour])
        for home, neighbours in set(zip(guides.municipality, guides.neighbours, strict=True))
        for neighbour in neighbours
    ]
    ends = np.array(edges, dtype=np.int64).reshape(-1, 2).T
    graph = scipy.sparse.coo_array((np.ones(len(edges)), (ends[0], ends[1])), shape=(len(number), len(number)))
    _, region = connected_components(graph, directed=False)
    return np.asarray(region[[number[code] for code in newcomers.municipality]], dtype=np.int32)


def best_choice(problem: Problem, region: npt.NDArray[np.int32], n_jobs: int | None = None) -> Mask:
    """Choose pairs of the greatest total gain, each region by itself: which ones, shape (pairs,)."""
    if region.max(initial=0) == region.min(initial=0):
        return optimum(problem).chosen
    of_pair = region[problem.newcomers]
    order = np.argsort(of_pair, kind="stable")
    pieces = np.split(order, np.flatnonzero(np.diff(of_pair[order])) + 1)
    found: list[Optimum] = Parallel(n_jobs=n_jobs)(delayed(optimum)(problem.part(piece)) for piece in pieces)
    chosen = np.zeros(len(order), dtype=bool)
    for piece, (choice, _) in zip(pieces, found, strict=True):
        chosen[piece] = choice
    return chosen
