"""Newcomers and guides for tests: rows who fit each other, changed where a test needs it."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from matching.vocabulary import GENDERS, LEVELS, SLOTS, TOPICS

Row = dict[str, Any]


def newcomer(**changes: Any) -> Row:
    """A newcomer in Celle who fits :func:`guide`."""
    return {
        "id": "n1",
        "latitude": 52.62,
        "longitude": 10.08,
        "municipality": "03351",
        "languages": {"ar": "C2", "de": "A2"},
        "topics": ["housing", "work"],
        "slots": ["mon-morning", "sat-morning"],
        "gender": "f",
        "guide_gender": "",
        "children": False,
        "waiting_days": 10,
    } | changes


def guide(**changes: Any) -> Row:
    """A guide near Celle who fits :func:`newcomer`."""
    return {
        "id": "g1",
        "latitude": 52.65,
        "longitude": 10.10,
        "municipality": "03351",
        "neighbours": ["03241"],
        "languages": {"de": "C2", "ar": "B2"},
        "topics": ["work", "language"],
        "slots": ["sat-morning"],
        "gender": "f",
        "newcomer_gender": "",
        "radius_km": 10,
        "capacity": 2,
        "free_places": 1,
        "cleared": True,
        "children_cleared": True,
        "completed": 3,
    } | changes


def write(path: Path, rows: Sequence[Mapping[str, Any]]) -> Path:
    """Write rows as a CSV file in the form that the command reads."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows({name: cell(value) for name, value in row.items()} for row in rows)
    return path


def cell(value: object) -> str:
    """A value as its cell of the CSV."""
    if isinstance(value, dict):
        return ";".join(f"{key}:{item}" for key, item in value.items())
    if isinstance(value, list):
        return ";".join(value)
    return str(int(value)) if isinstance(value, bool) else str(value)


def read(path: Path) -> list[dict[str, str]]:
    """Read a CSV file as rows of text."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


_person = {
    "latitude": st.floats(52.0, 52.3).map(lambda value: round(value, 3)),
    "longitude": st.floats(10.0, 10.3).map(lambda value: round(value, 3)),
    "municipality": st.sampled_from(["03351", "03241"]),
    "languages": st.dictionaries(st.sampled_from(["ar", "de", "ti", "uk"]), st.sampled_from(LEVELS), max_size=3),
    "topics": st.lists(st.sampled_from(TOPICS[:4]), unique=True, max_size=3),
    "slots": st.lists(st.sampled_from(SLOTS[:4]), unique=True, max_size=3),
    "gender": st.sampled_from(("", *GENDERS)),
    "kinds": st.sampled_from([[], ["lasting"], ["one_off"], ["lasting", "one_off"]]),
}
_wish = st.sampled_from(("", "", "", *GENDERS))
_newcomers = st.fixed_dictionaries(
    _person
    | {"guide_gender": _wish, "children": st.booleans(), "waiting_days": st.integers(0, 400), "places": st.just(1)}
)
_guides = st.fixed_dictionaries(
    _person
    | {
        "neighbours": st.sampled_from([[], ["03351"], ["03241", "03351"]]),
        "newcomer_gender": _wish,
        "radius_km": st.sampled_from([0, 5, 15, 40]),
        "capacity": st.integers(0, 3),
        "free_places": st.integers(0, 3),
        "cleared": st.sampled_from([True, True, False]),
        "children_cleared": st.booleans(),
        "completed": st.integers(0, 12),
    }
)


def _numbered(letter: str, rows: list[Row]) -> list[Row]:
    return [{"id": f"{letter}{number}"} | row for number, row in enumerate(rows)]


newcomers = st.lists(_newcomers, max_size=8).map(lambda rows: _numbered("n", rows))
guides = st.lists(_guides, max_size=8).map(lambda rows: _numbered("g", rows))
