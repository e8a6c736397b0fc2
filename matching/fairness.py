"""Who is placed and how long they wait, by group: does the matcher serve some worse than others?

Groups are formed by facts that the matcher knows anyway, and some that it never scores by (gender). Sensitive traits
are not known and not needed: if a criterion stood in for one, the groups by language, place or need would show it.
Groups of fewer than five people are folded together, so that nobody can be recognised.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.special import chdtrc, ndtri

from matching.objective import need
from matching.profiles import Newcomers
from matching.vocabulary import GENDERS, LEVELS, language_codes

#: Smaller groups are folded together, and the rest too if it stays smaller.
SMALLEST = 5
#: The name under which small groups are folded.
FOLDED = "other"

#: Differences that chance makes more often than this, over all groupings together, tell nothing.
_DOUBT = 0.05

Names = list[str]


def wilson(placed: int, people: int, confidence: float = 0.95) -> tuple[float, float]:
    """Confidence interval of a share; sound for small numbers too (Wilson, JASA 22, 1927)."""
    if not people:
        return 0.0, 1.0
    z = float(ndtri((1 + confidence) / 2))
    share, spread = placed / people, z * z / people
    middle = (share + spread / 2) / (1 + spread)
    reach = z * np.sqrt(share * (1 - share) / people + spread / people / 4) / (1 + spread)
    return max(0.0, float(middle - reach)), min(1.0, float(middle + reach))


def groups(newcomers: Newcomers) -> dict[str, Names]:
    """For each grouping the name of everybody's group, small ones folded."""
    return {name: _folded(of(newcomers)) for name, of in _GROUPINGS.items()}


def report(
    newcomers: Newcomers, placed: npt.NDArray[np.bool_], score: npt.NDArray[np.float64]
) -> dict[str, dict[str, dict[str, Any]]]:
    """Figures for each group of each grouping.

    Args:
        newcomers: Everybody who asked.
        placed: Who was given a guide, shape (newcomers,).
        score: The score of the given guide, of any value where there is none, shape (newcomers,).

    Returns:
        By grouping and group: ``people``, ``placed``, ``share`` with ``low`` and ``high`` (95 % confidence),
        median ``waiting_days`` of everybody in it, and of those placed the mean ``score`` and its mean ``rank``
        among all placed, 0 the lowest and 1 the highest.
    """
    rank = np.zeros(len(newcomers))
    rank[placed] = np.argsort(np.argsort(score[placed], kind="stable")) / max(1, int(placed.sum()) - 1)
    found: dict[str, dict[str, dict[str, Any]]] = {}
    for grouping, names in groups(newcomers).items():
        members = np.array(names, dtype=object)
        found[grouping] = {
            group: _figures(newcomers, placed, score, rank, members == group) for group in sorted(set(names))
        }
    return found


def shares(newcomers: Newcomers, placed: npt.NDArray[np.bool_]) -> dict[str, dict[str, float]]:
    """Share of people placed, by grouping and group; ``placed`` as for :func:`report`."""
    found = {}
    for grouping, names in groups(newcomers).items():
        known, member = np.unique(np.array(names, dtype=object).astype(str), return_inverse=True)
        parts = np.bincount(member, placed) / np.maximum(np.bincount(member), 1)
        found[grouping] = dict(zip(known.tolist(), parts.round(4).tolist(), strict=True))
    return found


