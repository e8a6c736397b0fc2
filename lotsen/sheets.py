"""Lists as files for spreadsheet programs: XLSX and CSV. What people typed is never a formula there.

A program takes a cell that begins with one of `FORMULA` for a formula, which may send data elsewhere (OWASP, "CSV
injection"). XLSX says of each cell what it is; in CSV an apostrophe before it makes it a text.
"""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from io import BytesIO, StringIO
from typing import Final

Cell = str | int | float | date | None
FORMULA: Final = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_WIDTH: Final = 22


@dataclass(frozen=True, slots=True)
class Sheet:
    """A list with its columns' names, and what says who took it, when and how it was narrowed."""

    title: str
    #: Name and value.
    facts: list[tuple[str, str]]
    columns: list[str]
    rows: list[list[Cell]]


def harmless(cell: Cell) -> Cell:
    """Return a cell that no program takes for a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.lstrip(" ").startswith(FORMULA) else cell


def as_csv(sheet: Sheet) -> bytes:
    """Return a list as Excel reads it in Germany: UTF-8 with its mark, semicolons; who took it, when, in line 1."""
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    about = [sheet.title, *(f"{name}: {value}" for name, value in sheet.facts)]
    rows: list[Sequence[Cell]] = [about, sheet.columns, *sheet.rows]
    writer.writerows([_plain(harmless(cell)) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def _plain(cell: Cell) -> Cell:
    if isinstance(cell, float):
        return f"{cell:.2f}".replace(".", ",")
    return cell.isoformat() if isinstance(cell, date) else cell


def as_xlsx(sheet: Sheet) -> bytes:
    """Return a list as a workbook: one sheet with the list, one that says who took it and when."""
    import xlsxwriter  # noqa: PLC0415 -- slow to import, and few download

    out = BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(out, options) as book:
        bold, day = book.add_format({"bold": True}), book.add_format({"num_format": "yyyy-mm-dd"})
        page = book.add_worksheet(_tab(sheet.title))
        page.freeze_panes(1, 0)
        page.set_column(0, max(len(sheet.columns) - 1, 0), _WIDTH)
        for column, name in enumerate(sheet.columns):
            page.write_string(0, column, name, bold)
        for number, row in enumerate(sheet.rows, start=1):
            for column, cell in enumerate(row):
                if isinstance(cell, date):
                    page.write_datetime(number, column, cell, day)
                elif isinstance(cell, int | float):
                    page.write_number(number, column, cell)
                elif cell:
                    page.write_string(number, column, cell)
        head = book.add_worksheet("Lotsen")
        head.set_column(0, 1, 2 * _WIDTH)
        for number, (name, value) in enumerate([("", sheet.title), *sheet.facts]):
            head.write_string(number, 0, name, bold)
            head.write_string(number, 1, value)
    return out.getvalue()


def _tab(title: str) -> str:
    """Return a sheet's name: at most 31 signs, without those that Excel refuses."""
    return "".join(sign for sign in title if sign not in "[]:*?/\\'")[:31] or "Lotsen-1"
