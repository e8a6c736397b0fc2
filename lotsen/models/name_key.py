"""Under which keys a person's name is found (`rules.names`): kept with the name itself, by whoever changes that."""

from typing import Any

from sqlalchemy import Column, Connection, Index, String, delete, event, insert, inspect
from sqlalchemy.orm import Mapper
from sqlmodel import Field, SQLModel

from lotsen.models.person import Person
from lotsen.models.purpose import about
from lotsen.rules import names
from lotsen.rules.privacy import Basis, Period

#: Where a key depends on these, it is made anew.
_SOURCES = ("first_name", "last_name", "municipality_id")


class NameKey(SQLModel, table=True):
    """One key of somebody's name, looked up within their municipality alone."""

    __table_args__ = (Index("namekey_lookup", "municipality_id", "key"),)

    __declares__ = (
        about("person_id municipality_id key", "find the person although the name is spelled otherwise", Basis.TASK,
              Period.FILE),
    )  # fmt: skip

    person_id: int = Field(foreign_key="person.id", primary_key=True)
    municipality_id: int = Field(foreign_key="municipality.id")
    #: Letters are small, skeletons capital; compared sign by sign, in every database.
    key: str = Field(
        sa_column=Column(
            String(names.LONGEST).with_variant(String(names.LONGEST, collation="C"), "postgresql"), primary_key=True
        )
    )


@event.listens_for(Person, "after_insert")
def _added(_mapper: Mapper[Any], connection: Connection, person: Person) -> None:
    rows = [
        {"person_id": person.id, "municipality_id": person.municipality_id, "key": key}
        for key in sorted(names.keys(f"{person.first_name} {person.last_name}"))
    ]
    if rows:
        connection.execute(insert(NameKey), rows)


@event.listens_for(Person, "after_update")
def _changed(mapper: Mapper[Any], connection: Connection, person: Person) -> None:
    state = inspect(person)
    if any(state.attrs[name].history.has_changes() for name in _SOURCES):
        connection.execute(delete(NameKey).where(NameKey.person_id == person.id))  # type: ignore[arg-type]  # SQLModel
        _added(mapper, connection, person)
