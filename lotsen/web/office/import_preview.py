"""The dry run in the sheet itself: its rows and cells, each problem beside the cell that it is about."""

from typing import Any, NamedTuple

from flask_babel import gettext as _

from lotsen.models.importing import ImportBatch
from lotsen.services import import_rows, imports
from lotsen.services.paging import PER_PAGE, Page, offset, within
from lotsen.sheets import Cell as SheetCell
from lotsen.web.forms.imports import FIELD
from lotsen.web.office import import_words
from lotsen.web.take_away import Table

#: What the dry run found, as `imports.findings` returns it.
Findings = dict[int, dict[str, Any]]


class Cell(NamedTuple):
    """What a cell says, and what is wrong with it: nothing, where it can be stored."""

    text: str
    wrong: list[str]


class Row(NamedTuple):
    """One row of the sheet, counted as the spreadsheet does."""

    number: int
    #: Column of the sheet -> cell; of those columns that are taken over.
    cells: dict[int, Cell]
    #: Problems that stand in no column (what is missing has none): field in words, problem.
    wrong: list[tuple[str, str]]
    #: Who is here already, in words.
    same: str


def columns(batch: ImportBatch) -> dict[int, str]:
    """Return the columns that are taken over, in the sheet's order: number -> field."""
    return {number: batch.columns[str(number)] for number in sorted(int(each) for each in batch.columns)}


def wrong(found: Findings) -> list[int]:
    """Return the rows with a problem."""
    return sorted(number for number, each in found.items() if each["problems"])


def rows(batch: ImportBatch, found: Findings, number: int, *, every: bool) -> Page[Row]:
    """Return page `number` of the sheet's rows: of every row, or of those with a problem."""
    sheet = import_rows.sheet(batch)
    chosen = range(1, len(sheet)) if every else wrong(found)
    number = within(number, len(chosen))
    first = offset(number)
    taken = columns(batch)
    shown = [_row(taken, each, sheet[each], found.get(each, {})) for each in chosen[first : first + PER_PAGE]]
    return Page(shown, number, len(chosen))


def _row(taken: dict[int, str], number: int, row: list[str], found: dict[str, Any]) -> Row:
    told = import_words.told(found)
    cells = {
        column: Cell(row[column] if column < len(row) else "", [what for name, what in told if name == field])
        for column, field in taken.items()
    }
    elsewhere = [(str(FIELD[name]), what) for name, what in told if name not in taken.values()]
    return Row(number + 1, cells, elsewhere, import_words.same(found))


def with_problems(batch: ImportBatch) -> Table:
    """Return the whole sheet as it came, with what is wrong with each row in a column at its end."""
    sheet = import_rows.sheet(batch)
    width = max(len(row) for row in sheet)
    told = {
        number: "; ".join(f"{FIELD[name]}: {what}" for name, what in import_words.told(found))
        for number, found in imports.findings(batch).items()
    }
    lines: list[list[SheetCell]] = [
        [*row, *[""] * (width - len(row)), told.get(number, "")] for number, row in enumerate(sheet)
    ]
    head = [str(name) for name in lines[0][:-1]]
    return Table(_("Import a list"), {}, [*head, _("Problems")], lines[1:])
