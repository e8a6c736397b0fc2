"""Newcomers and guides as arrays: one position a person, people in the order of their ids.

The order by id makes every result independent of the order of the input. Many values in one cell become bits
(topics, slots) or a padded matrix (languages), so that rules and features are a few array operations.
"""

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import cached_property
from itertools import islice
from operator import lt
from typing import Any, Self

import numpy as np
import numpy.typing as npt

from matching.cells import bits, bits_or_all, filled, flag, gender, number, spoken_languages, values, whole
from matching.tables import Table, read_table
from matching.vocabulary import KINDS, SLOTS, SUFFICIENT, TOPICS

#: Mean radius of the Earth (IUGG), in km.
EARTH_RADIUS_KM = 6371.0088
#: Products of places on the unit sphere this near to the limit are measured again by the exact formula.
_SLACK = 1e-12

_PERSON: dict[str, Callable[[str], Any]] = {
    "id": filled,
    "latitude": number(-90, 90),
    "longitude": number(-180, 180),
    "municipality": filled,
    "languages": spoken_languages,
    "topics": bits(TOPICS),
    "slots": bits(SLOTS),
    "gender": gender,
}
NEWCOMER_COLUMNS = _PERSON | {
    "guide_gender": gender,
    "children": flag,
    "waiting_days": number(0, 36525),
}
GUIDE_COLUMNS = _PERSON | {
    "neighbours": values,
    "newcomer_gender": gender,
    "radius_km": number(0, 20038),
    "capacity": whole(0, 10_000),
    "free_places": whole(0, 10_000),
    "cleared": flag,
    "children_cleared": flag,
    "completed": whole(0, 1_000_000),
}
#: Columns that may be missing.
_KINDS = {"kinds": bits_or_all(KINDS)}
_PLACES = {"places": whole(1, 2)}


