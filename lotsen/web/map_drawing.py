"""A map of districts with a circle on each postal code's centre: a disc for one count, a ring for another.

Outlines are at hand for Lower Saxony (`lotsen/districts.py`). Elsewhere a dot for each postal code of the territory
shows how far it reaches.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import cos, radians, sqrt
from typing import Final

from lotsen import places
from lotsen.districts import District, Point, districts
from lotsen.web.drawing import WIDTH, Drawing, Shape, shape

#: The largest circle's radius, the smallest one's, and the height at most.
_LARGEST, _SMALLEST, _HEIGHT = 20.0, 3.0, 420.0
#: The largest circle stands for that many people at least: one person alone is no crowd.
_FEW: Final = 8
#: Outlines go on so far beyond the map's edge, where nobody sees them end.
BLEED: Final = 2.0
#: How much around a town is shown, in degrees of latitude (about 9 km).
_NEAR: Final = 0.08
#: The radius of a postal code's dot where no outlines are at hand.
_DOT: Final = 1.5
#: How many towns are named at most, and about how broad and high a name is.
_NAMED, _LETTER, _LINE = 8, 6.2, 12.0


@dataclass(frozen=True, slots=True)
class Spot:
    """One postal code with two counts; `told` is what a pointer on its circle is told."""

    postcode: str
    disc: int
    ring: int
    told: str


Box = tuple[float, float, float, float]


class _View:
    """Degrees to units: equal distances in both directions in the middle of the map (equirectangular)."""

    def __init__(self, points: Sequence[Point]) -> None:
        self.west, east = min(p[0] for p in points), max(p[0] for p in points)
        south, self.north = min(p[1] for p in points), max(p[1] for p in points)
        self.narrow = cos(radians((south + self.north) / 2))
        margin = _LARGEST + 2
        across, down = max((east - self.west) * self.narrow, 0.01), max(self.north - south, 0.01)
        self.scale = min((WIDTH - 2 * margin) / across, (_HEIGHT - 2 * margin) / down)
        self.left, self.top = (WIDTH - across * self.scale) / 2, margin
        self.height = down * self.scale + 2 * margin

    def at(self, point: Point) -> Point:
        """Return where a point in degrees lies."""
        across = (point[0] - self.west) * self.narrow * self.scale
        return self.left + across, self.top + (self.north - point[1]) * self.scale

    def holds(self, point: Point) -> bool:
        """Whether a circle around this point lies within the box."""
        return _LARGEST <= point[0] <= WIDTH - _LARGEST and _LARGEST <= point[1] <= self.height - _LARGEST


def draw(territory: tuple[str, ...], spots: Sequence[Spot]) -> tuple[Drawing | None, list[Spot]]:
    """Return the map of a territory and the spots outside it.

    A territory of which nothing is known is where the spots are; no map where nothing is known of them either.
    """
    lived_in = {place.ags for place in (places.find(spot.postcode) for spot in spots) if place}
    ground = _ground(territory) or _ground(tuple(sorted(lived_in)))
    if ground is None:
        return None, list(spots)
    view, own, outlines = ground
    located = [(spot, _where(view, spot)) for spot in spots]
    inside = [(spot, at) for spot, at in located if at is not None]
    shapes = (*outlines, *_circles(inside), *_names(view, own, inside))
    outside = [spot for spot, at in located if at is None]
    return Drawing(WIDTH, round(view.height, 1), shapes), outside


@lru_cache(maxsize=64)
def _ground(territory: tuple[str, ...]) -> tuple[_View, list[District], tuple[Shape, ...]] | None:
    """Return what is the same on each map of a territory: its view, districts, outlines and dots. None if unknown."""
    own = [each for each in districts() if each.meets(territory)]
    points = _extent(territory, own)
    if not points:
        return None
    view = _View(points)
    return view, own, (*_outlines(view, own), *_dots(view, territory))


def _extent(territory: tuple[str, ...], own: list[District]) -> list[Point]:
    """Return what the map has to show: whole districts, or a town within one with what is near."""
    whole = [each for each in own if each.code.startswith(territory)]
    points = [point for each in whole for ring in each.rings for point in ring]
    towns = [(place.longitude, place.latitude) for place in places.in_territory(territory)] if territory else []
    if towns and not whole:
        middle = [sum(way) / len(towns) for way in zip(*towns, strict=True)]
        towns += [(middle[0] + east * _NEAR, middle[1] + north * _NEAR) for east in (-1.5, 1.5) for north in (-1, 1)]
    return points + towns


def _where(view: _View, spot: Spot) -> Point | None:
    place = places.find(spot.postcode)
    at = view.at((place.longitude, place.latitude)) if place else None
    return at if at and view.holds(at) else None


def _outlines(view: _View, own: list[District]) -> Iterator[Shape]:
    box = (-BLEED, -BLEED, WIDTH + BLEED, view.height + BLEED)
    for mine in (False, True):
        for each in districts():
            rings = [clip([view.at(point) for point in ring], box) for ring in each.rings]
            path = "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in ring) + "Z" for ring in rings if ring)
            if path and (each in own) is mine:
                yield shape("path", "land" if mine else "around", d=path, fill_rule="evenodd")


def _dots(view: _View, territory: tuple[str, ...]) -> Iterator[Shape]:
    """Show the territory's postal codes where no outline shows how far it reaches."""
    outlined = tuple({each.code[:2] for each in districts()})
    for place in places.in_territory(territory):
        if not place.ags.startswith(outlined):
            x, y = view.at((place.longitude, place.latitude))
            yield shape("circle", "dot", cx=x, cy=y, r=_DOT)


