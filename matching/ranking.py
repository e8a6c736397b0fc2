"""The order in which each newcomer's pairs are listed."""

from itertools import pairwise

import numpy as np
import numpy.typing as npt
from joblib import Parallel, delayed

from matching.constraints import Pairs
from matching.scorer import PARTS

#: Pairs sorted at a time, which bounds the memory that takes.
_SORTED_TOGETHER = 1 << 19


def ranking(
    pairs: Pairs, scores: npt.NDArray[np.int32], chosen: npt.NDArray[np.bool_], top: int, n_jobs: int | None = 1
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """Order each newcomer's pairs: the chosen ones first, then by falling score, then by guide.

    Returns:
        The places of the pairs up to rank ``top``, and their ranks.
    """
    limits = np.searchsorted(pairs.starts, np.arange(0, len(pairs), _SORTED_TOGETHER))
    limits = np.unique(np.append(limits, len(pairs.starts) - 1))[1:]
    if len(limits) <= 1:  # as for each question in the running server
        return _ranking_of(pairs.starts, scores, chosen, top)
    # Threads of this machine, whoever works on the other pieces: there is more to send than to do.
    found = Parallel(n_jobs=n_jobs, require="sharedmem")(
        delayed(_ranking_of)(pairs.starts[begin : end + 1], scores, chosen, top)
        for begin, end in pairwise([0, *limits.tolist()])
    )
    return np.concatenate([order for order, _ in found]), np.concatenate([ranks for _, ranks in found])


def _ranking_of(
    starts: npt.NDArray[np.int64], scores: npt.NDArray[np.int32], chosen: npt.NDArray[np.bool_], top: int
) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """The same for the newcomers whose pairs begin at ``starts``, the end of the last included."""
    # One whole number a pair holds all that the order needs, which sorts far faster than several keys.
    counts, pairs = np.diff(starts), slice(starts[0], starts[-1])
    width = int(counts.max(initial=0)).bit_length()
    newcomer = np.repeat(np.arange(len(counts)), counts)
    offset = np.arange(starts[0], starts[-1]) - starts[newcomer]
    key = (newcomer << 1 | ~chosen[pairs]) << PARTS.bit_length() | (PARTS - scores[pairs])
    key = np.sort(key << width | offset)
    order = starts[newcomer] + (key & ((1 << width) - 1))
    firsts = np.bincount(newcomer[chosen[pairs]], minlength=len(counts))[newcomer]
    ranks = np.where(offset < firsts, 1, offset - firsts + 2)
    shown = ranks <= top
    return order[shown], ranks[shown]


def take(pairs: Pairs, order: npt.NDArray[np.int64]) -> Pairs:
    """The pairs at some places, which keep the order of newcomers."""
    starts = np.searchsorted(pairs.newcomers()[order], np.arange(len(pairs.starts)))
    return Pairs(starts, pairs.guides[order], pairs.distance_km[order])
