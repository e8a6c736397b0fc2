"""Made-up newcomers and guides of a Land, as rows for the matcher: the same for the same seed on every machine.

Places are postal codes inside districts; languages, topics and times are drawn with the unevenness that coordination
offices report: a few large languages and many small ones, some German on both sides. At 100,000 × 40,000 they have
about twelve million feasible pairs.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.vocabulary import SLOTS, TOPICS

Rows = list[dict[str, Any]]

LANGUAGES = tuple(
    language
    for line in (
        "ar uk fa ku tr ru so ti ps fr en",
        "sq sr ro pl es pt vi am ha yo ka",
        "hy az ur hi bn ta my zh prs kmr",
    )
    for language in line.split()
)
#: Districts lie on a grid of this many columns, in cells of these sizes in degrees (about 30 × 33 km).
_COLUMNS, _LATITUDE, _LONGITUDE = 7, 0.3, 0.45
_CODES_A_DISTRICT = 20


def made_up(newcomers: int, guides: int, *, districts: int = 45, seed: int = 0) -> tuple[Rows, Rows]:
    """Make newcomers and guides."""
    rng = np.random.default_rng(seed)
    codes = districts * _CODES_A_DISTRICT
    row, column = np.divmod(np.arange(codes) // _CODES_A_DISTRICT, _COLUMNS)
    places = np.column_stack(
        [
            51.5 + _LATITUDE * (row + rng.random(codes)),
            7.0 + _LONGITUDE * (column + rng.random(codes)),
        ]
    )
    return _newcomers(rng, newcomers, places.round(4)), _guides(rng, guides, places.round(4), districts)


def _pick(rng: np.random.Generator, names: Sequence[Any], size: int, tilt: float = 1.0) -> list[Any]:
    """Draw names; the higher the tilt, the likelier the first ones."""
    return [names[position] for position in (len(names) * rng.random(size) ** tilt).astype(int).tolist()]


def _some(rng: np.random.Generator, names: Sequence[str], low: int, high: int, size: int) -> list[list[str]]:
    """Draw sets of names, each of a number of names between two limits."""
    order = np.argsort(rng.random((size, len(names))), axis=1)
    counts = rng.integers(low, high + 1, size)
    return [[names[at] for at in sorted(row[:count])] for row, count in zip(order.tolist(), counts, strict=True)]


def _rows(columns: dict[str, list[Any]]) -> Rows:
    return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]


def _person(rng: np.random.Generator, size: int, letter: str, places: npt.NDArray[np.float64]) -> dict[str, list[Any]]:
    code = rng.integers(len(places), size=size)
    return {
        "id": [f"{letter}{number:06}" for number in range(size)],
        "latitude": places[code, 0].tolist(),
        "longitude": places[code, 1].tolist(),
        "municipality": [f"03{district:03}" for district in (code // _CODES_A_DISTRICT).tolist()],
        "gender": _pick(rng, ("f", "m", "d", ""), size, 2.5),
    }


def _newcomers(rng: np.random.Generator, size: int, places: npt.NDArray[np.float64]) -> Rows:
    first, german = _pick(rng, LANGUAGES, size, 2.5), _pick(rng, ("A1", "A2", "", "B1", "B2"), size, 2)
    return _rows(
        _person(rng, size, "n", places)
        | {
            "languages": [
                {language: "C2"} | ({"de": level} if level else {})
                for language, level in zip(first, german, strict=True)
            ],
            "topics": _some(rng, TOPICS, 1, 4, size),
            "slots": _some(rng, SLOTS, 3, 10, size),
            "guide_gender": ["f" if draw < 0.15 else "" for draw in rng.random(size).tolist()],
            "children": (rng.random(size) < 0.4).tolist(),
            "waiting_days": rng.exponential(40, size).astype(int).tolist(),
        }
    )


def _guides(rng: np.random.Generator, size: int, places: npt.NDArray[np.float64], districts: int) -> Rows:
    person, german = _person(rng, size, "g", places), _pick(rng, ("C2", "C1", "B2"), size, 2)
    further = [_pick(rng, (*LANGUAGES, *[""] * 20), size, 1.5) for _ in range(2)]
    levels = [_pick(rng, ("C2", "C1", "B2", "B1"), size) for _ in range(2)]
    capacity = rng.integers(1, 4, size)
    homes = [int(municipality[2:]) for municipality in person["municipality"]]
    return _rows(
        person
        | {
            "neighbours": [
                [f"03{other:03}" for other in (home - 1, home + 1) if 0 <= other < districts] for home in homes
            ],
            "languages": [
                {"de": level, **{spoken: at for spoken, at in ((one, one_at), (two, two_at)) if spoken}}
                for level, one, two, one_at, two_at in zip(german, *further, *levels, strict=True)
            ],
            "topics": _some(rng, TOPICS, 3, 8, size),
            "slots": _some(rng, SLOTS, 4, 12, size),
            "newcomer_gender": ["f" if draw < 0.05 else "" for draw in rng.random(size).tolist()],
            "radius_km": _pick(rng, (20.0, 15.0, 30.0, 10.0, 40.0, 5.0), size),
            "capacity": capacity.tolist(),
            "free_places": np.maximum(capacity - rng.integers(0, 2, size), 0).tolist(),
            "cleared": (rng.random(size) < 0.9).tolist(),
            "children_cleared": (rng.random(size) < 0.8).tolist(),
            "completed": rng.exponential(2, size).astype(int).tolist(),
        }
    )
