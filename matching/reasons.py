"""Why this pair, and why nobody: codes with values, which the web application puts into words.

No reason names or describes a single guide to a newcomer: counts, whole kilometres and slots only.
"""

from collections.abc import Sequence
from itertools import chain, product, repeat
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from matching.constraints import DISTANCE, VIOLATIONS, distance_km
from matching.features import CRITERIA, ENOUGH_SLOTS
from matching.profiles import Guides, Newcomers
from matching.vocabulary import LEVELS, SLOTS, SUFFICIENT, TOPICS, language_codes

#: Every code that can stand in a reason, with its meaning.
CODES = {
    # criteria of a pair: value, contribution in log-odds
    "base": "what every pair starts from",
    "language_fluent": "a shared language at C1 or better on both sides (value: language and the lower level)",
    "language_good": "a shared language at B2 (value: as above)",
    "language_enough": "a shared language at B1 (value: as above)",
    "language_none": "no language shared well enough: an interpreter is needed",
    "distance_near": "within a third of the way the guide would go (value: km)",
    "distance_middle": "within two thirds of it (value: km)",
    "distance_far": "near the end of it (value: km)",
    "topics_all": "the guide covers everything asked for (value: topics)",
    "topics_most": "the guide covers at least half of it (value: topics)",
    "topics_some": "the guide covers some of it (value: topics)",
    "times_many": "at least four shared times (value: slots)",
    "times_some": "two or three shared times (value: slots)",
    "times_few": "at most one shared time (value: slots)",
    "experience_much": "the guide has completed at least five pairings (value: number)",
    "experience_some": "the guide has completed one to four pairings (value: number)",
    "experience_none": "the guide's first pairing (value: 0)",
    "household_experienced": "children in the household, and an experienced guide",
    "household_children": "children in the household, and the guide's first pairing",
    "household_adults": "no children in the household",
    "load_light": "at least half of the guide's places are free (value: free/all)",
    "load_heavy": "fewer than half of the guide's places are free (value: free/all)",
    "waiting_long": "waiting for at least 90 days (value: days)",
    "waiting_some": "waiting for 30 to 89 days (value: days)",
    "waiting_short": "waiting for less than 30 days (value: days)",
    # why a guide is left out for a newcomer
    "guide_not_cleared": "interview or clearance by the office is missing",
    "no_conduct_check": "children in the household, and no valid conduct check",
    "guide_gender": "the newcomer wishes for another gender",
    "newcomer_gender": "the guide wishes for another gender",
    "no_shared_topic": "nothing the newcomer asks for is offered",
    "no_shared_slot": "no time suits both",
    "other_kind": "the guide takes lasting requests only, or single appointments only",
    "no_shared_language": "no language at B1 or better on both sides; with an interpreter the pair may fit",
    "too_far": "the newcomer lives beyond the guide's radius",
    "other_municipality": "the guide does not serve the newcomer's municipality",
    "no_free_place": "all places of the guide are taken",
    "excluded": "the two declined, failed or were parted before",
    # why nobody: value is key=value, joined by ;, several values of one key by |
    "others_chosen": "guides fit, but went to others (guides)",
    "no_guides": "no guide is registered at all",
    "but_for_no_shared_slot": "guides fit but for the times (guides; slots: their commonest)",
    "but_for_too_far": "guides fit but live too far away (guides; nearest_km; beyond_km: least beyond a radius)",
    "but_for_no_shared_topic": "guides fit but for the topics (guides; topics: what they offer most)",
    "but_for_other_municipality": "guides fit if the offices agreed (guides; municipalities)",
    "but_for_guide_gender": "guides fit but for the newcomer's wish for a gender (guides)",
    "but_for_newcomer_gender": "guides fit but for their own wish for a gender (guides)",
    "but_for_no_conduct_check": "guides fit once their conduct check is there (guides)",
    "but_for_guide_not_cleared": "guides fit once the office has cleared them (guides)",
    "but_for_no_shared_language": "guides fit with an interpreter (guides)",
    "but_for_no_free_place": "guides fit, but all their places are taken (guides)",
    "but_for_other_kind": "guides fit but take another kind of request only (guides)",
    "but_for_excluded": "guides fit but were paired or asked before (guides)",
    "no_single_change": "no guide fits after one change; these rules together stand in the way (guides; rules)",
}
#: Single changes, the easiest first: what the newcomer can change, then the offices, then only time.
_CHANGES = [code.removeprefix("but_for_") for code in CODES if code.startswith("but_for_")]


class Reason(NamedTuple):
    """One line of the reasons file.

    Attributes:
        guide_id: Empty where nobody was found.
        criterion: A criterion of the score, ``base``, or ``nobody``.
        value: In the form that the code's meaning in CODES says.
        contribution: Log-odds; None where nobody was found.
        code: A key of CODES.
    """

    newcomer_id: str
    guide_id: str
    criterion: str
    value: str
    contribution: float | None
    code: str