def proxies(
    newcomers: Newcomers, placed: npt.NDArray[np.bool_], fitting: npt.NDArray[np.bool_]
) -> dict[str, dict[str, Any]]:
    """Say for each grouping whether belonging to a group tells who is chosen, where a guide fits.

    Who has no fitting guide is missing supply; who is passed over although one fits was weighed by the criteria. If a
    criterion stands in for a trait that is no criterion, groups by that trait are chosen unequally here.

    Args:
        newcomers: Everybody who asked.
        placed: Who was given a guide, shape (newcomers,).
        fitting: Whom at least one guide fits, shape (newcomers,).

    Returns:
        By grouping: ``low`` and ``high``, the least and greatest share placed of a group of those with a fitting guide;
        ``chance``, how likely groups chosen blindly would differ as much (Pearson's chi-squared test); and ``bites``,
        whether that is below 5 %, shared among all groupings.
    """
    who = newcomers.take(np.flatnonzero(fitting))
    chosen = placed[fitting]
    found = {}
    for grouping, names in groups(who).items():
        _, member = np.unique(np.array(names, dtype=object).astype(str), return_inverse=True)
        sizes = np.bincount(member)
        shares = np.bincount(member, chosen) / np.maximum(sizes, 1)
        overall = float(chosen.mean()) if len(chosen) else 0.0
        spread = overall * (1 - overall)
        statistic = float((sizes * (shares - overall) ** 2).sum() / spread) if spread else 0.0
        chance = float(chdtrc(len(sizes) - 1, statistic)) if len(sizes) > 1 else 1.0
        found[grouping] = {
            "low": round(float(shares.min(initial=1.0)), 4),
            "high": round(float(shares.max(initial=0.0)), 4),
            "chance": round(chance, 4),
            "bites": chance < _DOUBT / len(_GROUPINGS),
        }
    return found


def _figures(
    newcomers: Newcomers,
    placed: npt.NDArray[np.bool_],
    score: npt.NDArray[np.float64],
    rank: npt.NDArray[np.float64],
    members: npt.NDArray[np.bool_],
) -> dict[str, Any]:
    people, both = int(members.sum()), members & placed
    low, high = wilson(int(both.sum()), people)
    return {
        "people": people,
        "placed": int(both.sum()),
        "share": round(float(both.sum()) / people, 4),
        "low": round(low, 4),
        "high": round(high, 4),
        "waiting_days": round(float(np.median(newcomers.waiting_days[members])), 1),
        "score": round(float(score[both].mean()), 4) if both.any() else None,
        "rank": round(float(rank[both].mean()), 4) if both.any() else None,
    }


def _folded(names: Names) -> Names:
    """Rename small groups; if what they make together is small as well, the smallest other group joins them."""
    sizes = Counter(names)
    small = {name for name, size in sizes.items() if size < SMALLEST}
    large = sorted((size, name) for name, size in sizes.items() if size >= SMALLEST)
    if small and large and sum(sizes[name] for name in small) < SMALLEST:
        small.add(large[0][1])
    return [FOLDED if name in small else name for name in names]


def _best_language(newcomers: Newcomers) -> Names:
    """The language spoken best; a first language goes before German."""
    german = language_codes().index("de")
    rank = newcomers.level.astype(int) * 2 + (newcomers.language != german)
    if not newcomers.language.shape[1]:
        return ["none"] * len(newcomers)
    best = newcomers.language[np.arange(len(newcomers)), rank.argmax(axis=1)]
    return [language_codes()[number] if number >= 0 else "none" for number in best.tolist()]


def _need(newcomers: Newcomers) -> Names:
    return [f"{round(value * 3)} of 3" for value in need(newcomers).tolist()]


def _household(newcomers: Newcomers) -> Names:
    return ["children" if children else "no children" for children in newcomers.children.tolist()]


def _gender(newcomers: Newcomers) -> Names:
    return [("unknown", *GENDERS)[number] for number in newcomers.gender.tolist()]


def _german(newcomers: Newcomers) -> Names:
    german = language_codes().index("de")
    level = np.where(newcomers.language == german, newcomers.level, -1).max(axis=1, initial=-1)
    return [LEVELS[number] if number >= 0 else "none" for number in level.tolist()]


_GROUPINGS: dict[str, Callable[[Newcomers], Names]] = {
    "language": _best_language,
    "german": _german,
    "need": _need,
    "place": lambda newcomers: list(newcomers.municipality),
    "gender": _gender,
    "household": _household,
}
