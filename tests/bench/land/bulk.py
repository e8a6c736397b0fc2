"""Many rows at once, past the ORM: COPY on PostgreSQL, one prepared statement on SQLite."""

from collections.abc import Iterable, Iterator
from typing import Any

from sqlalchemy import Connection, func, select, text
from sqlmodel import SQLModel

from lotsen.models.purpose import table_of

Row = dict[str, Any]


def store(connection: Connection, model: type[SQLModel], rows: Iterable[Row]) -> None:
    """Store rows of one table; what a row does not say is the model's default. All say the same columns or fewer."""
    columns = list(table_of(model).columns)
    names = ", ".join(f'"{column.name}"' for column in columns)
    cursor: Any = connection.connection.cursor()
    if connection.dialect.name == "postgresql":
        with cursor.copy(f'COPY "{table_of(model).name}" ({names}) FROM STDIN') as copy:
            for row in _stored(connection, model, rows):
                copy.write_row(row)
        if "id" in model.model_fields:
            count_on = "SELECT setval(pg_get_serial_sequence(:table, 'id'), max(id)) FROM \"{}\"".format
            connection.execute(text(count_on(table_of(model).name)), {"table": f'"{table_of(model).name}"'})
    else:
        marks = ", ".join("?" * len(columns))
        into = f'INSERT INTO "{table_of(model).name}" ({names}) VALUES ({marks})'  # noqa: S608 -- names of our own
        cursor.executemany(into, _stored(connection, model, rows))


def _stored(connection: Connection, model: type[SQLModel], rows: Iterable[Row]) -> Iterator[list[Any]]:
    """Yield each row's values in the table's order, as the database driver takes them."""
    columns = list(table_of(model).columns)
    defaults = {
        name: field.get_default(call_default_factory=True)
        for name, field in model.model_fields.items()
        if not field.is_required()
    }
    bound = [column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect) for column in columns]
    for row in rows:
        whole = defaults | row
        yield [
            process(whole[column.name]) if process else whole[column.name]
            for column, process in zip(columns, bound, strict=True)
        ]


def next_id(connection: Connection, model: type[SQLModel]) -> int:
    """Return the first number that no row has."""
    return int(connection.execute(select(func.coalesce(func.max(table_of(model).c.id), 0))).scalar_one()) + 1
