"""`flask backup FILE` and `flask restore FILE`: one portable format for both databases.

A backup is a zip archive: `manifest.json` (format, schema revision, moment, rows by table, a sealed word that tells
whether the data key fits) and `TABLE.jsonl`, one JSON object a row. Everything is read in one transaction that sees the
database as it was at its beginning, while people go on working. Free text stays encrypted under LOTSEN_DATA_KEY, which
is not in the backup: keep it, and LOTSEN_SECRET_KEY, elsewhere.
"""

import json
import os
import sys
import zipfile
import zlib
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import click
from cryptography.fernet import InvalidToken
from flask.cli import with_appcontext
from sqlalchemy import Column, Connection, Engine, MetaData, Table, Text, func, insert, select, text
from sqlalchemy.exc import OperationalError, StatementError
from sqlmodel import SQLModel

from lotsen import clock, crypto, db, revisions
from lotsen.models.types import EncryptedText, UTCDateTime

FORMAT: Final = "lotsen-backup-1"
_MANIFEST: Final = "manifest.json"
_SEALED: Final = "lotsen"
_BATCH: Final = 1_000


class CannotRestore(Exception):
    """The backup does not fit; the message says why and what to do."""


@click.command("backup")
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@with_appcontext
def backup(file: Path) -> None:
    """Write a consistent copy of the database to FILE while Lotsen runs."""
    if file.exists():
        sys.exit(f"{file} exists already; nothing was written. Choose a new name, for example with today's date.")
    part = file.with_name(file.name + ".part")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_WRONLY | os.O_TRUNC, 0o600), "wb") as target:
            rows = dump(db.database().engine, target)
            target.flush()
            os.fsync(target.fileno())
        part.rename(file)
    except OSError as error:
        part.unlink(missing_ok=True)
        sys.exit(f"{file} cannot be written: {error.strerror}. Nothing was left behind.")
    click.echo(f"{file}: {sum(rows.values())} rows. Keep LOTSEN_DATA_KEY and LOTSEN_SECRET_KEY elsewhere.")


@click.command("restore")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@with_appcontext
def restore(file: Path) -> None:
    """Read FILE into an empty database of the same schema revision."""
    try:
        rows = load(db.database().engine, file)
    except CannotRestore as problem:
        sys.exit(f"Nothing was restored. {problem}")
    click.echo(f"{sum(rows.values())} rows restored from {file}.")


def dump(engine: Engine, target: Any) -> dict[str, int]:
    """Write a backup to the binary file `target`; return the number of rows by table.

    A reading transaction of SQLite (WAL) sees one state of the database; PostgreSQL needs REPEATABLE READ for it.
    """
    isolation = {} if engine.dialect.name == "sqlite" else {"isolation_level": "REPEATABLE READ"}
    with engine.connect().execution_options(**isolation) as connection, connection.begin():
        counts: dict[str, int] = {}
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for table in _tables():
                with archive.open(f"{table.name}.jsonl", "w", force_zip64=True) as lines:
                    counts[table.name] = _write(connection, table, lines)
            archive.writestr(_MANIFEST, json.dumps(_manifest(connection, counts), indent=2))
    return counts


def load(engine: Engine, file: Path) -> dict[str, int]:
    """Read a backup into an empty database, all or nothing; return the number of rows by table.

    Raises `CannotRestore`.
    """
    try:
        with zipfile.ZipFile(file) as archive, engine.execution_options(lotsen_write=True).begin() as connection:
            manifest = _checked(archive, connection)
            for table in _tables():
                with archive.open(f"{table.name}.jsonl") as lines:
                    count = _read(connection, table, lines)
                if count != manifest["rows"][table.name]:
                    raise CannotRestore(f"{table.name} is incomplete: the backup is damaged.")
            _continue_numbers(connection)
    except OperationalError:
        raise  # the database's trouble, not the file's
    except (zipfile.BadZipFile, zlib.error, KeyError, ValueError, EOFError, StatementError) as error:
        raise CannotRestore("The file is not a backup of Lotsen, or it is damaged.") from error
    rows: dict[str, int] = manifest["rows"]
    return rows


def _tables() -> list[Table]:
    """Return all tables, those first that others refer to; free text as it is stored, encrypted."""
    plain = MetaData()
    return [
        Table(table.name, plain, *(Column(column.name, _stored(column.type)) for column in table.columns))
        for table in SQLModel.metadata.sorted_tables
    ]


def _stored(kind: Any) -> Any:
    return Text() if isinstance(kind, EncryptedText) else kind


def _manifest(connection: Connection, counts: dict[str, int]) -> dict[str, Any]:
    return {
        "format": FORMAT,
        "revision": revisions.revision_of(connection),
        "written_at": clock.now().isoformat(),
        "sealed": crypto.encrypt(_SEALED),
        "rows": counts,
    }


def _checked(archive: zipfile.ZipFile, connection: Connection) -> dict[str, Any]:
    """Return the manifest, if the backup fits this database and its keys. Raises `CannotRestore`."""
    manifest: dict[str, Any] = json.loads(archive.read(_MANIFEST))
    if manifest["format"] != FORMAT:
        raise CannotRestore(f"The backup has the format {manifest['format']}; this version reads {FORMAT}.")
    here = revisions.revision_of(connection)
    if here is None:
        raise CannotRestore("The database has no tables yet: run `flask --app wsgi db upgrade` first.")
    if here != manifest["revision"]:
        raise CannotRestore(
            f"The backup has the schema {manifest['revision']}, this database {here}. Restore it with the version of "
            "Lotsen that wrote it, then upgrade."
        )
    filled = [table.name for table in _tables() if connection.scalar(select(func.count()).select_from(table))]
    if filled:
        raise CannotRestore(f"The database is not empty ({', '.join(filled)}): restore into a new one.")
    try:
        crypto.decrypt(manifest["sealed"])
    except InvalidToken as error:
        raise CannotRestore("LOTSEN_DATA_KEY is not the key under which this backup's free text stands.") from error
    return manifest


def _write(connection: Connection, table: Table, lines: Any) -> int:
    count = 0
    rows = connection.execution_options(yield_per=_BATCH).execute(select(table).order_by(*_order(table)))
    for row in rows.mappings():
        lines.write(json.dumps(dict(row), default=_as_text, ensure_ascii=False).encode() + b"\n")
        count += 1
    return count


def _order(table: Table) -> list[Any]:
    return [table.c["id"]] if "id" in table.c else []


def _as_text(value: object) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _read(connection: Connection, table: Table, lines: Any) -> int:
    count = 0
    for batch in _batches(table, lines):
        connection.execute(insert(table), batch)
        count += len(batch)
    return count


def _batches(table: Table, lines: Any) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for line in lines:
        row = json.loads(line)
        batch.append({column.name: _as_value(column, row[column.name]) for column in table.columns})
        if len(batch) == _BATCH:
            yield batch
            batch = []
    if batch:
        yield batch


def _as_value(column: Column[Any], value: Any) -> Any:
    if value is None:
        return None
    if isinstance(column.type, UTCDateTime):
        return datetime.fromisoformat(value)
    return date.fromisoformat(value) if column.type.python_type is date else value


def _continue_numbers(connection: Connection) -> None:
    """Let PostgreSQL count on after the restored numbers; SQLite does so by itself."""
    if connection.dialect.name != "postgresql":
        return
    for table in _tables():
        if "id" in table.c:
            highest = connection.scalar(select(func.max(table.c["id"])))
            if highest is not None:
                move = text("SELECT setval(pg_get_serial_sequence(:name, 'id'), :highest)")
                connection.execute(move, {"name": f'"{table.name}"', "highest": highest})
