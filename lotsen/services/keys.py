"""Free text under the newest key: an old key can be taken away once everything was encrypted anew."""

from collections import Counter
from typing import Any, Final

from cryptography.fernet import InvalidToken
from sqlalchemy import Column, MetaData, Table, Text, select, update

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
    for model in purpose.models().values():
        for column in purpose.table_of(model).columns:
            if isinstance(column.type, EncryptedText):
                _rotate_column(database, column, batch, counts)
    return counts


def _rotate_column(database: Database, column: Column[Any], batch: int, counts: Counter[str]) -> None:
    key = next(iter(column.table.primary_key.columns))
    plain = Table(column.table.name, MetaData(), Column(key.name, key.type), Column(column.name, Text))
    number, text, last = plain.c[key.name], plain.c[column.name], None
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
