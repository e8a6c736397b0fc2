"""Files that an office brings: read by their content, refused when they could do harm."""

import zipfile
from datetime import date
from io import BytesIO

import openpyxl
import pytest

from lotsen import intake
from lotsen.intake import Unreadable, read


def book(rows, name="Liste"):
    made = openpyxl.Workbook()
    made.active.title = name
    for row in rows:
        made.active.append(row)
    out = BytesIO()
    made.save(out)
    return out.getvalue()


def packed(extra, content=None):
    """A workbook with files put in, or put in place of its own."""
    out, source = BytesIO(), zipfile.ZipFile(BytesIO(content or book([["A"], ["b"]])))
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for name in source.namelist():
            if name not in extra:
                made.writestr(name, source.read(name))
        for name, data in extra.items():
            made.writestr(name, data)
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
@pytest.mark.parametrize("delimiter", [";", ","])
def test_csv_is_read_in_the_encodings_and_with_the_signs_that_offices_have(encoding, delimiter):
    text = delimiter.join(["Vorname", "Straße"]) + "\r\n" + delimiter.join(["Jürgen", '"a\nb"']) + "\r\n\r\n"
    assert read(text.encode(encoding)) == {"CSV": [["Vorname", "Straße"], ["Jürgen", "a\nb"]]}


def test_a_workbook_is_read_as_texts_whatever_its_name_says():
    rows = [["PLZ", "Am", "Name"], [29221, date(2026, 3, 11), " Jürgen "], [None, None, None], [4103.0, None, "=1+1"]]
    assert read(book(rows))["Liste"][1] == ["29221", "2026-03-11", "Jürgen"]
    assert read(book(rows))["Liste"][2][:2] == ["4103", ""]


BOMB = b"<a>" + b"0" * 15_000_000 + b"</a>"
ENTITY = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><x>&e;</x>'


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "sheet_empty"),
        (b"Vorname;Name\n", "sheet_empty"),
        (b"\x00\x01\x02", "sheet_unreadable"),
        (b"PK\x03\x04 no archive", "sheet_unreadable"),
        (b"x" * (intake.MAX_BYTES + 1), "sheet_too_big"),
        (b"a;b\n" + b"1;2\n" * 10_001, "sheet_too_long"),
        (packed({"xl/worksheets/sheet1.xml": BOMB}), "sheet_too_big"),
        (packed({f"x{number}": b"ab" * 450_000 for number in range(30)}), "sheet_too_big"),
        (packed({"xl/sharedStrings.xml": ENTITY}), "sheet_unreadable"),
        (packed({"xl/worksheets/sheet1.xml": ENTITY.decode().encode("utf-16")}), "sheet_unreadable"),
        (packed({"xl/worksheets/sheet1.xml": b"<broken"}), "sheet_unreadable"),
    ],
    ids=lambda value: value if isinstance(value, str) else "file",
)
def test_what_could_do_harm_or_is_no_list_is_refused(content, code):
    with pytest.raises(Unreadable) as refused:
        read(content)
    assert refused.value.code == code


def test_an_archive_that_lies_about_its_size_is_stopped_while_it_unpacks(monkeypatch):
    monkeypatch.setattr(intake, "MAX_UNPACKED", 100_000)
    content = packed({"xl/worksheets/sheet1.xml": b"<a>" + b"0123456789" * 50_000 + b"</a>"})
    true = (500_007).to_bytes(4, "little")
    assert content.count(true) >= 1
    with pytest.raises(Unreadable):
        read(content.replace(true, (50_000).to_bytes(4, "little")))
