"""A report as tables: the page, the document to print and their tests read the same ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from flask_babel import gettext as _

from lotsen.rules.figures import CASE, RATED, By, Measure
from lotsen.services.evaluation import Report
from lotsen.web.evaluation.words import BY, MEANING, MEASURE, group_name

#: What stands beside each other for each group.
COLUMNS: Final = (
    Measure.RECEIVED, Measure.PLACED, Measure.MEDIAN_DAYS, Measure.P90_DAYS, Measure.WAITING, Measure.TOGETHER,
    Measure.ENDED, Measure.HOURS,
)  # fmt: skip
#: The Land's own figures, first of all.
HEADLINES: Final = (
    Measure.RECEIVED, Measure.PLACED, Measure.MEDIAN_DAYS, Measure.P90_DAYS, Measure.WAITING, Measure.TOGETHER,
    Measure.ENDED, Measure.HOURS, Measure.GUIDES,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Table:
    """A caption, columns' names, and rows: a name, then figures; None is not published."""

    code: str
    title: str
    columns: list[str]
    rows: list[list[str | int | None]]
    #: Whether groups or columns are left out that have no figure at all.
    shortened: bool = False
    #: What its figures do not say by themselves.
    note: str = ""


def headlines(report: Report) -> list[tuple[str, int | None, int | None]]:
    """Return the Land's own figures: name, this quarter, the one before; without those that neither quarter has."""
    told = [(str(MEASURE[measure]), report.value(measure), report.last(measure)) for measure in HEADLINES]
    return [each for each in told if each[1:] != (None, None)]


def by_case(report: Report) -> list[Table]:
    """Return a table for each of municipality, language, need and household, the Land last; then one of ratings."""
    titles = {
        By.MUNICIPALITY: _("By municipality"), By.LANGUAGE: _("By first language"), By.TOPIC: _("By topic"),
        By.HOUSEHOLD: _("By household"),
    }  # fmt: skip
    notes = {By.TOPIC: _("One request may name several topics.")}
    found = [_by(report, by, str(by), titles[by], COLUMNS, notes.get(by, "")) for by in CASE]
    if any(report.value(measure) for measure in RATED.values()):
        title = _("How newcomers rate the offices that referred them")
        note = str(MEANING[Measure.RATED_GOOD])
        found.append(_by(report, By.MUNICIPALITY, "rated", title, tuple(RATED.values()), note))
    return found


def _by(report: Report, by: By, code: str, title: str, columns: Sequence[Measure], note: str) -> Table:
    found = [
        [group_name(report, by, group), *(report.value(measure, by, group) for measure in columns)]
        for group in report.groups(columns[0], by)
    ]
    kept = [row for row in found if code == By.MUNICIPALITY or any(value is not None for value in row[1:])]
    land: list[str | int | None] = [str(BY[By.LAND]), *(report.value(measure) for measure in columns)]
    names = [str(BY[by]), *(str(MEASURE[measure]) for measure in columns)]
    told = [0, *(place for place in range(1, len(names)) if any(row[place] is not None for row in kept))]
    rows = [[row[place] for place in told] for row in [*kept, land]]
    shortened = len(rows) <= len(found) or len(told) < len(names)
    return Table(code, title, [names[place] for place in told], rows, shortened, note)


def besides(report: Report) -> list[Table]:
    """Return how pairings stand, last and end, and why people have no guide: each beside the quarter before."""
    told = (
        (Measure.WAITING, By.REASON, _("Why people are still waiting")),
        (Measure.UNPLACED, By.REASON, _("Why people left without a guide")),
        (Measure.ARRANGING, By.STATE, _("Pairings being arranged")),
        (Measure.TOGETHER, By.STATE, _("Pairs in contact, by state")),
        (Measure.TOGETHER, By.DURATION, _("Pairs in contact, by duration so far")),
        (Measure.ENDED, By.REASON, _("Pairings ended, by reason")),
        (Measure.ENDED, By.DURATION, _("Pairings ended, by duration")),
    )
    return [_besides(report, measure, by, title) for measure, by, title in told]


def _besides(report: Report, measure: Measure, by: By, title: str) -> Table:
    rows: list[list[str | int | None]] = [
        [group_name(report, by, group), report.value(measure, by, group), report.last(measure, by, group)]
        for group in report.groups(measure, by)
    ]
    whole: list[str | int | None] = [_("All"), report.value(measure), report.last(measure)]
    names = [str(BY[by]), _("This quarter"), _("Quarter before")]
    return Table(f"{measure}-{by}", title, names, [*rows, whole])
