"""Which pairs may be proposed at all: the hard rules.

Each rule is written once, as a comparison of newcomers (down) with guides (across), and serves two uses: listing all
feasible pairs, and saying for one newcomer which rules each guide breaks. To list pairs quickly, newcomers who agree
in municipality and languages are taken together, the guides who can serve them are looked up once, ways are worked
out once for all who live in one town, and only what is left is compared pair by pair. Memory grows with the feasible
pairs, not with newcomers × guides.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.profiles import EARTH_RADIUS_KM, Guides, Newcomers

#: Comparisons made at a time; small enough for the processor's cache.
BLOCK = 1 << 18
#: Ways from towns to guides that are kept at a time.
_WAYS = 1 << 20
#: They are worked out for a whole municipality if at least so many newcomers share a town on average.
_SHARING = 3

Mask = npt.NDArray[np.bool_]
#: Bit sets of languages, shape (people, words).
Sets = npt.NDArray[np.uint64]


@dataclass(frozen=True, eq=False)
class Pairs:
    """Pairs in the order of newcomers, then guides; compressed like the rows of a sparse matrix.

    Attributes:
        starts: Where each newcomer's pairs begin, with the end of the last, shape (newcomers + 1,).
        guides: Positions of the guides, shape (pairs,).
        distance_km: Great-circle distances, shape (pairs,).
    """

    starts: npt.NDArray[np.int64]
    guides: npt.NDArray[np.int32]
    distance_km: npt.NDArray[np.float32]

    def __len__(self) -> int:
        return len(self.guides)

    def newcomers(self, begin: int = 0, end: int | None = None) -> npt.NDArray[np.int32]:
        """Positions of the newcomers of the pairs from ``begin`` to ``end``."""
        limits = np.clip(self.starts, begin, len(self) if end is None else end)
        return np.repeat(np.arange(len(self.starts) - 1, dtype=np.int32), np.diff(limits))

    def of(self, begin: int, end: int) -> "Pairs":
        """Only the pairs of the newcomers from ``begin`` to ``end``, who are counted from 0 then."""
        starts = self.starts[begin : end + 1]
        theirs = slice(starts[0], starts[-1])
        return Pairs(starts - starts[0], self.guides[theirs], self.distance_km[theirs])

    def keep(self, kept: Mask) -> "Pairs":
        """Only the pairs that ``kept``, shape (pairs,), marks."""
        before = np.concatenate([[0], np.cumsum(kept, dtype=np.int64)])
        return Pairs(before[self.starts], self.guides[kept], self.distance_km[kept])


class _Rows:
    """Some people's columns, shaped to be compared with others': newcomers (n, 1), guides (1, n)."""

    def __init__(self, people: Newcomers | Guides, rows: Any, shape: tuple[int, int]) -> None:
        self._people, self._rows, self._shape = people, rows, shape

    def __getattr__(self, name: str) -> Any:
        return getattr(self._people, name)[self._rows].reshape(self._shape)


def _wish_met(wish: Any, gender: Any) -> Any:
    return (wish == 0) | (wish == gender)


#: The rules that compare two columns; the others follow below. Each says what must hold.
RULES: dict[str, Callable[[Any, Any], Any]] = {
    "guide_not_cleared": lambda newcomer, guide: guide.cleared,
    "no_conduct_check": lambda newcomer, guide: ~newcomer.children | guide.children_cleared,
    "guide_gender": lambda newcomer, guide: _wish_met(newcomer.guide_gender, guide.gender),
    "newcomer_gender": lambda newcomer, guide: _wish_met(guide.newcomer_gender, newcomer.gender),
    "no_shared_topic": lambda newcomer, guide: (newcomer.topics & guide.topics) != 0,
    "no_shared_slot": lambda newcomer, guide: (newcomer.slots & guide.slots) != 0,
    "other_kind": lambda newcomer, guide: (newcomer.kinds & guide.kinds) != 0,
}
LANGUAGE, DISTANCE, MUNICIPALITY, FULL, EXCLUDED = (
    "no_shared_language",
    "too_far",
    "other_municipality",
    "no_free_place",
    "excluded",
)
#: All violations; a set of them is a number with one bit each, in this order.
VIOLATIONS = (*RULES, LANGUAGE, DISTANCE, MUNICIPALITY, FULL, EXCLUDED)


def _share_a_language(newcomers: Sets, guides: Sets) -> Mask:
    """Whether bit sets (n, words) and (m, words) meet: shape (n, m)."""
    shared: Mask = (newcomers[:, None, 0] & guides[None, :, 0]) != 0
    for word in range(1, guides.shape[1]):
        shared |= (newcomers[:, None, word] & guides[None, :, word]) != 0
    return shared


def distance_km(a: npt.NDArray[np.float64], b: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Great-circle distance between points on the unit sphere, shapes (..., 3); exact for short ways too.

    The chord between the points is 2 sin(angle / 2); unlike the arc cosine, its inverse loses no digits near zero.
    """
    difference = a - b
    chord = np.sqrt(np.einsum("...i,...i->...", difference, difference))
    return np.asarray(2 * EARTH_RADIUS_KM * np.arcsin(np.minimum(chord / 2, 1)))


