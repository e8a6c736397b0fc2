"""What lists of people are narrowed to: a language, a topic, a place; never a name."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Integer, Text, any_, cast, literal, or_
from sqlmodel import Session, col

from lotsen.models import Person


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a list is narrowed to; empty texts narrow nothing."""

    language: str = ""
    topic: str = ""
    town: str = ""


def person_is(wanted: Wanted, topics: Any = None) -> list[ColumnElement[bool]]:
    """Return conditions on the joined person; lists of codes are JSON texts: a code stands there in quotation marks."""
    conditions = []
    if wanted.language:
        conditions.append(cast(col(Person.languages), Text).contains(f'"{wanted.language}":', autoescape=True))
    if wanted.topic:
        conditions.append(cast(col(topics), Text).contains(f'"{wanted.topic}"', autoescape=True))
    # SQLite folds the case of ASCII alone: the two usual spellings of a place are tried.
    spellings = {wanted.town, wanted.town.title()} if wanted.town else set()
    if spellings:
        conditions.append(or_(*(col(Person.town).icontains(text, autoescape=True) for text in sorted(spellings))))
    return conditions


def among(session: Session, column: Any, ids: Collection[int]) -> ColumnElement[bool]:
    """Return the condition that a column holds one of many ids.

    PostgreSQL is told them as one array: thousands of parameters cost more than the query itself.
    """
    if session.get_bind().dialect.name == "sqlite":
        return col(column).in_(ids)
    return col(column) == any_(literal(sorted(ids), ARRAY(Integer)))


def in_use(municipality_id: int) -> list[ColumnElement[bool]]:
    """Return conditions on the joined person: an office's people whose data are neither erased nor only kept."""
    return [
        col(Person.municipality_id) == municipality_id,
        col(Person.erased_at).is_(None),
        col(Person.restricted_at).is_(None),
    ]