def members(mask: int, names: Sequence[str]) -> list[str]:
    """The names whose bits are set."""
    return [name for bit, name in enumerate(names) if mask >> bit & 1]


class Met(NamedTuple):
    """Pairs: newcomers and guides by position, and how far apart they live in km, each of shape (pairs,)."""

    newcomers: Newcomers
    guides: Guides
    newcomer: npt.NDArray[np.integer]
    guide: npt.NDArray[np.integer]
    distance: npt.NDArray[np.float64]


#: For each pair a code and a value.
Told = tuple[list[str], list[str]]


class Column(NamedTuple):
    """What one criterion, or the base, says of some pairs; each list has one entry a pair."""

    criterion: str
    values: list[str]
    contributions: list[float]
    codes: list[str]


def pair_columns(met: Met, parts: npt.NDArray[np.float64]) -> list[Column]:
    """Why each pair, criterion by criterion, after the base.

    Args:
        met: The pairs.
        parts: The contributions in that order in log-odds, shape (1 + criteria, pairs).
    """
    count = len(met.newcomer)
    told = [(["base"] * count, [""] * count), *(_TOLD[name](met) for name in CRITERIA)]
    return [
        Column(criterion, values, _rounded(part), codes)
        for criterion, (codes, values), part in zip(("base", *CRITERIA), told, parts.tolist(), strict=True)
    ]


def _rounded(contributions: list[float]) -> list[float]:
    """To six decimal places; each number once, for most criteria have few."""
    rounded = {each: round(each, 6) for each in set(contributions)}
    return list(map(rounded.__getitem__, contributions))


def pair_reasons(met: Met, parts: npt.NDArray[np.float64]) -> list[Reason]:
    """For each pair one reason a criterion, after the base; the arguments are those of :func:`pair_columns`."""
    ids = met.newcomers.names(met.newcomer), met.guides.names(met.guide)
    by_criterion = [
        map(Reason._make, zip(*ids, repeat(criterion), values, contributions, codes, strict=False))
        for criterion, values, contributions, codes in pair_columns(met, parts)
    ]
    return list(chain.from_iterable(zip(*by_criterion, strict=True)))


def _codes(criterion: str, names: Sequence[str], which: npt.NDArray[np.integer]) -> list[str]:
    """A code for each pair: the criterion and one of the names, by position."""
    codes = [f"{criterion}_{name}" for name in names]
    return [codes[at] for at in which.tolist()]


def _sets(masks: npt.NDArray[np.unsignedinteger], names: Sequence[str]) -> list[str]:
    """The names in each bit set, joined by ``;``."""
    text = {mask: ";".join(members(mask, names)) for mask in set(masks.tolist())}
    return [text[mask] for mask in masks.tolist()]


def best_language(met: Met) -> tuple[npt.NDArray[np.integer], npt.NDArray[np.integer]]:
    """The language that each two people share best, and the lower of their levels, -1 if they share none."""
    many = len(language_codes())
    best = np.full(len(met.newcomer), -1)
    own, own_level = met.newcomers.language[met.newcomer], met.newcomers.level[met.newcomer]
    theirs, their_level = met.guides.language[met.guide], met.guides.level[met.guide]
    for one, other in product(range(own.shape[1]), range(theirs.shape[1])):
        shared = (own[:, one] == theirs[:, other]) & (own[:, one] >= 0)
        level = np.minimum(own_level[:, one], their_level[:, other]).astype(int)
        best = np.maximum(best, np.where(shared, level * many + (many - 1 - own[:, one]), -1))
    level, behind = np.divmod(best, many)
    return many - 1 - behind, level


def _language(met: Met) -> Told:
    language, level = best_language(met)
    values = [
        f"{language_codes()[number]}:{LEVELS[at]}" if at >= SUFFICIENT else ""
        for number, at in zip(language.tolist(), level.tolist(), strict=True)
    ]
    names = ("none", "enough", "good", "fluent", "fluent")
    return _codes("language", names, np.maximum(level - SUFFICIENT + 1, 0)), values


def _distance(met: Met) -> Told:
    radius = met.guides.radius_km[met.guide]
    third = (3 * met.distance > radius) * 1 + (3 * met.distance > 2 * radius)
    return _codes("distance", ("near", "middle", "far"), third), [f"{km:.1f}" for km in met.distance.tolist()]


def _topics(met: Met) -> Told:
    asked = met.newcomers.topics[met.newcomer]
    shared = asked & met.guides.topics[met.guide]
    most = 2 * np.bitwise_count(shared) >= np.bitwise_count(asked)
    which = np.where(asked == shared, 0, np.where(most, 1, 2))
    return _codes("topics", ("all", "most", "some"), which), _sets(shared, TOPICS)


