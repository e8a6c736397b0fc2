"""The outlines of Lower Saxony's districts and independent cities, simplified (`data/SOURCES.md`)."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

#: Longitude, latitude in degrees (WGS 84).
Point = tuple[float, float]

_FILE: Final = Path(__file__).parent / "data" / "districts-lower-saxony.geojson"


@dataclass(frozen=True, slots=True)
class District:
    """One district: official code (AGS), name, where the name is written, its outlines (outer ones and holes)."""

    code: str
    name: str
    label: Point
    rings: tuple[tuple[Point, ...], ...]

    def meets(self, prefixes: tuple[str, ...]) -> bool:
        """Whether the district is a part of what `prefixes` stand for, or the other way round."""
        return any(self.code.startswith(prefix) or prefix.startswith(self.code) for prefix in prefixes)


@cache
def districts() -> tuple[District, ...]:
    """Return all districts, by code."""
    features = json.loads(_FILE.read_text(encoding="utf-8"))["features"]
    found = [_district(each["properties"], each["geometry"]) for each in features]
    return tuple(sorted(found, key=lambda each: each.code))


def _district(properties: dict[str, Any], geometry: dict[str, Any]) -> District:
    shapes = geometry["coordinates"] if geometry["type"] == "MultiPolygon" else [geometry["coordinates"]]
    rings = tuple(tuple((east, north) for east, north in ring) for shape in shapes for ring in shape)
    return District(properties["code"], properties["name"], tuple(properties["label"]), rings)
