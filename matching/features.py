"""From a pair to its criteria: eight numbers between 0 and 1, each the better for the pair the higher it is.

Nothing here is or stands for a sensitive trait: gender, origin, religion, health and residence status are no criteria
(a wish for a gender is a hard rule, not a criterion).
"""

import numpy as np
import numpy.typing as npt

from matching.constraints import Pairs
from matching.profiles import Guides, Newcomers
from matching.vocabulary import LEVELS, SUFFICIENT, TOPICS

#: The criteria, in the order of the columns.
CRITERIA = ("language", "distance", "topics", "times", "experience", "household", "load", "waiting")

#: How much of the wish each topic is. Most guides offer to practise the language or to spend leisure time; knowledge
#: of housing, money, work or health is rare, so a guide who brings it should go where it is asked for.
TOPIC_WEIGHTS = {
    "authorities": 1.25,
    "housing": 1.75,
    "work": 1.5,
    "school": 1.25,
    "health": 1.5,
    "language": 1.0,
    "leisure": 1.0,
    "childcare": 1.5,
    "money": 1.75,
    "digital": 1.25,
    "mobility": 1.5,
    "training": 1.5,
}
#: Shared slots beyond which more make no difference: two people who meet once a week need a choice, not the week.
ENOUGH_SLOTS = 4
#: Completed pairings after which a guide counts as fully experienced.
EXPERIENCED = 10
#: Days of waiting after which the criterion has reached its end (the objective goes on counting them).
LONG_WAIT = 180.0

#: Experience by completed pairings: rising, the first ones counting most.
_EXPERIENCE_OF = (np.log1p(np.arange(EXPERIENCED + 1)) / np.log1p(EXPERIENCED)).astype(np.float32)
_SUBSETS = np.arange(1 << len(TOPICS))[:, None] >> np.arange(len(TOPICS)) & 1
#: The weight of each set of topics.
_WEIGHT_OF = (_SUBSETS @ np.array([TOPIC_WEIGHTS[topic] for topic in TOPICS])).astype(np.float32)


def measure(newcomers: Newcomers, guides: Guides, pairs: Pairs, begin: int, end: int) -> npt.NDArray[np.float32]:
    """Measure the criteria of the pairs from ``begin`` to ``end``: shape (criteria, pairs)."""
    down, across = pairs.newcomers(begin, end), pairs.guides[begin:end]
    experience = _EXPERIENCE_OF[np.minimum(guides.completed[across], EXPERIENCED)]
    columns = {
        "language": _shared_level(newcomers, guides, down, across) / (len(LEVELS) - SUFFICIENT),
        "distance": _nearness(pairs.distance_km[begin:end], guides.radius_km[across]),
        "topics": _WEIGHT_OF[newcomers.topics[down] & guides.topics[across]]
        / np.maximum(_WEIGHT_OF[newcomers.topics], _WEIGHT_OF[1])[down],
        "times": np.minimum(np.bitwise_count(newcomers.slots[down] & guides.slots[across]), ENOUGH_SLOTS)
        / np.float32(ENOUGH_SLOTS),
        "experience": experience,
        "household": experience * newcomers.children[down],
        "load": (guides.free_places[across] / np.maximum(guides.capacity[across], 1)).astype(np.float32),
        "waiting": np.minimum(newcomers.waiting_days / LONG_WAIT, 1).astype(np.float32)[down],
    }
    return np.array([columns[name] for name in CRITERIA], dtype=np.float32)


def _nearness(distance_km: npt.NDArray[np.float32], radius_km: npt.NDArray[np.float64]) -> npt.NDArray[np.float32]:
    """1 next door, 0 at the radius and beyond it."""
    share = distance_km / np.maximum(radius_km, 1e-3).astype(np.float32)
    return np.asarray(np.maximum(1 - share, np.float32(0)))


def _shared_level(
    newcomers: Newcomers, guides: Guides, down: npt.NDArray[np.int32], across: npt.NDArray[np.int32]
) -> npt.NDArray[np.float32]:
    """How well two people can talk in their best common language: 0 not sufficiently, then one step a level."""
    best = np.zeros(len(down), dtype=np.int8)
    if not len(guides.spoken):
        return best.astype(np.float32)
    bit = np.searchsorted(guides.spoken, newcomers.language)
    bit[bit == len(guides.spoken)] = 0
    own = np.where(guides.spoken[bit] == newcomers.language, newcomers.level, -1).astype(np.int8)
    for column in range(own.shape[1]):
        theirs = guides.spoken_level[across, bit[down, column]]
        np.maximum(best, np.minimum(own[down, column], theirs) - np.int8(SUFFICIENT - 1), out=best)
    return best.astype(np.float32)