@dataclass(frozen=True, eq=False)
class People:
    """What newcomers and guides have in common; ``n`` people.

    Attributes:
        ids: Rising.
        latitude, longitude: Degrees, shape (n,).
        municipality: Codes.
        language: Numbers of ``language_numbers()``, shape (n, most languages of one person), padded with -1.
        level: Positions in ``LEVELS``, same shape, padded with -1.
        topics, slots: Bit sets over ``TOPICS`` and ``SLOTS``, shape (n,).
        gender: 0 unknown, else the position in ``GENDERS`` counted from 1, shape (n,).
        kinds: Bit sets over ``KINDS``: what is asked for, or taken, shape (n,).
    """

    ids: tuple[str, ...]
    latitude: npt.NDArray[np.float64]
    longitude: npt.NDArray[np.float64]
    municipality: tuple[str, ...]
    language: npt.NDArray[np.int16]
    level: npt.NDArray[np.int8]
    topics: npt.NDArray[np.uint16]
    slots: npt.NDArray[np.uint32]
    gender: npt.NDArray[np.uint8]
    kinds: npt.NDArray[np.uint8]

    def __len__(self) -> int:
        return len(self.ids)

    @cached_property
    def position(self) -> dict[str, int]:
        """Where an id stands in the arrays."""
        return {person: position for position, person in enumerate(self.ids)}

    def names(self, positions: npt.NDArray[np.integer]) -> list[str]:
        """The ids at some positions."""
        return [self.ids[at] for at in positions.tolist()]

    def take(self, positions: npt.NDArray[np.int64]) -> Self:
        """Some of the people, by rising position."""
        taken: dict[str, Any] = {}
        for field in fields(self):
            values = getattr(self, field.name)
            some = isinstance(values, np.ndarray)
            taken[field.name] = values[positions] if some else tuple(values[at] for at in positions.tolist())
        return type(self)(**taken)

    @cached_property
    def xyz(self) -> npt.NDArray[np.float64]:
        """Places as points on the unit sphere, shape (n, 3)."""
        latitude, longitude = np.radians(self.latitude), np.radians(self.longitude)
        east, north = np.cos(latitude) * np.cos(longitude), np.cos(latitude) * np.sin(longitude)
        return np.column_stack([east, north, np.sin(latitude)])

    @cached_property
    def town(self) -> npt.NDArray[np.intp]:
        """A number for each place, the same for people at the same one, shape (n,)."""
        _, latitude = np.unique(self.latitude, return_inverse=True)
        _, longitude = np.unique(self.longitude, return_inverse=True)
        return np.asarray(latitude * (longitude.max(initial=0) + 1) + longitude)

    def speaks(
        self, language: npt.NDArray[np.int16], words: int, people: slice = slice(None)
    ) -> npt.NDArray[np.uint64]:
        """Bit sets of the languages spoken well enough, shape (n, words).

        Args:
            language: The languages that have bits, rising, at most ``64 * words``.
            words: How many numbers of 64 bits a set takes.
            people: Only these.
        """
        spoken, level = self.language[people], self.level[people]
        masks = np.zeros((len(spoken), words), dtype=np.uint64)
        bit = np.searchsorted(language, spoken)
        bit[bit == len(language)] = 0
        for column in range(spoken.shape[1] if len(language) else 0):
            known = (language[bit[:, column]] == spoken[:, column]) & (level[:, column] >= SUFFICIENT)
            rows = np.flatnonzero(known)
            masks[rows, bit[rows, column] // 64] |= np.uint64(1) << (bit[rows, column] % 64).astype(np.uint64)
        return masks


@dataclass(frozen=True, eq=False)
class Newcomers(People):
    """People who ask for a guide.

    Attributes:
        guide_gender: Wish, 0 any, coded as ``gender``.
        children: Whether children live in the household.
        waiting_days: Since the request.
        places: How many guides are wanted, 1 or 2.
    """

    guide_gender: npt.NDArray[np.uint8]
    children: npt.NDArray[np.bool_]
    waiting_days: npt.NDArray[np.float64]
    places: npt.NDArray[np.int64]

    @classmethod
    def read(cls, source: object, name: str = "newcomers") -> Self:
        """Read newcomers from a CSV path, rows or a data frame; an instance is returned as it is.

        Raises:
            InputError: A column is missing, a code unknown, a number out of range or an id there twice.
        """
        if isinstance(source, cls):
            return source
        table = read_table(source, name)
        columns = _columns(table, NEWCOMER_COLUMNS, _KINDS | _PLACES)
        return cls(
            **_person_arrays(columns),
            guide_gender=np.array(columns["guide_gender"], dtype=np.uint8),
            children=np.array(columns["children"], dtype=bool),
            waiting_days=np.array(columns["waiting_days"], dtype=float),
            places=np.array(columns.get("places", [1] * len(columns["id"])), dtype=np.int64),
        )


@dataclass(frozen=True, eq=False)
class Guides(People):
    """Volunteers.

    Attributes:
        neighbours: Further municipalities each may serve.
        newcomer_gender: Wish, 0 any, coded as ``gender``.
        radius_km: How far each would go.
        capacity: Most pairings at one time.
        free_places: How many more pairings now, never above the capacity.
        cleared: Interview done and cleared by the office.
        children_cleared: A valid conduct check is known.
        completed: Pairings completed so far.
    """

    neighbours: tuple[tuple[str, ...], ...]
    newcomer_gender: npt.NDArray[np.uint8]
    radius_km: npt.NDArray[np.float64]
    capacity: npt.NDArray[np.int64]
    free_places: npt.NDArray[np.int64]
    cleared: npt.NDArray[np.bool_]
    children_cleared: npt.NDArray[np.bool_]
    completed: npt.NDArray[np.int64]

    @classmethod
    def read(cls, source: object, name: str = "guides") -> Self:
        """Read guides from a CSV path, rows or a data frame; an instance is returned as it is.

        Raises:
            InputError: A column is missing, a code unknown, a number out of range or an id there twice.
        """
        if isinstance(source, cls):
            return source
        columns = _columns(read_table(source, name), GUIDE_COLUMNS, _KINDS)
        capacity = np.array(columns["capacity"], dtype=np.int64)
        return cls(
            **_person_arrays(columns),
            neighbours=tuple(columns["neighbours"]),
            newcomer_gender=np.array(columns["newcomer_gender"], dtype=np.uint8),
            radius_km=np.array(columns["radius_km"], dtype=float),
            capacity=capacity,
            free_places=np.minimum(np.array(columns["free_places"], dtype=np.int64), capacity),
            cleared=np.array(columns["cleared"], dtype=bool),
            children_cleared=np.array(columns["children_cleared"], dtype=bool),
            completed=np.array(columns["completed"], dtype=np.int64),
        )

    @cached_property
    def nearness(self) -> npt.NDArray[np.float64]:
        """The least product of places on the unit sphere, a guide's and a newcomer's, within reach, shape (n,)."""
        return np.cos(np.minimum(self.radius_km / EARTH_RADIUS_KM, np.pi)) - _SLACK

    @cached_property
    def serving(self) -> dict[str, npt.NDArray[np.int32]]:
        """The guides who may serve each municipality, rising."""
        serving: dict[str, list[int]] = {}
        for guide, (home, neighbours) in enumerate(zip(self.municipality, self.neighbours, strict=True)):
            for municipality in {home, *neighbours}:
                serving.setdefault(municipality, []).append(guide)
        return {municipality: np.array(guides, dtype=np.int32) for municipality, guides in serving.items()}

    @cached_property
    def spoken(self) -> npt.NDArray[np.int16]:
        """The languages that some guide speaks well enough, rising; only these can be shared."""
        return np.unique(self.language[self.level >= SUFFICIENT])

    @cached_property
    def tongues(self) -> npt.NDArray[np.uint64]:
        """Bit sets over ``spoken``, shape (n, words)."""
        return self.speaks(self.spoken, self.tongue_words)

    @cached_property
    def spoken_level(self) -> npt.NDArray[np.int8]:
        """The level of each language in ``spoken``, -1 for none, shape (n, languages)."""
        levels = np.full((len(self), len(self.spoken)), -1, dtype=np.int8)
        rows, columns = np.nonzero(np.isin(self.language, self.spoken))
        levels[rows, np.searchsorted(self.spoken, self.language[rows, columns])] = self.level[rows, columns]
        return levels

    def prepare(self) -> None:
        """Work out at once what is otherwise worked out when it is first needed."""
        for name in ("position", "xyz", "nearness", "serving", "tongues", "spoken_level"):
            getattr(self, name)

    @property
    def tongue_words(self) -> int:
        """How many numbers of 64 bits a set over ``spoken`` takes."""
        return max(1, -(-len(self.spoken) // 64))


def _columns(
    table: Table, required: dict[str, Callable[[str], Any]], optional: dict[str, Callable[[str], Any]]
) -> dict[str, list[Any]]:
    """Read every column that is there, refuse a second row of one id, and order the people by id."""
    if not table.columns:
        return {name: [] for name in required}
    table.require(required, optional)
    readers = {name: read for name, read in (required | optional).items() if name in table.columns}
    columns = {name: table.parse(name, read) for name, read in readers.items()}
    if all(map(lt, columns["id"], islice(columns["id"], 1, None))):  # in order, so that none stands twice
        return columns
    table.refuse_repeats("id", columns["id"])
    order = sorted(range(len(columns["id"])), key=columns["id"].__getitem__)
    return {name: [values[position] for position in order] for name, values in columns.items()}


def _person_arrays(columns: dict[str, list[Any]]) -> dict[str, Any]:
    language, level = _padded(columns["languages"])
    return {
        "ids": tuple(columns["id"]),
        "latitude": np.array(columns["latitude"], dtype=float),
        "longitude": np.array(columns["longitude"], dtype=float),
        "municipality": tuple(columns["municipality"]),
        "language": language,
        "level": level,
        "topics": np.array(columns["topics"], dtype=np.uint16),
        "slots": np.array(columns["slots"], dtype=np.uint32),
        "gender": np.array(columns["gender"], dtype=np.uint8),
        "kinds": np.array(columns.get("kinds", [_KINDS["kinds"]("")] * len(columns["id"])), dtype=np.uint8),
    }


def _padded(spoken: list[tuple[tuple[int, int], ...]]) -> tuple[npt.NDArray[np.int16], npt.NDArray[np.int8]]:
    width = max(map(len, spoken), default=0)
    filler = ((-1, -1),)
    table = np.array([pairs + filler * (width - len(pairs)) for pairs in spoken], dtype=np.int16)
    table = table.reshape(len(spoken), width, 2)
    return np.ascontiguousarray(table[:, :, 0]), table[:, :, 1].astype(np.int8)
