"""Drawings: whatever the counts, every shape lies in its box, is a number, and stands for what was counted."""

import math
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lotsen import places
from lotsen.web import drawing, map_drawing
from lotsen.web.drawing import Drawing, Shape
from lotsen.web.map_drawing import BLEED, Spot

counts = st.integers(0, 200_000)
names = st.text(max_size=30)
rows = st.lists(st.tuples(names, st.lists(counts, min_size=2, max_size=4)), max_size=14)
#: A district, a town in a district, a district that has merged, a city outside Lower Saxony, nothing at all.
TERRITORIES = (("03454",), ("03351006",), ("03159", "03152", "03156"), ("05515",), ())
postcodes = st.sampled_from(sorted(place.postcode for place in places.in_territory(("03", "05515")))) | st.just("99999")
spots = st.lists(st.tuples(postcodes, counts, counts), max_size=20, unique_by=lambda spot: spot[0])
#: Rounding to a tenth of a unit, and the stroke of a shape.
SLACK = 0.2


def numbers(shape: Shape) -> list[tuple[float, float]]:
    """The corners of a shape: of a text only where it starts."""
    at = shape.at
    if shape.tag == "path":
        found = [float(number) for number in re.findall(r"-?[\d.]+", str(at["d"]))]
        return list(zip(found[::2], found[1::2], strict=True))
    if shape.tag == "circle":
        x, y, r = (float(at[name]) for name in ("cx", "cy", "r"))
        return [(x - r, y - r), (x + r, y + r)]
    x, y = float(at["x"]), float(at["y"])
    return [(x, y), (x + float(at.get("width", 0)), y + float(at.get("height", 0)))]


def check(drawn: Drawing, bleed: float = 0.0) -> None:
    for shape in drawn.shapes:
        for x, y in numbers(shape):
            assert math.isfinite(x)
            assert math.isfinite(y)
            assert -bleed - SLACK <= x <= drawn.width + bleed + SLACK, shape
            assert -bleed - SLACK <= y <= drawn.height + bleed + SLACK, shape


def figures(drawn: Drawing) -> list[int]:
    return [int(shape.text) for shape in drawn.shapes if shape.kind == "figure"]


@settings(max_examples=30, deadline=None)
@given(rows)
def test_bars_and_columns_lie_in_their_box_and_add_up(given_rows):
    bars, columns = drawing.bars(given_rows), drawing.columns(given_rows)
    for drawn in (bars, columns):
        check(drawn)
    assert figures(bars) == [count for _name, some in given_rows for count in some]
    assert figures(columns) == [sum(some) for _name, some in given_rows]
    for drawn in (bars, columns):
        assert [shape.text for shape in drawn.shapes if shape.kind == "label"] == [name for name, _some in given_rows]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.lists(counts, min_size=4, max_size=4), min_size=1, max_size=12))
def test_columns_are_as_high_as_their_counts(some):
    drawn = drawing.columns([("", each) for each in some])
    most = max(sum(each) for each in some) or 1
    heights = {kind: [s.at["height"] for s in drawn.shapes if s.kind == kind] for kind in drawing.SERIES}
    for number, kind in enumerate(drawing.SERIES):
        expected = [each[number] / most * 170 for each in some if each[number]]
        assert all(abs(float(a) - b) <= 0.06 for a, b in zip(heights[kind], expected, strict=True))


@settings(max_examples=30, deadline=None)
@given(st.sampled_from(TERRITORIES), spots)
def test_a_map_shows_every_place_of_its_territory_and_tells_of_the_others(territory, given_spots):
    named = [Spot(postcode, disc, ring, f"{postcode} {disc} {ring}") for postcode, disc, ring in given_spots]
    drawn, outside = map_drawing.draw(territory, named)
    if drawn is None:
        assert outside == named
        assert not territory
        assert not any(places.find(spot.postcode) for spot in named)
        return
    check(Drawing(drawn.width, drawn.height, tuple(s for s in drawn.shapes if s.tag != "path")))
    check(drawn, BLEED)
    shown = [spot for spot in named if spot not in outside]
    for kind in ("disc", "ring"):
        told = sorted(shape.text for shape in drawn.shapes if shape.kind == kind)
        assert told == sorted(spot.told for spot in shown if getattr(spot, kind))
    inside = {place.postcode for place in places.in_territory(territory)} if territory else set()
    assert not [spot for spot in outside if spot.postcode in inside]


@pytest.mark.parametrize(
    ("territory", "outlined", "dots"), [(("03454",), True, 0), (("05515",), False, 13), ((), False, 13)]
)
def test_where_no_outlines_are_at_hand_each_postal_code_is_a_dot(territory, outlined, dots):
    """Münster lies outside Lower Saxony; an office without a territory has its map where its people are."""
    spots = [Spot(postcode, 3, 2, postcode) for postcode in ("49716" if outlined else "48143", "99999")]
    drawn, outside = map_drawing.draw(territory, spots)
    kinds = [shape.kind for shape in drawn.shapes]
    assert ("land" in kinds, kinds.count("dot")) == (outlined, dots)
    assert {"disc", "ring", "town"} <= set(kinds)
    assert outside == spots[1:]


@given(st.floats(0, 100), st.floats(0, 100))
def test_meters_keep_to_their_box(one, other):
    low, high = sorted((one, other))
    drawn = drawing.meter([("ground", 0, 100, 0), ("a", 0, low, 0), ("range", low, high, 5)])
    check(drawn)
    assert [shape.kind for shape in drawn.shapes] == ["ground", "a", "range"]


def test_a_ring_is_cut_at_the_edge_of_the_map():
    square = [(0.0, 0.0), (10.0, 0.0), (10.0, 10.0), (0.0, 10.0)]
    assert sorted(map_drawing.clip(square, (5.0, 5.0, 20.0, 20.0))) == [
        (5.0, 5.0),
        (5.0, 10.0),
        (10.0, 5.0),
        (10.0, 10.0),
    ]
    assert map_drawing.clip(square, (-1.0, -1.0, 11.0, 11.0)) == square
    assert map_drawing.clip(square, (20.0, 20.0, 30.0, 30.0)) == []
