"""Plain SVG plots: bars and curves, with a title and a description for those who do not see them."""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

#: Dark enough on white for three to one, and told apart by people who see colours differently.
_COLOURS = ("#1b4f8a", "#b45f06", "#4d4d4d")
_WIDTH, _ROW, _LABELS, _TOP = 640, 18, 150, 56
_LEFT, _RIGHT, _HEIGHT, _BOTTOM = 56, 620, 360, 310

Point = tuple[float, float]


def bars(title: str, about: str, unit: str, values: Mapping[str, Sequence[float]], series: Sequence[str] = ()) -> str:
    """Horizontal bars, one group a name, one bar a series in each.

    Args:
        title, about: What it shows, and what it says.
        unit: Stands behind each value.
        values: From 0, one for each of ``series``, or one alone.
        series: Names of the bars in a group, if they are several.
    """
    most = max(max(group) for group in values.values()) or 1
    y, parts = _TOP, _legend(series)
    for name, group in values.items():
        parts.append(_text(_LABELS - 8, y + _ROW * len(group) / 2 + 4, name, "end"))
        for value, colour in zip(group, _COLOURS, strict=False):
            width = (_WIDTH - _LABELS - 110) * value / most
            parts.append(f'<rect x="{_LABELS}" y="{y}" width="{width:.1f}" height="{_ROW - 3}" fill="{colour}"/>')
            parts.append(_text(_LABELS + width + 6, y + _ROW - 6, f"{round(value, 1):g} {unit}"))
            y += _ROW
        y += 10
    return _svg(title, about, y + 10, parts)


def curves(title: str, about: str, axes: tuple[str, str], series: Mapping[str, Sequence[Point]], most: Point) -> str:
    """Curves through points, from 0 to ``most`` on both axes.

    Args:
        title, about: What it shows, and what it says.
        axes: What stands on the horizontal and the vertical axis.
        series: Points of each curve, by rising first number.
        most: The ends of both axes.
    """
    parts = _legend(tuple(series)) + _frame(axes, most)
    for points, colour in zip(series.values(), _COLOURS, strict=False):
        placed = [(_across(x / most[0]), _up(y / most[1])) for x, y in points]
        line = " ".join(f"{x:.1f},{y:.1f}" for x, y in placed)
        parts.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3.5" fill="{colour}"/>' for x, y in placed]
    return _svg(title, about, _HEIGHT, parts)


def _across(share: float) -> float:
    return _LEFT + (_RIGHT - _LEFT) * share


def _up(share: float) -> float:
    return _BOTTOM - (_BOTTOM - _TOP) * share


def _frame(axes: tuple[str, str], most: Point) -> list[str]:
    """Axes with their names and four stretches each."""
    parts = [_text((_LEFT + _RIGHT) / 2, _HEIGHT - 12, axes[0], "middle"), _text(_LEFT - 44, _TOP - 12, axes[1])]
    for quarter in range(5):
        share = quarter / 4
        x, y = _across(share), _up(share)
        parts.append(f'<path d="M{x:.1f} {_TOP}V{_BOTTOM}M{_LEFT} {y:.1f}H{_RIGHT}" stroke="#d0d0d0"/>')
        parts.append(_text(x, _BOTTOM + 18, f"{most[0] * share:g}", "middle"))
        parts.append(_text(_LEFT - 6, y + 4, f"{most[1] * share:g}", "end"))
    return parts


def _legend(names: Iterable[str]) -> list[str]:
    parts = []
    for place, (name, colour) in enumerate(zip(names, _COLOURS, strict=False)):
        x = 200 + 150 * place
        parts.append(f'<rect x="{x}" y="32" width="12" height="12" fill="{colour}"/>' + _text(x + 18, 42, name))
    return parts


def _text(x: float, y: float, text: str, anchor: str = "start") -> str:
    return f'<text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{escape(text)}</text>'


def _svg(title: str, about: str, height: float, parts: Iterable[str]) -> str:
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height:g}" width="{_WIDTH}"'
        f' height="{height:g}" role="img" aria-labelledby="title about" font-family="sans-serif" font-size="13"'
        ' fill="#222">',
        f'<title id="title">{escape(title)}</title>',
        f'<desc id="about">{escape(about)}</desc>',
        f'<rect width="{_WIDTH}" height="{height:g}" fill="#fff"/>',
        f'<text x="12" y="22" font-size="15" font-weight="bold">{escape(title)}</text>',
        *parts,
        "</svg>",
    ]
    return "\n".join(lines) + "\n"