def _times(met: Met) -> Told:
    shared = met.newcomers.slots[met.newcomer] & met.guides.slots[met.guide]
    which = np.searchsorted([2, ENOUGH_SLOTS], np.bitwise_count(shared), side="right")
    return _codes("times", ("few", "some", "many"), which), _sets(shared, SLOTS)


def _experience(met: Met) -> Told:
    completed = met.guides.completed[met.guide]
    which = np.searchsorted([1, 5], completed, side="right")
    return _codes("experience", ("none", "some", "much"), which), list(map(str, completed.tolist()))


def _household(met: Met) -> Told:
    which = np.where(met.newcomers.children[met.newcomer], 1 + (met.guides.completed[met.guide] > 0), 0)
    return _codes("household", ("adults", "children", "experienced"), which), [""] * len(which)


def _load(met: Met) -> Told:
    free, places = met.guides.free_places[met.guide], met.guides.capacity[met.guide]
    values = [f"{some}/{all_}" for some, all_ in zip(free.tolist(), places.tolist(), strict=True)]
    return _codes("load", ("heavy", "light"), (2 * free >= places) * 1), values


def _waiting(met: Met) -> Told:
    days = met.newcomers.waiting_days[met.newcomer]
    which = np.searchsorted([30, 90], days, side="right")
    return _codes("waiting", ("short", "some", "long"), which), [f"{waited:g}" for waited in days.tolist()]


_TOLD = dict(
    zip(
        CRITERIA,
        (_language, _distance, _topics, _times, _experience, _household, _load, _waiting),
        strict=True,
    )
)


def others_chosen(newcomer_id: str, guides: int) -> Reason:
    """Say that guides would fit but went to others."""
    return Reason(newcomer_id, "", "nobody", f"guides={guides}", None, "others_chosen")


def nobody_reasons(newcomers: Newcomers, newcomer: int, guides: Guides, broken: npt.NDArray[np.uint16]) -> list[Reason]:
    """Say why nobody fits a newcomer, the smallest change that would help first.

    Args:
        newcomers: Where to find the newcomer.
        newcomer: Position there.
        guides: All guides.
        broken: Which rules each guide breaks, from :func:`matching.constraints.violations`.
    """
    told = _told_nobody(newcomers, newcomer, guides, broken)
    return [Reason(newcomers.ids[newcomer], "", "nobody", value, None, code) for code, value in told]


def _told_nobody(
    newcomers: Newcomers, newcomer: int, guides: Guides, broken: npt.NDArray[np.uint16]
) -> list[tuple[str, str]]:
    if not len(broken):
        return [("no_guides", "guides=0")]
    found = []
    for name in _CHANGES:
        nearly = np.flatnonzero(broken == 1 << VIOLATIONS.index(name))
        if len(nearly):
            details = _details(name, newcomers, newcomer, guides, nearly)
            found.append((f"but_for_{name}", ";".join([f"guides={len(nearly)}", *details])))
    return found or [_no_single_change(broken)]


def _no_single_change(broken: npt.NDArray[np.uint16]) -> tuple[str, str]:
    """The commonest of the smallest sets of rules that stand in the way."""
    sets, counts = np.unique(broken, return_counts=True)
    first = np.lexsort((sets, -counts, np.bitwise_count(sets)))[0]
    return "no_single_change", f"guides={counts[first]};rules={'|'.join(members(int(sets[first]), VIOLATIONS))}"


def _details(
    name: str, newcomers: Newcomers, newcomer: int, guides: Guides, nearly: npt.NDArray[np.int64]
) -> list[str]:
    if name == DISTANCE:
        way = distance_km(newcomers.xyz[newcomer], guides.xyz[nearly])
        beyond = np.ceil((way - guides.radius_km[nearly]).min())
        return [f"nearest_km={np.ceil(way.min()):.0f}", f"beyond_km={beyond:.0f}"]
    if name == "no_shared_slot":
        return [f"slots={_commonest(guides.slots[nearly], SLOTS)}"]
    if name == "no_shared_topic":
        return [f"topics={_commonest(guides.topics[nearly], TOPICS)}"]
    if name == "other_municipality":
        return [f"municipalities={'|'.join(sorted({guides.municipality[guide] for guide in nearly}))}"]
    return []


def _commonest(masks: npt.NDArray[np.unsignedinteger], names: Sequence[str]) -> str:
    """The three names whose bits are set most often, joined by |."""
    counts = [int((masks >> bit & 1).sum()) for bit in range(len(names))]
    order = sorted(range(len(names)), key=lambda bit: (-counts[bit], bit))
    return "|".join(names[bit] for bit in order[:3] if counts[bit])
