"""What the assignment maximises: the score, plus a bonus for waiting and need, plus a little constancy.

The bonus belongs to the newcomer, whoever the guide is: it decides who is placed first when places are short, never
with whom. It is linear in the days of waiting, so that these have the last word:

    Suppose somebody stays without a guide although a guide fits. Then whoever takes that guide's places has arrived
    at most OVERTAKING_DAYS later. For if not, giving one of these places to the one left behind would lose less than
    1 in score, at most NEED_WEIGHT for need and CONSTANCY for constancy, and gain more than that for waiting: the
    assignment would not be the greatest.

Hence nobody is passed over for ever: only people who arrived before, or at most OVERTAKING_DAYS after, can come
first, and as many places with guides who fit as there are such people, and one more, always suffice.

Waiting counts from the newest request of the run, so that only differences between people matter.
"""

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from matching.constraints import Pairs, positions
from matching.profiles import Guides, Newcomers
from matching.scorer import PARTS
from matching.vocabulary import SUFFICIENT, language_numbers

#: Days of waiting that weigh as much as the whole range of the score. Within it the better pair may go first; at the
#: 45 days after which offices are told of people without a guide, waiting weighs half as much as the score.
PATIENCE_DAYS = 90
#: What the greatest need adds: as much as four and a half days. People with greater needs find a mentor less often.
NEED_WEIGHT = 0.05
#: What the proposal of the last run is worth more, so that open proposals do not flip over nothing.
CONSTANCY = 0.01
#: Nobody is overtaken by people who arrived more than this many days later.
OVERTAKING_DAYS = PATIENCE_DAYS * (1 + NEED_WEIGHT + CONSTANCY)
#: So many topics are many.
_MANY_TOPICS = 3


def need(newcomers: Newcomers) -> npt.NDArray[np.float64]:
    """How much help is needed, from 0 to 1, shape (newcomers,): a third each for three facts of the request.

    Children in the household; no German to get by with (below B1); many topics. Nothing sensitive is used.
    """
    german = (newcomers.language == language_numbers()["de"]) & (newcomers.level >= SUFFICIENT)
    many = np.bitwise_count(newcomers.topics) >= _MANY_TOPICS
    return np.asarray((newcomers.children * 1.0 + ~german.any(axis=1) + many) / 3)


def gains(
    newcomers: Newcomers,
    guides: Guides,
    pairs: Pairs,
    scores: npt.NDArray[np.int32],
    previous: Iterable[tuple[str, str]] = (),
) -> npt.NDArray[np.int64]:
    """What each pair adds to the objective, in millionths, above 0: shape (pairs,)."""
    waiting = newcomers.waiting_days - newcomers.waiting_days.min(initial=np.inf)
    bonus = np.rint(PARTS * (waiting / PATIENCE_DAYS + NEED_WEIGHT * need(newcomers))).astype(np.int64)
    total: npt.NDArray[np.int64] = scores + bonus[pairs.newcomers()]
    total[positions(pairs, newcomers, guides, previous)] += int(CONSTANCY * PARTS)
    return total
