"""Tables of text cells: from CSV files, lists of rows or data frames, and back to CSV.

Whatever a table comes from, its cells become the text that the CSV would hold, so that one set of rules reads them
all. Every error names its place: ``FILE:LINE: COLUMN: what is wrong``.
"""

import csv
import io
import math
import os
import tempfile
import warnings
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")


class InputError(ValueError):
    """Input that cannot be used; its text is the one line that a person needs to put it right."""

    def __init__(self, source: str, line: int, column: str, problem: str) -> None:
        super().__init__(f"{source}:{line}: {column}: {problem}")


class UnknownColumnWarning(UserWarning):
    """A column that nothing reads: perhaps a typing error, so it is mentioned."""


@dataclass(frozen=True)
class Table:
    """Columns of text cells, with the line each record came from."""

    source: str
    lines: Sequence[int]
    columns: Mapping[str, Sequence[str]]

    def require(self, required: Iterable[str], optional: Iterable[str] = ()) -> None:
        """Refuse a missing column; warn of one that nothing reads.

        Raises:
            InputError: A required column is missing.
        """
        required = tuple(required)
        for name in required:
            if name not in self.columns:
                raise InputError(self.source, 1, name, "column is missing")
        for name in self.columns:
            if name not in required and name not in optional:
                warnings.warn(f"{self.source}:1: {name}: unknown column, ignored", UnknownColumnWarning, stacklevel=3)

    def parse(self, column: str, read: Callable[[str], T]) -> list[T]:
        """Read a column's cells; each distinct text is read once.

        Raises:
            InputError: ``read`` raised a ValueError; its text says what is wrong.
        """
        cells = self.columns[column]
        known: dict[str, T] = {}
        for cell in dict.fromkeys(cells):
            try:
                known[cell] = read(cell)
            except ValueError as error:
                raise InputError(self.source, self.lines[cells.index(cell)], column, str(error)) from None
        return list(map(known.__getitem__, cells))

    def refuse_repeats(self, column: str, values: Iterable[object]) -> None:
        """Refuse a value, one a record, that an earlier record has.

        Raises:
            InputError: The second place of a value.
        """
        seen: set[object] = set()
        for line, value in zip(self.lines, values, strict=True):
            if value in seen:
                raise InputError(self.source, line, column, "stands twice")
            seen.add(value)


def read_table(source: object, name: str) -> Table:
    """Read a CSV path, a list of rows or a data frame.

    Args:
        source: A path; an iterable of mappings with the CSV's column names and native values; or anything with
            ``to_dict("records")``, such as a pandas data frame.
        name: What to call a source that has no file name in errors.

    Raises:
        InputError: The source is not readable as a table.
    """
    if isinstance(source, Table):
        return source
    if isinstance(source, str | Path):
        return _read_csv(Path(source))
    to_dict: Any = getattr(source, "to_dict", None)
    rows = to_dict("records") if to_dict else source
    if not isinstance(rows, Iterable):
        raise TypeError(f"{name}: expected a path, rows or a data frame, got {type(source).__name__}")
    return _read_rows(rows, name)


def _read_csv(path: Path) -> Table:
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise InputError(str(path), 0, "file", error.strerror or "cannot be read") from None
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        raise InputError(str(path), line, "file", "is not UTF-8") from None
    lines, rows = _records(text, str(path))
    if not rows:
        raise InputError(str(path), 1, "file", "has no header row")
    header_line, header = lines[0], [name.strip() for name in rows[0]]
    if len(header) == 1 and any(sign in header[0] for sign in ";\t"):
        raise InputError(str(path), header_line, "header", "columns must be separated by commas")
    for position, name in enumerate(header):
        if name in header[:position]:
            raise InputError(str(path), header_line, name or "header", "column stands twice")
    lines, rows = lines[1:], rows[1:]
    if set(map(len, rows)) - {len(header)}:
        line, cells = next(each for each in zip(lines, rows, strict=True) if len(each[1]) != len(header))
        place = header[min(len(cells), len(header) - 1)]
        raise InputError(str(path), line, place, f"{len(cells)} cells where the header has {len(header)}")
    columns = zip(*rows, strict=True) if rows else ((),) * len(header)
    return Table(str(path), lines, dict(zip(header, columns, strict=True)))


def _records(text: str, source: str) -> tuple[list[int], list[list[str]]]:
    """All records that are not empty, and the lines they start on."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    lines: list[int] = []
    rows: list[list[str]] = []
    start = 1
    try:
        for cells in reader:
            if any(cells):
                lines.append(start)
                rows.append(cells)
            start = reader.line_num + 1
    except csv.Error as error:
        raise InputError(source, start, "file", f"is not CSV: {error}") from None
    return lines, rows


def _read_rows(rows: Iterable[Any], name: str) -> Table:
    rows = list(rows)
    for line, row in enumerate(rows, 1):
        if not isinstance(row, Mapping):
            raise TypeError(f"{name}:{line}: expected a mapping of column names to values, got {type(row).__name__}")
    names = dict.fromkeys(column for row in rows for column in row)
    for line, row in enumerate(rows, 1):
        for column in names:
            if column not in row:
                raise InputError(name, line, column, "is missing")
    return Table(name, range(1, len(rows) + 1), {column: [_cell(row[column]) for row in rows] for column in names})


def _cell(value: object) -> str:
    """Write a native value as the CSV would: ``{"ar": "C2"}`` as ``ar:C2``, a list joined by ``;``, True as 1."""
    if isinstance(value, str):
        return value
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return ""
    if isinstance(value, Mapping):
        return ";".join(f"{key}:{item}" for key, item in value.items())
    if isinstance(value, Iterable):
        return ";".join(map(str, value))
    text = str(value)
    return {"True": "1", "False": "0"}.get(text, text)


def write_files(contents: Mapping[Path, str | bytes]) -> None:
    """Write all files or none: each goes to a neighbour first, then all take their places.

    Raises:
        InputError: A file cannot be written.
    """
    waiting: list[tuple[Path, Path]] = []
    try:
        for path, content in contents.items():
            waiting.append((_write_beside(path, content), path))
        for temporary, path in waiting:
            temporary.replace(path)
    except OSError as error:
        raise InputError(str(path), 0, "file", f"cannot be written: {error.strerror}") from None
    finally:
        for temporary, _ in waiting:
            temporary.unlink(missing_ok=True)


def _write_beside(target: Path, content: str | bytes) -> Path:
    if target.is_dir():
        raise IsADirectoryError(21, os.strerror(21))
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    with os.fdopen(handle, "wb") as file:
        file.write(content.encode() if isinstance(content, str) else content)
    umask = os.umask(0)
    os.umask(umask)
    Path(name).chmod(0o666 & ~umask)
    return Path(name)


def to_csv(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Write rows as CSV text with a header, ending each line in a line feed."""
    return csv_lines([header]) + csv_lines(rows)


def csv_lines(rows: Iterable[Sequence[object]]) -> str:
    """The same without a header."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, lineterminator="\n").writerows(rows)
    return buffer.getvalue()
