"""Postal codes: where they are, and which municipality they lie in (`data/SOURCES.md`)."""

import csv
import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

#: Mean radius (IUGG); the matcher uses the same.
EARTH_RADIUS_KM: Final = 6371.0088
_FILE = Path(__file__).parent / "data" / "postcodes.csv"


@dataclass(frozen=True, slots=True)
class Place:
    """One postal code: its centre in degrees (WGS 84), its main place, its municipality's official code (AGS)."""

    postcode: str
    latitude: float
    longitude: float
    town: str
    municipality: str
    ags: str


@cache
def _places() -> dict[str, Place]:
    with _FILE.open(encoding="utf-8", newline="") as rows:
        return {
            row["postcode"]: Place(
                row["postcode"],
                float(row["latitude"]),
                float(row["longitude"]),
                row["place"],
                row["municipality"],
                row["municipality_code"],
            )
            for row in csv.DictReader(rows)
        }


def find(postcode: str) -> Place | None:
    """Return the place of a five-digit postal code, or None where it is unknown."""
    return _places().get(postcode)


@cache
def _towns() -> dict[str, str]:
    return {name.casefold(): name for place in _places().values() for name in (place.town, place.municipality)}


def town(text: str) -> str | None:
    """Return the town of this name as it is written, or None where there is none: people type other things, too."""
    return _towns().get(text.strip().casefold())


def in_territory(prefixes: tuple[str, ...]) -> list[Place]:
    """Return the places whose municipality starts with one of `prefixes`, by postal code."""
    return [place for _, place in sorted(_places().items()) if place.ags.startswith(prefixes)]


def distance_km(latitude: float, longitude: float, other_latitude: float, other_longitude: float) -> float:
    """Return the great circle between two points in degrees, in km (haversine formula)."""
    phi, psi = math.radians(latitude), math.radians(other_latitude)
    across = math.radians(other_longitude - longitude)
    chord = math.sin((psi - phi) / 2) ** 2 + math.cos(phi) * math.cos(psi) * math.sin(across / 2) ** 2
    return 2 * EARTH_RADIUS_KM * math.asin(min(1.0, math.sqrt(chord)))
