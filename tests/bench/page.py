"""Figures as they are printed, one JSON object each, and the table of them inside a page of the docs."""

import json
import os
import sys
from collections.abc import Sequence
from datetime import date
from typing import Any, Final

Figure = dict[str, Any]

#: The page keeps what stands before the one and after the other.
BEGIN: Final = "<!-- figures of one run, written by python -m tests.bench --page -->\n"
END: Final = "<!-- end of the figures -->\n"
#: Figures whose ratio is a share of what the matcher reaches; all others are multiples of its time or memory.
_SHARES: Final = frozenset({"greatest total score"})


def tell(bench: str, size: str, value: float, unit: str, against: str = "", ratio: float | None = None) -> Figure:
    """Print one figure, and return it."""
    figure: Figure = {"bench": bench, "size": size, "value": round(value, 6), "unit": unit, "against": against}
    figure |= {"ratio": None if ratio is None else round(ratio, 4)}
    sys.stdout.write(json.dumps(figure) + "\n")
    sys.stdout.flush()
    return figure


def renewed(page: str, figures: Sequence[Figure], day: date) -> str:
    """The page with a new table in the place of the old one.

    Raises:
        ValueError: It has no place for one.
    """
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise ValueError("the page has no place for figures")
    told = f"Printed on {day:%-d %B %Y} by a machine with {os.cpu_count()} processors.\n"
    return f"{before}{BEGIN}{told}\n{table(figures)}{END}{after}"


def table(figures: Sequence[Figure]) -> str:
    """A row for what was measured, and one below it for each alternative; a column a size."""
    sizes = list(dict.fromkeys(figure["size"] for figure in figures))
    rows: dict[tuple[str, str], dict[str, str]] = {}
    for figure in figures:
        own = (figure["bench"], f"{figure['bench']}, {figure['unit']}")
        rows.setdefault(own, {})[figure["size"]] = _short(figure["value"])
        if figure["against"]:
            what = "share of it" if figure["bench"] in _SHARES else "times as much"
            rows.setdefault((figure["bench"], f"… {figure['against']}: {what}"), {})[figure["size"]] = _short(
                figure["ratio"]
            )
    benches = list(dict.fromkeys(bench for bench, _ in rows))
    lines = [f"| | {' | '.join(sizes)} |", f"| --- |{' ---: |' * len(sizes)}"]
    for (_, label), cells in sorted(rows.items(), key=lambda row: benches.index(row[0][0])):
        lines.append(f"| {label} | {' | '.join(cells.get(size, '') for size in sizes)} |")
    return "\n".join(lines) + "\n"


def _short(value: float) -> str:
    """Three digits that count, more only before the point."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"
