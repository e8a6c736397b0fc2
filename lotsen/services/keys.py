"""Free text under the newest key: an old key can be taken away once everything was encrypted anew."""

from collections import Counter
from collections.abc import Iterator
from typing import Any, Final

from cryptography.fernet import InvalidToken
from sqlalchemy import Column, MetaData, Table, Text, select, update
from sqlmodel import Session

from lotsen import crypto
from lotsen.db import Database
from lotsen.models import purpose
from lotsen.models.types import EncryptedText

BATCH: Final = 500


def rotate(database: Database, batch: int = BATCH) -> Counter[str]:
    """Encrypt every free text anew, a short transaction a batch, while people go on working.

    Returns how many were `rotated`, how many were `changed` by somebody meanwhile (they stand under the newest key
    already), and how many are `unreadable`: no key fits.
    """
    counts: Counter[str] = Counter()
    for column in _encrypted():
        _rotate_column(database, column, batch, counts)
    return counts


def unreadable(session: Session) -> list[str]:
    """Return the columns, as `table.column`, whose newest text fits no key: one text a column is tried."""
    found = []
    for column in _encrypted():
        plain, number, text = _stored(column)
        token = session.execute(select(text).where(text.is_not(None)).order_by(number.desc()).limit(1)).scalar()
        try:
            crypto.decrypt(token or crypto.encrypt(""))
        except InvalidToken:
            found.append(f"{plain.name}.{column.name}")
    return found


def _encrypted() -> Iterator[Column[Any]]:
    for model in purpose.models().values():
        yield from (column for column in purpose.table_of(model).columns if isinstance(column.type, EncryptedText))


def _stored(column: Column[Any]) -> tuple[Table, Column[Any], Column[Any]]:
    """Return the column's table as it is stored, its rows' number, and the texts, still encrypted."""
    key = next(iter(column.table.primary_key.columns))
    plain = Table(column.table.name, MetaData(), Column(key.name, key.type), Column(column.name, Text))
    return plain, plain.c[key.name], plain.c[column.name]


def _rotate_column(database: Database, column: Column[Any], batch: int, counts: Counter[str]) -> None:
    plain, number, text = _stored(column)
    last = None
    while True:
        with database.transaction() as session:
            query = select(number, text).where(text.is_not(None)).order_by(number).limit(batch)
            rows = session.execute(query if last is None else query.where(number > last)).all()
            for row, token in rows:
                counts[_rotate_one(session, plain, number == row, text, token)] += 1
        if len(rows) < batch:
            return
        last = rows[-1][0]


def _rotate_one(session: Any, table: Table, row: Any, text: Any, token: str) -> str:
    try:
        fresh = crypto.rotate(token)
    except InvalidToken:
        return "unreadable"
    done = session.execute(update(table).where(row, text == token).values({text.name: fresh}))
    return "rotated" if done.rowcount == 1 else "changed"
