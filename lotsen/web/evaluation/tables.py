"""A report as tables: the page, the document to print and their tests read the same ones."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from flask_babel import gettext as _

from lotsen.rules.figures import RATED, By, Measure
from lotsen.services.evaluation import WHOLE, Report
from lotsen.web.evaluation.words import BESIDES, BY, BY_CASE, MEANING, MEASURE, group_name

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


class Told(NamedTuple):
    """A figure of this quarter, and of the one before; None is not published."""

    now: int | None
    before: int | None


class Column(NamedTuple):
    """A measure, or a part of it: people who wait because of the distance."""

    name: str
    measure: Measure
    part: By = By.LAND
    group: str = ""

    def told(self, report: Report, by: By = By.LAND, group: str = "") -> Told:
        """Return what stands in this column for a group, or for the Land."""
        if by is By.LAND or self.part is By.LAND:
            key = self.measure, *((by, group) if self.part is By.LAND else (self.part, self.group)), WHOLE
        else:
            key = self.measure, self.part, self.group, (by, group)
        return Told(report.value(*key), report.last(*key))


@dataclass(frozen=True, slots=True)
class Table:
    """A caption, columns' names, and rows: a name, then figures."""

    code: str
    title: str
    columns: list[str]
    rows: list[list[str | Told]]
    #: What its figures do not say by themselves.
    note: str = ""

    @property
    def compared(self) -> bool:
        """Whether anything is known of the quarter before."""
        return any(cell.before is not None for row in self.rows for cell in row if isinstance(cell, Told))


def headlines(report: Report) -> list[tuple[str, int | None, int | None]]:
    """Return the Land's own figures: name, this quarter, the one before; without those that neither quarter has."""
    told = [(str(MEASURE[measure]), report.value(measure), report.last(measure)) for measure in HEADLINES]
    return [each for each in told if each[1:] != (None, None)]


def by_case(report: Report, by: By) -> list[Table]:
    """Return the tables of one of municipality, language, need and household, the Land last in each.

    First totals, then reasons, states and durations, at last what is told of municipalities alone.
    """
    note = _("One request may name several topics.") if by is By.TOPIC else ""
    groups = report.groups(Measure.RECEIVED, by)
    found = [_table(report, (str(by), str(BY_CASE[by]), note), by, groups, _totals(COLUMNS))]
    for measure, part, title in BESIDES:
        columns = [Column(_("All"), measure), *_parts(report, measure, part)]
        found.append(_table(report, (f"{by}-{measure}-{part}", str(title), ""), by, groups, columns))
    if by is By.MUNICIPALITY:
        about = "rated", _("How newcomers rate the offices that referred them"), str(MEANING[Measure.RATED_GOOD])
        found.append(_table(report, about, by, groups, _totals(tuple(RATED.values()))))
    return [each for each in found if len(each.rows) > 1 or each.code == by]


def _totals(measures: Sequence[Measure]) -> list[Column]:
    return [Column(str(MEASURE[measure]), measure) for measure in measures]


def _parts(report: Report, measure: Measure, by: By) -> list[Column]:
    return [Column(group_name(report, by, group), measure, by, group) for group in report.groups(measure, by)]


def _table(
    report: Report, about: tuple[str, str, str], by: By, groups: Sequence[str], columns: Sequence[Column]
) -> Table:
    """Return a table (code, title, note) of those groups and columns that have figures."""
    code, title, note = about
    found = [(group_name(report, by, group), [each.told(report, by, group) for each in columns]) for group in groups]
    # A group's total alone is no reason for a row: the first table has it.
    parts = [place for place, column in enumerate(columns) if column.part is not By.LAND] or range(len(columns))
    kept = [row for row in found if code == By.MUNICIPALITY or any(_told(row[1][place]) for place in parts)]
    shown = [place for place in range(len(columns)) if any(_told(cells[place]) for _name, cells in kept)]
    whole = (str(BY[By.LAND]), [column.told(report) for column in columns])
    rows: list[list[str | Told]] = [[name, *(cells[place] for place in shown)] for name, cells in [*kept, whole]]
    names = [str(BY[by]), *(columns[place].name for place in shown)]
    return Table(code, title, names, rows, note)


def _told(figure: Told) -> bool:
    return figure != (None, None)


def besides(report: Report) -> list[Table]:
    """Return how pairings stand, last and end, and why people have no guide: each beside the quarter before.

    Without the parts that neither quarter has a figure of, and without tables that would have none.
    """
    found = [_besides(report, measure, by, str(title)) for measure, by, title in BESIDES]
    return [each for each in found if len(each.rows) > 1]


def _besides(report: Report, measure: Measure, by: By, title: str) -> Table:
    parts = [column for column in _parts(report, measure, by) if _told(column.told(report))]
    rows: list[list[str | Told]] = []
    for column in (*parts, Column(_("All"), measure)):
        now, before = column.told(report)
        rows.append([column.name, Told(now, None), Told(before, None)])
    return Table(f"{measure}-{by}", title, [str(BY[by]), _("This quarter"), _("Quarter before")], rows)
