"""Which pairs may be proposed at all: the hard rules.

Each rule is written once, as a comparison of newcomers (down) with guides (across), and serves two uses: listing all
feasible pairs, and saying for one newcomer which rules each guide breaks. To list pairs quickly, newcomers who agree
in municipality and languages are taken together, the guides who can serve them are looked up once, and only those are
compared pair by pair. Memory grows with the feasible pairs, not with newcomers × guides.
"""

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.profiles import EARTH_RADIUS_KM, Guides, Newcomers

#: Comparisons made at a time; small enough for the processor's cache.
BLOCK = 1 << 18

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
    tongues = newcomers.speaks(guides.spoken, guides.tongue_words)
    found = [
        _compare(
            newcomers,
            guides,
            rows,
            columns,
            np.ones((len(rows), len(columns)), dtype=bool)
            if alike
            else _share_a_language(tongues[rows], guides.tongues[columns]) != interpreter,
        )
        for members, columns, alike in _groups(newcomers, guides, tongues, interpreter)
        if len(columns)
        for rows in _blocks(members, len(columns))
    ]
    pairs = _collect(found, newcomers)
    kept = np.ones(len(pairs), dtype=bool)
    kept[positions(pairs, newcomers, guides, excluded)] = False
    return pairs if kept.all() else pairs.keep(kept)


def _groups(
    newcomers: Newcomers, guides: Guides, tongues: Sets, interpreter: bool
) -> Iterator[tuple[npt.NDArray[np.int64], npt.NDArray[np.int32], bool]]:
    """Yield newcomers of one municipality with the guides who may serve it.

    Where there are many of both, those newcomers who agree in languages too, with the guides who speak one of them;
    this is what the third value says.
    """
    ready = guides.cleared & (guides.free_places > 0)
    codes, municipality = np.unique(np.array(newcomers.municipality, dtype=object), return_inverse=True)
    for home, members in enumerate(_split(np.argsort(municipality, kind="stable"), municipality[:, None])):
        serving = guides.serving.get(str(codes[home]), np.empty(0, dtype=np.int32))
        serving = serving[ready[serving]]
        if len(members) * len(serving) <= BLOCK:
            yield members, serving, False
            continue
        for alike in _split(members[np.lexsort(tongues[members].T)], tongues):
            speak = _share_a_language(tongues[alike[:1]], guides.tongues[serving])[0]
            yield alike, serving[speak != interpreter], True


def _split(order: npt.NDArray[np.int64], keys: npt.NDArray[Any]) -> list[npt.NDArray[np.int64]]:
    """Cut an order where the keys, shape (people, columns), change."""
    sorted_keys = keys[order]
    return np.split(order, np.flatnonzero((sorted_keys[1:] != sorted_keys[:-1]).any(axis=1)) + 1) if len(order) else []


def _blocks(members: npt.NDArray[np.int64], width: int) -> Iterator[npt.NDArray[np.int64]]:
    height = max(1, BLOCK // width)
    for begin in range(0, len(members), height):
        yield members[begin : begin + height]


_Found = tuple[npt.NDArray[np.int64], npt.NDArray[np.int64], npt.NDArray[np.int32], npt.NDArray[np.float32]]


def _compare(
    newcomers: Newcomers, guides: Guides, rows: npt.NDArray[np.int64], columns: npt.NDArray[np.int32], fits: Mask
) -> _Found:
    """Return the rows, how many pairs each has, and those pairs' guides and distances.

    ``fits``, shape (rows, columns), says which pairs to look at, and is changed.
    """
    newcomer = _Rows(newcomers, rows, (-1, 1))
    if len(rows) == 1:  # one newcomer's question: the rules look only at who is near, mostly few
        columns = columns[fits[0]]
        columns = columns[guides.xyz[columns] @ newcomers.xyz[rows[0]] >= guides.nearness[columns]]
        fits = np.ones((1, len(columns)), dtype=bool)
    else:
        fits &= newcomers.xyz[rows] @ guides.xyz[columns].T >= guides.nearness[columns]
    for holds in RULES.values():
        fits &= holds(newcomer, _Rows(guides, columns, (1, -1)))
    down, across = np.nonzero(fits)
    distance = distance_km(newcomers.xyz[rows[down]], guides.xyz[columns[across]])
    near = distance <= guides.radius_km[columns[across]]
    if not near.all():
        down, across, distance = down[near], across[near], distance[near]
    return rows, np.bincount(down, minlength=len(rows)), columns[across], distance.astype(np.float32)


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


def violations(
    newcomers: Newcomers, newcomer: int, guides: Guides, *, excluded: Collection[tuple[str, str]] = ()
) -> npt.NDArray[np.uint16]:
    """Return for each guide the set of rules broken with one newcomer, as bits in the order of VIOLATIONS.

    Args:
        newcomers: Where to find the newcomer.
        newcomer: Position there.
        guides: All guides to compare with.
        excluded: As for :func:`feasible_pairs`.
    """
    one, all_guides = _Rows(newcomers, slice(newcomer, newcomer + 1), (1, 1)), _Rows(guides, slice(None), (1, -1))
    tongues = newcomers.speaks(guides.spoken, guides.tongue_words, slice(newcomer, newcomer + 1))
    serving = np.zeros(len(guides), dtype=bool)
    serving[guides.serving.get(newcomers.municipality[newcomer], [])] = True
    barred = {guide_id for newcomer_id, guide_id in excluded if newcomer_id == newcomers.ids[newcomer]}
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
