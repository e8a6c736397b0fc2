"""Where a person stands in the database: every row of every table that leads to them by its foreign keys."""

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import Column, Table, or_, select
from sqlmodel import Session, SQLModel

#: Tables that many people share: they lead to nobody.
SHARED = frozenset({"municipality", "referrer"})


def of_people(session: Session, person_ids: Collection[int]) -> dict[str, set[Any]]:
    """Return the primary keys of these people's rows by table, parents before children."""
    found: dict[str, set[Any]] = {"person": set(person_ids)}
    for table in SQLModel.metadata.sorted_tables:
        links = [_leads(column, found) for column in table.columns if column.foreign_keys]
        conditions = [link for link in links if link is not None]
        if table.name not in {"person", *SHARED} and conditions:
            keys = set(session.execute(select(_key(table)).where(or_(*conditions))).scalars())
            if keys:
                found[table.name] = keys
    return found


def _leads(column: Column[Any], found: dict[str, set[Any]]) -> Any:
    """Return the condition under which a row leads to rows that were found."""
    target = next(iter(column.foreign_keys)).column.table.name
    return column.in_(found[target]) if target in found else None


def rows(session: Session, table: Table, keys: set[Any]) -> Iterator[dict[str, Any]]:
    """Yield rows of `table` as values, decrypted, in the order of their keys."""
    for row in session.execute(select(table).where(_key(table).in_(keys)).order_by(_key(table))).mappings():
        yield dict(row)


def _key(table: Table) -> Column[Any]:
    """Return the primary key; of a key of several columns the first, which is enough to find the rows of one person."""
    return next(iter(table.primary_key.columns))
