"""The overview's pictures: each with a title, a sentence on what it shows, a legend, and a table that says it all."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from typing import Any, Final

from flask_babel import format_date, ngettext
from flask_babel import gettext as _

from lotsen import places, words
from lotsen.rules.pairing import State
from lotsen.services.balance import Balance
from lotsen.services.overview import Overview
from lotsen.services.pairing_history import Month
from lotsen.services.waiting_times import SPANS, Waiting
from lotsen.web import drawing, map_drawing
from lotsen.web.drawing import Drawing
from lotsen.web.map_drawing import Spot

#: The pictures, in the order in which they are shown.
NAMES: Final = ("places", "waiting", "languages", "topics", "months")
#: So many rows stand beside a picture, and in it; the others are folded.
ROWS: Final = 12
#: Pairings in which somebody is asked or accompanied, in the order of their life.
STAGES: Final[dict[str, tuple[State, ...]]] = {
    "asked": (State.OFFERED, State.ACCEPTED, State.AGREED),
    "beginning": (State.APPROVED, State.TRIAL),
    "active": (State.ACTIVE,),
    "resting": (State.PAUSED, State.SUSPENDED),
}


@dataclass(frozen=True, slots=True)
class Pictured:
    """One section of the page."""

    id: str
    title: str
    #: What the picture shows, for whoever cannot see it.
    description: str
    #: None where there is nothing to draw.
    drawn: Drawing | None
    #: Series and what it stands for.
    legend: list[tuple[str, str]]
    columns: list[dict[str, Any]]
    rows: list[dict[str, Any]]
    note: str = ""
    first_rows: int = field(default=ROWS)


def of(figures: Overview) -> list[Pictured]:
    """Return the pictures in the order in which they are shown."""
    return [
        _places(figures),
        _waiting(figures.waiting),
        _balance("languages", _("Languages"), _("Language"), figures.languages, words.language_name),
        _balance("topics", _("Topics"), _("Topic"), figures.topics, lambda code: words.word(code, "topic")),
        _months(figures.months),
    ]


def _column(key: str, label: str, *, numeric: bool = True) -> dict[str, Any]:
    return {"key": key, "label": label, "numeric": numeric}


def _balance_columns(first: str) -> list[dict[str, Any]]:
    return [
        _column("name", first, numeric=False),
        _column("waiting", _("People waiting")),
        _column("guides", _("Guides")),
        _column("free", _("Free places")),
    ]


def _balance_rows(found: Sequence[Balance], name: Callable[[str], str]) -> list[dict[str, Any]]:
    return [
        {"name": name(each.code), "waiting": each.waiting, "guides": each.guides, "free": each.free} for each in found
    ]


def _places(figures: Overview) -> Pictured:
    spots = [Spot(each.code, each.waiting, each.guides, _told(each)) for each in figures.places]
    drawn, outside = map_drawing.draw(figures.territory, spots)
    shows = [_("A map with a circle for each postal code.")]
    if figures.places and figures.places[0].waiting:
        most = figures.places[0]
        shows.append(_("Most people wait in %(place)s: %(count)d.", place=_place(most.code), count=most.waiting))
    note = [_("The larger, the more. Each circle stands on the middle of its postal code.")]
    if outside:
        beyond = len(outside)
        note.append(
            ngettext("%(num)d postal code lies outside the map.", "%(num)d postal codes lie outside the map.", beyond)
        )
    kinds = {shape.kind for shape in drawn.shapes} if drawn else set()
    if "dot" in kinds:
        note.append(_("Outlines are at hand for Lower Saxony only: elsewhere a grey dot stands for each postal code."))
    credit = _("Outlines: © GeoBasis-DE / BKG 2016, simplified.") if "land" in kinds else "© GeoBasis-DE / BKG 2016."
    note.append(credit)
    return Pictured(
        "places", _("Where people wait and where guides are"), " ".join(shows),
        drawn, [("disc", _("People waiting")), ("ring", _("Guides"))],
        _balance_columns(_("Place")), _balance_rows(figures.places, _place), " ".join(note),
    )  # fmt: skip


def _place(postcode: str) -> str:
    place = places.find(postcode)
    return f"{postcode} {place.town}" if place else postcode


def _told(each: Balance) -> str:
    counts = {"waiting": each.waiting, "guides": each.guides}
    return _("%(place)s. Waiting: %(waiting)d, guides: %(guides)d", place=_place(each.code), **counts)


def _waiting(waiting: Waiting) -> Pictured:
    labels = _spans()
    counts = list(zip(labels, waiting.still.counts, waiting.placed.counts, strict=True))
    rows = [{"name": name, "still": still, "placed": placed} for name, still, placed in counts]
    series = [_("Still waiting"), _("Placed within a year")]
    told = [
        _("%(who)s: half of them %(days)s or less.", who=who, days=days(each.median))
        for who, each in zip(series, (waiting.still, waiting.placed), strict=True)
        if each.median is not None
    ]
    return Pictured(
        "waiting", _("Waiting times"), " ".join(told) or _("Nobody waits, and nobody was placed within a year."),
        drawing.bars([(name, (still, placed)) for name, still, placed in counts]), list(zip("ab", series, strict=True)),
        [_column("name", _("Time"), numeric=False), _column("still", series[0]), _column("placed", series[1])],
        rows, " ".join(told),
    )  # fmt: skip


def days(count: int | None) -> str:
    """Return a number of days in words."""
    return "–" if count is None else ngettext("%(num)d day", "%(num)d days", count)


def _spans() -> list[str]:
    """Return what `SPANS` and the time after them are called."""
    weeks = [end // 7 for end in SPANS]
    between = [_("%(since)d to %(until)d weeks", since=since, until=until) for since, until in pairwise(weeks)]
    return [_("Up to %(count)d weeks", count=weeks[0]), *between, _("Longer than %(count)d weeks", count=weeks[-1])]


def _balance(id_: str, title: str, column: str, found: Sequence[Balance], name: Callable[[str], str]) -> Pictured:
    shown = found[:ROWS]
    scarce = [name(each.code) for each in shown if each.waiting > each.free]
    told = _("More people wait than places are free: %(names)s.", names=words.listed(scarce)) if scarce else ""
    return Pictured(
        id_, title, told or _("Nowhere do more people wait than places are free."),
        drawing.bars([(name(each.code), (each.waiting, each.free)) for each in shown]) if shown else None,
        [("a", _("People waiting")), ("b", _("Guides’ free places"))],
        _balance_columns(column), _balance_rows(found, name),
        _("Whoever speaks several languages, at B1 or better, counts for each.") if id_ == "languages"
        else _("Whoever names several topics counts for each."),
    )  # fmt: skip


def _months(months: Sequence[Month]) -> Pictured:
    labels = [_("Being asked"), _("Beginning"), _("Active"), _("At rest")]
    counts = [[sum(month.standing[state] for state in states) for states in STAGES.values()] for month in months]
    rows = [
        {
            "name": _month(month.first, "LLL y"), **dict(zip(STAGES, standing, strict=True)),
            "completed": month.reached[State.COMPLETED], "ended": month.reached[State.ENDED],
        }
        for month, standing in zip(months, counts, strict=True)
    ]  # fmt: skip
    present = [f"{label}: {count}" for label, count in zip(labels, counts[-1], strict=True)]
    return Pictured(
        "months", _("Pairings over time"), _("At present: %(counts)s.", counts=words.listed(present)),
        drawing.columns([(_month(month.first, "LLL"), count) for month, count in zip(months, counts, strict=True)]),
        list(zip(drawing.SERIES, labels, strict=True)),
        [
            _column("name", _("Month"), numeric=False), *map(_column, STAGES, labels),
            _column("completed", _("Completed")), _column("ended", _("Ended")),
        ],
        rows[::-1],
        _(
            "State at the end of each month, the last one up to today. Beginning: up to the end of the trial. At rest: "
            "paused or suspended. Suggestions of which nobody knows yet are left out."
        ),
        first_rows=3,
    )  # fmt: skip


def _month(first: date, form: str) -> str:
    return str(format_date(first, form))