def feasible_pairs(
    newcomers: Newcomers,
    guides: Guides,
    *,
    excluded: Iterable[tuple[str, str]] = (),
    interpreter: bool = False,
) -> Pairs:
    """List the pairs that break no rule; guides without a free place take part in none.

    Args:
        newcomers: Down.
        guides: Across.
        excluded: Ids of newcomer and guide who must not be proposed to each other.
        interpreter: List instead the pairs that lack a shared language and break no other rule.
    """
    pairs = _collect(list(_found(newcomers, guides, interpreter)), newcomers)
    kept = np.ones(len(pairs), dtype=bool)
    kept[positions(pairs, newcomers, guides, excluded)] = False
    return pairs if kept.all() else pairs.keep(kept)


_Found = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int32], npt.NDArray[np.float32]]


def _found(newcomers: Newcomers, guides: Guides, interpreter: bool) -> Iterator[_Found]:
    """Yield newcomers, how many pairs each has, and those pairs' guides and distances."""
    tongues = newcomers.speaks(guides.spoken, guides.tongue_words)
    for members, serving in _municipalities(newcomers, guides):
        towns = len(np.unique(newcomers.town[members]))
        pays = _SHARING * towns <= len(members) and towns * len(serving) <= _WAYS
        area = _area(newcomers, guides, members, serving) if pays else None
        for rows, shared in _alike(tongues[members], guides.tongues[serving], interpreter):
            if area:
                yield _compare(newcomers, guides, area, rows, shared)
            else:
                columns = np.flatnonzero(shared.any(axis=0))
                part = _area(newcomers, guides, members[rows], serving[columns])
                yield _compare(newcomers, guides, part, np.arange(len(rows)), shared[:, columns])


def _municipalities(
    newcomers: Newcomers, guides: Guides
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int32]]]:
    """Yield the newcomers of each municipality with the guides who may serve it, where there are any.

    Of few newcomers, only those whom one of them may be near enough to: all that follows has less to do then.
    """
    ready = guides.cleared & (guides.free_places > 0)
    if len(newcomers) * len(guides) <= BLOCK:
        ready &= (newcomers.xyz @ guides.xyz.T >= guides.nearness).any(axis=0)
    codes, municipality = np.unique(np.array(newcomers.municipality, dtype=object), return_inverse=True)
    for home, members in enumerate(_split(np.argsort(municipality, kind="stable"), municipality[:, None])):
        serving = guides.serving.get(str(codes[home]), np.empty(0, dtype=np.int32))
        serving = serving[ready[serving]]
        if len(serving):
            yield members, serving


