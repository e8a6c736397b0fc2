"""Files that an office brings, read carefully: what they are says their content, not their name.

Big ones are refused. An XLSX is an archive of XML files: its table of contents says how much it unpacks to, and its
files are looked through for entities, before a library opens it.
"""

import csv
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from io import BytesIO, StringIO
from itertools import islice
from typing import Any, Final

from lotsen.rules.errors import DomainError

MAX_BYTES: Final = 5_000_000
MAX_UNPACKED: Final = 20_000_000
MAX_RATIO: Final = 100
MAX_ROWS: Final = 10_000
MAX_COLUMNS: Final = 60
MAX_CELL: Final = 500
_HEAD: Final = 4096

Rows = list[list[str]]


class Unreadable(DomainError):
    """The file cannot be taken; the code says why."""

    code = "sheet_unreadable"


def read(content: bytes) -> dict[str, Rows]:
    """Return the sheets of an XLSX or CSV file as texts, empty rows left out. Raises `Unreadable`."""
    if len(content) > MAX_BYTES:
        raise Unreadable("sheet_too_big")
    sheets = _xlsx(content) if content.startswith(b"PK\x03\x04") else {"CSV": _csv(content)}
    filled = {name: rows for name, rows in sheets.items() if len(rows) > 1}
    if not filled:
        raise Unreadable("sheet_empty")
    return filled


def _cut(rows: Iterable[Iterable[Any]]) -> Rows:
    """Return rows with something in them as texts of one length. Raises `Unreadable` where there are too many."""
    found: Rows = []
    for row in rows:
        cells = [_text(cell) for cell in islice(row, MAX_COLUMNS)]
        if any(cells):
            found.append(cells)
        if len(found) > MAX_ROWS + 1:
            raise Unreadable("sheet_too_long")
    width = max((len(row) for row in found), default=0)
    return [row + [""] * (width - len(row)) for row in found]


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        cell = cell.date() if cell.time() == datetime.min.time() else cell
    if isinstance(cell, date):
        return cell.isoformat()
    if isinstance(cell, float) and cell.is_integer():
        cell = int(cell)
    return str(cell).strip()[:MAX_CELL]


def _csv(content: bytes) -> Rows:
    if b"\x00" in content:
        raise Unreadable
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", errors="replace")
    first = text.lstrip().partition("\n")[0]
    delimiter = max(";,\t", key=first.count)
    try:
        return _cut(csv.reader(StringIO(text, newline=""), delimiter=delimiter))
    except csv.Error as error:
        raise Unreadable from error


def _xlsx(content: bytes) -> dict[str, Rows]:
    import openpyxl  # noqa: PLC0415 -- slow to import, and few upload

    _check_archive(content)
    try:
        book = openpyxl.load_workbook(BytesIO(content), read_only=True, data_only=True, keep_links=False)
        try:
            return {str(page.title): _cut(page.iter_rows(values_only=True)) for page in book.worksheets}
        finally:
            book.close()
    except DomainError:
        raise
    except Exception as error:  # whatever a broken workbook breaks in the library
        raise Unreadable from error


def _check_archive(content: bytes) -> None:
    """Refuse an archive that unpacks to too much, or whose XML declares entities, before a library opens it."""
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            files = archive.infolist()
            unpacked = sum(each.file_size for each in files)
            if unpacked > MAX_UNPACKED or any(_ratio(each) > MAX_RATIO for each in files):
                raise Unreadable("sheet_too_big")
            if "xl/workbook.xml" not in archive.namelist():
                raise Unreadable
            left = MAX_UNPACKED
            for name in _xml(files):
                for chunk in _chunks(archive, name):
                    left -= len(chunk)
                    if left < 0:  # the table of contents lied
                        raise Unreadable("sheet_too_big")
                    if (
                        b"<!DOCTYPE" in chunk
                        or b"<!ENTITY" in chunk
                        or b"<\x00!\x00" in chunk
                        or b"\x00<\x00!" in chunk
                    ):
                        raise Unreadable
    # Beside what is broken: zipfile cannot read an encrypted archive (RuntimeError), nor one that is packed in a way it
    # does not know (NotImplementedError).
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError) as error:
        raise Unreadable from error


def _ratio(file: zipfile.ZipInfo) -> float:
    """Return how much bigger a file gets; small ones harm nobody."""
    return file.file_size / max(file.compress_size, 1) if file.file_size > 1_000_000 else 0


def _xml(files: list[zipfile.ZipInfo]) -> list[str]:
    return [each.filename for each in files if each.filename.endswith((".xml", ".rels", ".vml"))]


def _chunks(archive: zipfile.ZipFile, name: str) -> Iterator[bytes]:
    """Yield a file's content piece by piece, each with the end of the one before: no word is cut in two."""
    tail = b""
    with archive.open(name) as stream:
        while piece := stream.read(1 << 20):
            yield tail + piece
            tail = piece[-16:]
