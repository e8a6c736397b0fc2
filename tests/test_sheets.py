"""Lists as files: nothing that people typed is ever a formula, and each file says who took it."""

import csv
from datetime import date
from io import BytesIO, StringIO

import openpyxl
import pytest

from lotsen.sheets import Sheet, as_csv, as_xlsx

NASTY = ["=1+1", "+49", "-2", "@SUM(A1)", "\tcmd", "\r=1", " =1", "＝1", '=HYPERLINK("http://x")', "{=1}", "http://x"]


def sheet(cells):
    facts = [("By", '=cmd|"/C calc"!A0')]
    return Sheet("Guides: [all]", facts, ["A", "B", "C"], [[cell, 1.5, date(2026, 3, 11)] for cell in cells])


@pytest.mark.parametrize("cell", NASTY[:9])
def test_csv_makes_a_text_of_what_looks_like_a_formula(cell):
    text = as_csv(sheet([cell])).decode("utf-8-sig")
    about, columns, row = csv.reader(StringIO(text, newline=""), delimiter=";")
    assert about[0] == "Guides: [all]"
    assert columns == ["A", "B", "C"]
    assert row == [f"'{cell}", "1,50", "2026-03-11"]


def test_csv_leaves_words_and_numbers_as_they_are_and_has_a_mark():
    raw = as_csv(sheet(["Jürgen", "O'Hara", "a=b"]))
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.reader(StringIO(raw.decode("utf-8-sig")), delimiter=";"))
    assert [row[0] for row in rows[2:]] == ["Jürgen", "O'Hara", "a=b"]


def test_a_workbook_holds_texts_numbers_and_days_and_no_formula_anywhere():
    book = openpyxl.load_workbook(BytesIO(as_xlsx(sheet(NASTY))))
    page, head = book.worksheets
    read = [cell.value for cell in page["A"][1:]]
    assert [value.replace("_x000D_", "\r") for value in read] == NASTY
    kinds = {cell.data_type for rows in (page, head) for row in rows.iter_rows() for cell in row if cell.value}
    assert "f" not in kinds
    assert page["B2"].value == 1.5
    assert page["C2"].value.date() == date(2026, 3, 11)
    assert not any(cell.hyperlink for cell in page["A"])
