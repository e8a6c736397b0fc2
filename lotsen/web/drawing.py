"""Drawings for pages, as shapes in a coordinate system of their own: bars, columns, meters. Maps: `web/map_drawing.py`.

Pure geometry: no colour (static/desk.css), no HTML (templates/components/drawing.html), no words but those handed in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

#: Broad enough for a phone, where one unit is about one pixel.
WIDTH: Final = 360.0
#: The kinds of a series, in this order; each has its own look, also without colours.
SERIES: Final = ("a", "b", "c", "d")

_LABEL, _BAR, _GAP, _FIGURE = 18.0, 11.0, 10.0, 44.0
_PLOT, _FOOT, _HEAD = 170.0, 20.0, 16.0


@dataclass(frozen=True, slots=True)
class Shape:
    """One SVG element: its look (`kind`), its attributes; `text` is what it says, or what a pointer on it is told."""

    tag: str
    kind: str
    at: dict[str, float | str]
    text: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """Shapes in a box from 0, 0 to `width`, `height`; later ones cover earlier ones."""

    width: float
    height: float
    shapes: tuple[Shape, ...]


#: A label, and a count for each series.
Row = tuple[str, Sequence[int]]
#: The look, begin and end in percent, and how much room there is above and below.
Span = tuple[str, float, float, float]


def shape(tag: str, kind: str, text: str = "", **at: float | str) -> Shape:
    """Return a shape with its numbers rounded; `text_anchor` becomes text-anchor."""
    rounded = {
        name.replace("_", "-"): round(value, 1) if isinstance(value, float) else value for name, value in at.items()
    }
    return Shape(tag, kind, rounded, text)


def bars(rows: Sequence[Row], series: Sequence[str] = SERIES) -> Drawing:
    """Return a group of bars for each row, below its label, each with its figure at its end."""
    most = max((count for _label, counts in rows for count in counts), default=0) or 1
    shapes, top = [], 0.0
    for label, counts in rows:
        shapes.append(shape("text", "label", label, x=0.0, y=top + 13))
        top += _LABEL
        for kind, count in zip(series, counts, strict=False):
            width = count / most * (WIDTH - _FIGURE)
            if count:
                shapes.append(shape("rect", kind, x=0.5, y=top + 0.5, width=max(width, 2.0), height=_BAR - 2))
            shapes.append(shape("text", "figure", str(count), x=(width if count else 0) + 6, y=top + 9.5))
            top += _BAR + 1
        top += _GAP
    return Drawing(WIDTH, round(max(top - _GAP, 1.0), 1), tuple(shapes))


def columns(rows: Sequence[Row], series: Sequence[str] = SERIES) -> Drawing:
    """Return a column for each row, its series on top of each other, the sum above and the label below."""
    most = max((sum(counts) for _label, counts in rows), default=0) or 1
    step = WIDTH / max(len(rows), 1)
    ground = _HEAD + _PLOT
    shapes = [shape("rect", "axis", x=0.0, y=ground, width=WIDTH, height=1.0)]
    for number, (label, counts) in enumerate(rows):
        left, top = number * step, ground
        for kind, count in zip(series, counts, strict=False):
            height = count / most * _PLOT
            top -= height
            if count:
                shapes.append(shape("rect", kind, x=left + step * 0.14, y=top, width=step * 0.72, height=height))
        middle = left + step / 2
        shapes.append(shape("text", "figure", str(sum(counts)), x=middle, y=top - 4, text_anchor="middle"))
        shapes.append(shape("text", "label", label, x=middle, y=ground + 15, text_anchor="middle"))
    return Drawing(WIDTH, ground + _FOOT, tuple(shapes))


def meter(spans: Iterable[Span], width: float = 100.0, height: float = 12.0) -> Drawing:
    """Return a small bar beside a figure: spans in percent of its width, one over the other."""
    shapes = [
        shape(
            "rect", kind, x=begin * width / 100, y=inset, width=(end - begin) * width / 100, height=height - 2 * inset
        )
        for kind, begin, end, inset in spans
    ]
    return Drawing(width, height, tuple(shapes))


def swatch(kind: str) -> Drawing:
    """Return a kind's look, for a legend."""
    if kind in {"disc", "ring"}:
        return Drawing(14.0, 14.0, (shape("circle", kind, cx=7.0, cy=7.0, r=5.0),))
    return Drawing(14.0, 14.0, (shape("rect", kind, x=1.0, y=1.0, width=12.0, height=12.0),))
