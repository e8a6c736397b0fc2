"""What each column is for. Every table declares all its columns, a few at a time:

    __declares__ = (
        about("id state", "count requests", Basis.TASK, Period.COUNT),
        about("note", "know what the person needs", Basis.CONSENT, Period.FILE),
    )

Copies (`services.own_data`), erasure (`services.erasure`), the retention job and the documents under `docs/privacy/`
come from these declarations; `tests/test_declarations.py` fails on a column without one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table
from sqlmodel import SQLModel

from lotsen.rules.privacy import STAYS, Basis, Period


@dataclass(frozen=True, slots=True)
class About:
    """Some columns of one table, what they are for, what allows them and how long they are kept."""

    columns: tuple[str, ...]
    purpose: str
    basis: Basis
    period: Period
    #: A secret of the way in: no copy has it.
    secret: bool = False


def about(columns: str, purpose: str, basis: Basis, period: Period, *, secret: bool = False) -> About:
    """Declare `columns` (names with spaces between): kept to `purpose`, on `basis`, for `period`."""
    return About(tuple(columns.split()), purpose, basis, period, secret)


def models() -> dict[str, type[SQLModel]]:
    """Return every table's model by the table's name."""
    import lotsen.models  # noqa: F401, PLC0415 -- so that every model is known

    return {mapper.local_table.name: mapper.class_ for mapper in SQLModel._sa_registry.mappers}  # type: ignore[attr-defined]


def declared(model: type[SQLModel]) -> tuple[About, ...]:
    """Return what `model` declares about its columns."""
    found: tuple[About, ...] = getattr(model, "__declares__", ())
    return found


def by_column(model: type[SQLModel]) -> dict[str, About]:
    """Return the declaration of each column that has one."""
    return {column: each for each in declared(model) for column in each.columns}


def table_of(model: type[SQLModel]) -> Table:
    """Return a model's table."""
    table: Table = model.__table__  # type: ignore[attr-defined]
    return table


def faults() -> Iterator[str]:
    """Yield, for each table with columns that have not exactly one declaration, what to write where."""
    for model in models().values():
        columns = [column.name for column in table_of(model).columns]
        named = [name for each in declared(model) for name in each.columns]
        wrong = [name for name in columns if named.count(name) != 1]
        if wrong:
            yield (
                f"{model.__name__}: not declared, or more than once: {', '.join(wrong)}. Write in {model.__module__}, "
                f'{model.__name__}.__declares__: about("{" ".join(wrong)}", "what it is kept for", Basis.…, Period.…); '
                "the codes stand in lotsen/rules/privacy.py. Then: flask --app wsgi privacy documents"
            )
        if foreign := sorted(set(named) - set(columns)):
            yield f"{model.__name__}.__declares__ names what is no column of it: {', '.join(foreign)}."


def goes(model: type[SQLModel]) -> list[Column[Any]]:
    """Return the columns that are emptied when the row's person is erased."""
    known = by_column(model)
    return [column for column in table_of(model).columns if known[column.name].period not in STAYS]


def kind_of(column: Column[Any]) -> type:
    """Return the Python type of what is stored in a column, however it is wrapped."""
    stored: type = getattr(column.type, "impl", column.type).python_type
    return stored


def vanishes(model: type[SQLModel]) -> bool:
    """Whether nothing of a row stays when its person is erased: it is deleted then."""
    return len(goes(model)) == len(table_of(model).columns)