def clip(ring: list[Point], box: Box) -> list[Point]:
    """Return the part of a ring that lies in a box; empty where there is none (Sutherland and Hodgman, 1974)."""
    left, top, right, bottom = box
    for axis, limit, sign in ((0, left, 1), (0, right, -1), (1, top, 1), (1, bottom, -1)):
        kept: list[Point] = []
        for before, here in zip([*ring[-1:], *ring[:-1]], ring, strict=True):
            within = [sign * (point[axis] - limit) >= 0 for point in (before, here)]
            if within[0] is not within[1]:
                share = (limit - before[axis]) / (here[axis] - before[axis])
                cut = before[1 - axis] + share * (here[1 - axis] - before[1 - axis])
                kept.append((limit, cut) if axis == 0 else (cut, limit))
            if within[1]:
                kept.append(here)
        ring = kept
    return ring


def _circles(spots: list[tuple[Spot, Point]]) -> Iterator[Shape]:
    """Areas stand for counts; large ones first, so that they cover nothing."""
    most = _most(spots)
    for spot, (x, y) in sorted(spots, key=lambda each: -max(each[0].disc, each[0].ring)):
        for kind, count in (("disc", spot.disc), ("ring", spot.ring)):
            if count:
                yield shape("circle", kind, spot.told, cx=x, cy=y, r=_radius(count, most))


def _most(spots: list[tuple[Spot, Point]]) -> int:
    return max(_FEW, *(max(spot.disc, spot.ring) for spot, _at in spots)) if spots else _FEW


def _radius(count: int, most: int) -> float:
    return max(_SMALLEST, _LARGEST * sqrt(count / most)) if count else 0.0


def _names(view: _View, own: list[District], spots: list[tuple[Spot, Point]]) -> Iterator[Shape]:
    """Name the towns with most people and the districts around, where there is room."""
    most = _most(spots)
    towns: dict[str, Point] = {}
    for spot, (x, y) in sorted(spots, key=lambda each: -(each[0].disc + each[0].ring)):
        place = places.find(spot.postcode)
        if place and place.town not in towns and len(towns) < _NAMED:
            towns[place.town] = (x, y - _radius(max(spot.disc, spot.ring), most))
    chosen = [("town", name, at) for name, at in towns.items()]
    around = [("beside", each.name, view.at(each.label)) for each in districts() if each not in own]
    taken: list[Box] = []
    for kind, name, (x, y) in [*chosen, *around]:
        half = len(name) * _LETTER / 2
        box = (x - half, y - _LINE, x + half, y)
        free = all(box[2] < b[0] or b[2] < box[0] or box[3] < b[1] or b[3] < box[1] for b in taken)
        if free and box[0] >= 0 and box[1] >= 0 and box[2] <= WIDTH and box[3] <= view.height:
            taken.append(box)
            yield shape("text", kind, name, x=x, y=y - 3, text_anchor="middle")
