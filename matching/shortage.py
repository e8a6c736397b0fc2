"""Where one more guide would help most: which language, in which place, at which times.

An imagined guide is tried for every language, municipality and time of the week that people without a guide share.
The prices of the run's optimum say what the first place with that guide is worth, chains of moves included: the
greatest difference between what a newcomer would gain there and what the newcomer is worth now (with the lowest
prices this difference is exact; Leonard, Journal of Political Economy 91, 1983). The best few are then added to the
problem in earnest, one at a time, and it is solved again: that tells how many more people would be placed.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from matching.assignment import Problem
from matching.constraints import feasible_pairs
from matching.objective import gains
from matching.prices import least_prices, optimum, values
from matching.profiles import Guides, Newcomers
from matching.scorer import score_pairs
from matching.suggestion import Suggestion
from matching.vocabulary import DAYS, PARTS_OF_DAY, SUFFICIENT, TOPICS, language_codes

#: Times that a further guide may have: mornings, afternoons or evenings, on working days or at the weekend.
TIMES = {
    f"{week}-{part}": [f"{day}-{part}" for day in days]
    for week, days in (("weekday", DAYS[:5]), ("weekend", DAYS[5:]))
    for part in PARTS_OF_DAY
}
#: How many people the imagined guide takes, and how many topics, those asked for most, the guide knows.
_PLACES, _TOPICS = 2, 4
_RADIUS_KM = 15.0

#: Language, municipality and time of an imagined guide.
Kind = tuple[str, str, str]


class Shortage(NamedTuple):
    """A guide who is missing.

    Attributes:
        language: ISO 639 code; the guide speaks German as well.
        municipality: Code of where the guide would live.
        time: A key of TIMES.
        asking: How many people without a guide would fit this one.
        placed: How many more people would be placed in all.
    """

    language: str
    municipality: str
    time: str
    asking: int
    placed: int


def shortages(suggestion: Suggestion, top: int = 10) -> list[Shortage]:
    """List the guides who would help most, the most helpful first; one for each language and municipality."""
    newcomers = suggestion.newcomers
    unplaced = np.bincount(suggestion.objective.newcomers[suggestion.chosen], minlength=len(newcomers)) == 0
    kinds, rows = imagined_guides(newcomers, unplaced)
    guides = Guides.read(rows)
    pairs = feasible_pairs(newcomers, guides)
    added = gains(newcomers, guides, pairs, score_pairs(suggestion.scorecard, newcomers, guides, pairs))
    worth = added - _worth_now(suggestion)[pairs.newcomers()]
    best = np.zeros(len(guides), dtype=np.int64)
    np.maximum.at(best, pairs.guides, worth)
    asking = np.bincount(pairs.guides[unplaced[pairs.newcomers()]], minlength=len(guides))
    found = []
    for guide in _different(kinds, best, top):
        theirs = np.flatnonzero(pairs.guides == guide)
        enlarged = _with_guide(suggestion.objective, pairs.newcomers()[theirs], added[theirs])
        more = int(optimum(enlarged).chosen.sum() - suggestion.chosen.sum())
        found.append(Shortage(*kinds[guide], int(asking[guide]), more))
    return sorted(found, key=lambda shortage: (-shortage.placed, -shortage.asking, shortage))


def _worth_now(suggestion: Suggestion) -> npt.NDArray[np.int64]:
    """What each newcomer adds to the optimum as it is: shape (newcomers,)."""
    problem, chosen = suggestion.objective, suggestion.chosen
    return values(problem, chosen, least_prices(problem, chosen))


def _different(kinds: list[Kind], best: npt.NDArray[np.int64], top: int) -> Iterator[int]:
    """The best imagined guides, each language and municipality once."""
    seen: set[tuple[str, str]] = set()
    for guide in np.argsort(-best, kind="stable").tolist():
        home = kinds[guide][:2]
        if home not in seen and best[guide] > 0 and len(seen) < top:
            seen.add(home)
            yield guide


def _with_guide(problem: Problem, newcomers: npt.NDArray[np.int32], added: npt.NDArray[np.int64]) -> Problem:
    """The problem with one more guide, who fits some newcomers, given in rising order."""
    ends = problem.starts[1:][newcomers]
    return Problem(
        problem.starts + np.searchsorted(newcomers, np.arange(len(problem.starts))),
        np.insert(problem.guides, ends, np.int32(len(problem.capacity))),
        np.insert(problem.gains.astype(np.int64), ends, added),
        np.append(problem.capacity, _PLACES),
        problem.places,
    )


def imagined_guides(newcomers: Newcomers, unplaced: npt.NDArray[np.bool_]) -> tuple[list[Kind], list[dict[str, Any]]]:
    """A guide for each language, municipality and time that somebody without a guide has: what they are, and rows."""
    asked = [(int((newcomers.topics[unplaced] >> bit & 1).sum()), topic) for bit, topic in enumerate(TOPICS)]
    topics = [topic for _, topic in sorted(asked, reverse=True)[:_TOPICS]]
    homes: dict[tuple[str, str], list[int]] = {}
    for person in np.flatnonzero(unplaced).tolist():
        enough = newcomers.level[person] >= SUFFICIENT
        for number in newcomers.language[person][enough].tolist():
            homes.setdefault((language_codes()[number], newcomers.municipality[person]), []).append(person)
    places = np.column_stack([newcomers.latitude, newcomers.longitude])
    kinds = [(*home, time) for home in sorted(homes) for time in TIMES]
    rows = [_guide(kind, topics, np.median(places[homes[kind[:2]]], axis=0)) for kind in kinds]
    return kinds, [row | {"id": f"{number:09}"} for number, row in enumerate(rows)]


def _guide(kind: Kind, topics: list[str], place: npt.NDArray[np.float64]) -> dict[str, Any]:
    language, municipality, time = kind
    return {
        "latitude": float(place[0]),
        "longitude": float(place[1]),
        "municipality": municipality,
        "neighbours": [],
        "languages": {"de": "C1"} | {language: "C1"},
        "topics": topics,
        "slots": TIMES[time],
        "gender": "",
        "newcomer_gender": "",
        "radius_km": _RADIUS_KM,
        "capacity": _PLACES,
        "free_places": _PLACES,
        "cleared": True,
        "children_cleared": True,
        "completed": 0,
    }