def _alike(newcomers: Sets, guides: Sets, interpreter: bool) -> Iterator[tuple[npt.NDArray[np.int64], Mask]]:
    """Yield positions of newcomers, and which guides speak as is wanted, shape (newcomers, guides).

    Where there are many of both, newcomers who agree in languages are taken together: then there is one row for all.
    """
    if len(newcomers) * len(guides) <= BLOCK:
        yield np.arange(len(newcomers)), _share_a_language(newcomers, guides) != interpreter
        return
    height = max(1, BLOCK // len(guides))
    for alike in _split(np.lexsort(newcomers.T), newcomers):
        shared = _share_a_language(newcomers[alike[:1]], guides) != interpreter
        for begin in range(0, len(alike), height):
            yield alike[begin : begin + height], shared


@dataclass(frozen=True, eq=False)
class _Area:
    """Some newcomers, some guides, and the ways between them, worked out once for all who live in one town.

    Attributes:
        newcomers: Positions.
        town: The town of each, shape (newcomers,).
        guides: Positions, rising.
        distance_km: Shape (towns, guides); left at 0 where it is certainly too far.
        near: Whether the guide would go so far, shape (towns, guides).
    """

    newcomers: npt.NDArray[np.int64]
    town: npt.NDArray[np.intp]
    guides: npt.NDArray[np.int32]
    distance_km: npt.NDArray[np.float32]
    near: Mask


def _area(
    newcomers: Newcomers, guides: Guides, members: npt.NDArray[np.int64], serving: npt.NDArray[np.int32]
) -> _Area:
    _, first, town = np.unique(newcomers.town[members], return_index=True, return_inverse=True)
    towns = newcomers.xyz[members[first]]
    near = towns @ guides.xyz[serving].T >= guides.nearness[serving]
    distance = np.zeros(near.shape, dtype=np.float32)
    at = np.flatnonzero(near)
    down, across = np.divmod(at, len(serving))
    across = serving.take(across)
    exact = distance_km(towns.take(down, axis=0), guides.xyz.take(across, axis=0))
    near.ravel()[at] = exact <= guides.radius_km.take(across)
    distance.ravel()[at] = exact
    return _Area(members, town, serving, distance, near)


def _split(order: npt.NDArray[np.int64], keys: npt.NDArray[Any]) -> list[npt.NDArray[np.int64]]:
    """Cut an order where the keys, shape (people, columns), change."""
    sorted_keys = keys[order]
    return np.split(order, np.flatnonzero((sorted_keys[1:] != sorted_keys[:-1]).any(axis=1)) + 1) if len(order) else []


def _compare(newcomers: Newcomers, guides: Guides, area: _Area, rows: npt.NDArray[np.int64], shared: Mask) -> _Found:
    """Find the pairs of some newcomers of an area.

    Args:
        newcomers, guides: Everybody.
        area: Where.
        rows: The newcomers' places in it.
        shared: Whether the guides share a language with them, shape (rows or 1 if they are alike, guides of the area).
    """
    town = area.town[rows]
    fits = area.near[town] & shared
    across = np.flatnonzero(fits.any(axis=0))
    fits = fits.take(across, axis=1)
    newcomer, guide = _Rows(newcomers, area.newcomers[rows], (-1, 1)), _Rows(guides, area.guides[across], (1, -1))
    for holds in RULES.values():
        fits &= holds(newcomer, guide)
    counts = np.count_nonzero(fits, axis=1)
    down = np.repeat(np.arange(len(rows)), counts)
    pairs = across[np.flatnonzero(fits) - down * len(across)]
    distance = area.distance_km.take(town[down] * len(area.guides) + pairs)
    return area.newcomers[rows], counts, area.guides[pairs], distance


def _collect(found: Collection[_Found], newcomers: Newcomers) -> Pairs:
    """Put the blocks' pairs in the order of the newcomers."""
    counts = np.zeros(len(newcomers), dtype=np.int64)
    for rows, count, _, _ in found:
        counts[rows] = count
    starts = np.concatenate([[0], np.cumsum(counts)])
    pairs = Pairs(starts, np.empty(starts[-1], dtype=np.int32), np.empty(starts[-1], dtype=np.float32))
    for rows, count, across, distance in found:
        shift = starts[rows] - (np.cumsum(count) - count)
        places = np.arange(len(across)) + np.repeat(shift, count)
        pairs.guides[places] = across
        pairs.distance_km[places] = distance
    return pairs


def positions(
    pairs: Pairs, newcomers: Newcomers, guides: Guides, ids: Iterable[tuple[str, str]]
) -> npt.NDArray[np.int64]:
    """Where pairs stand, given by the ids of newcomer and guide; those that are not there are left out."""
    found = []
    for newcomer_id, guide_id in ids:
        newcomer, guide = newcomers.position.get(newcomer_id), guides.position.get(guide_id)
        if newcomer is not None and guide is not None:
            begin, end = pairs.starts[newcomer : newcomer + 2]
            place = begin + np.searchsorted(pairs.guides[begin:end], guide)
            if place < end and pairs.guides[place] == guide:
                found.append(place)
    return np.array(found, dtype=np.int64)


def by_newcomer(ids: Iterable[tuple[str, str]]) -> defaultdict[str, list[str]]:
    """The guides' ids by the newcomer's."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for newcomer_id, guide_id in ids:
        found[newcomer_id].append(guide_id)
    return found


def violations(
    newcomers: Newcomers, newcomer: int, guides: Guides, *, barred: Iterable[str] = ()
) -> npt.NDArray[np.uint16]:
    """Return for each guide the set of rules broken with one newcomer, as bits in the order of VIOLATIONS.

    Args:
        newcomers: Where to find the newcomer.
        newcomer: Position there.
        guides: All guides to compare with.
        barred: Ids of guides who must not be proposed to this newcomer.
    """
    one, all_guides = _Rows(newcomers, slice(newcomer, newcomer + 1), (1, 1)), _Rows(guides, slice(None), (1, -1))
    tongues = newcomers.speaks(guides.spoken, guides.tongue_words, slice(newcomer, newcomer + 1))
    serving = np.zeros(len(guides), dtype=bool)
    serving[guides.serving.get(newcomers.municipality[newcomer], [])] = True
    holds = {
        **{name: rule(one, all_guides)[0] for name, rule in RULES.items()},
        LANGUAGE: _share_a_language(tongues, guides.tongues)[0],
        DISTANCE: distance_km(newcomers.xyz[newcomer], guides.xyz) <= guides.radius_km,
        MUNICIPALITY: serving,
        FULL: guides.free_places > 0,
        EXCLUDED: np.ones(len(guides), dtype=bool),
    }
    holds[EXCLUDED][[guides.position[guide_id] for guide_id in barred if guide_id in guides.position]] = False
    broken = np.zeros(len(guides), dtype=np.uint16)
    for bit, name in enumerate(VIOLATIONS):
        broken |= np.left_shift(~holds[name], bit, dtype=np.uint16)
    return broken
