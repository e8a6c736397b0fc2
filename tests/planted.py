"""Unique words in every column where something about a person can stand, to be looked for afterwards.

A table that nobody fills by hand gets a row made up from its columns, so that a new table is looked at by itself.
"""

from collections.abc import Iterator
from datetime import date, datetime
from itertools import count
from typing import Any

from sqlalchemy import JSON, Column, MetaData, Table, Text, insert, select, update
from sqlmodel import Session, SQLModel

from lotsen.models import Consent, Mail, MailState, Move, Person, Referral, purpose
from lotsen.models.types import Code, EncryptedText
from lotsen.rules.pairing import State
from lotsen.rules.privacy import STAYS
from lotsen.rules.vocabulary import Role
from lotsen.services import traces
from tests import factories as make

#: Where made-up values would break a CHECK.
CHECKED: dict[str, dict[str, Any]] = {"message": {"phrase": None}}
#: Codes from a short list, of which no unique one can be made: their CHECK would refuse it.
CODES = {"gender", "newcomer_gender", "guide_gender"}


def world(session: Session) -> tuple[Person, Person]:
    """A newcomer and a guide in an active pairing, with a row in every table that can lead to one of them."""
    office, elsewhere = make.municipality(session), make.municipality(session, "03402000", "Emden")
    asked = make.request(session, office, about={"languages": {"ar": "C2", "de": "A2"}})
    guide = make.guide(session, office)
    make.pairing(session, asked, guide, State.ACTIVE)
    people = (session.get_one(Person, asked.person_id), session.get_one(Person, guide.person_id))
    for role, person in zip((Role.NEWCOMER, Role.GUIDE), people, strict=True):
        make.account(session, role, office, person=person, email=person.email)
        proof = Consent(
            person_id=person.id or 0, kind="request", version="1", text="x", locale="de", given_at=make.SPRING
        )
        session.add(proof)
        session.add(Mail(
            template="active", key=f"planted:{person.id}", person_id=person.id, created_at=make.SPRING,
            due_at=make.SPRING, state=MailState.SENT, sent_at=make.SPRING,
        ))  # fmt: skip
        session.flush()
        session.add(Move(
            person_id=person.id or 0, from_id=office.id or 0, to_id=elsewhere.id or 0, consent_id=proof.id or 0,
            postcode="26721", keeps_pairings=True, asked_at=make.SPRING,
        ))  # fmt: skip
        if role is Role.NEWCOMER:
            session.add(Referral(
                referrer_id=make.referrer(session, office).id or 0, request_id=asked.id or 0, consent_id=proof.id or 0,
                referred_at=make.SPRING,
            ))  # fmt: skip
    session.flush()
    for person in people:
        fill(session, person)
    return people


def fill(session: Session, person: Person) -> None:
    """Give each table that leads to `person` a row."""
    for table in SQLModel.metadata.sorted_tables:
        found = traces.of_people(session, {person.id or 0})
        links = [
            column for column in table.columns if any(key.column.table.name in found for key in column.foreign_keys)
        ]
        if (
            table.name not in found
            and links
            and table.name not in {"guide", "request", "pairing", "referral", "matchrun", "absence"}
        ):
            session.execute(insert(table).values(**made_up(session, table, found)))
            session.flush()


def made_up(session: Session, table: Table, found: dict[str, set[Any]]) -> dict[str, Any]:
    """Values for a row of `table` that leads to what was found."""
    values: dict[str, Any] = {}
    for column in table.columns:
        if column.foreign_keys:
            target = next(iter(column.foreign_keys)).column.table
            own = found.get(target.name)
            values[column.name] = min(own) if own else session.execute(select(next(iter(target.primary_key)))).scalar()
        elif not column.primary_key or purpose.kind_of(column) is str:
            values[column.name] = _made_up(column)
    return values | CHECKED.get(table.name, {})


def _made_up(column: Column[Any]) -> Any:
    if isinstance(column.type, Code):
        return next(iter(column.type.kind))
    if isinstance(column.type, JSON):
        return {}
    kind = purpose.kind_of(column)
    made = {str: f"{column.name[:8]}{next(make.NUMBERS)}", bool: False, int: 1, float: 1.0, bytes: b"1"}
    return made.get(kind, make.SPRING if kind is datetime else make.SPRING.date() if kind is date else None)


def plant(session: Session, person: Person, first: int = 10_000) -> dict[str, tuple[str, str]]:
    """Put a unique word into every column about `person` that holds words; return table and column by word.

    Words are numbered from `first`, so that several people's differ.
    """
    numbers, planted = count(first), {}
    for name, keys in traces.of_people(session, {person.id or 0}).items():
        table = SQLModel.metadata.tables[name]
        for column in wordy(name):
            for key in sorted(keys):
                word = f"ẞ{next(numbers)}ẞ"[-(getattr(column.type, "length", None) or 99) :]
                value: Any = word
                if isinstance(column.type, JSON):
                    shape = getattr(empty_of(name, column), "copy", dict)()
                    value = [{"code": word}] if isinstance(shape, list) else {word: "A1", "ar": "C2"}
                session.execute(update(table).where(next(iter(table.primary_key)) == key).values({column.name: value}))
                planted[word] = (name, column.name)
    session.expire_all()
    return planted


def wordy(name: str) -> Iterator[Column[Any]]:
    """The columns of a table that could hold words about somebody."""
    model = purpose.models()[name]
    known = purpose.by_column(model)
    for column in purpose.table_of(model).columns:
        text = isinstance(column.type, EncryptedText | JSON) or (
            not isinstance(column.type, Code) and purpose.kind_of(column) is str
        )
        goes = known[column.name].period not in STAYS or column.name == "languages"
        if text and goes and not column.foreign_keys and not column.primary_key and column.name not in CODES:
            yield column


def empty_of(name: str, column: Column[Any]) -> Any:
    """What the column holds when nothing was said."""
    return purpose.models()[name].model_fields[column.name].get_default(call_default_factory=True)


def everything(session: Session) -> str:
    """All tables as text, exactly as they are stored: a dump."""
    lines = []
    for table in SQLModel.metadata.sorted_tables:
        plain = Table(table.name, MetaData(), *(Column(column.name, _stored(column)) for column in table.columns))
        lines += [f"{table.name} {tuple(row)!r}" for row in session.execute(select(plain))]
    return "\n".join(lines)


def ciphertexts(session: Session, person: Person) -> set[str]:
    """The free text about `person` as it is stored: encrypted."""
    found = set()
    for name, keys in traces.of_people(session, {person.id or 0}).items():
        table = SQLModel.metadata.tables[name]
        key = next(iter(table.primary_key))
        for column in table.columns:
            if isinstance(column.type, EncryptedText):
                plain = Table(name, MetaData(), Column(key.name, key.type), Column(column.name, Text))
                found |= set(session.execute(select(plain.c[column.name]).where(plain.c[key.name].in_(keys))).scalars())
    return found - {None}


def _stored(column: Column[Any]) -> Any:
    return Text() if isinstance(column.type, EncryptedText) else column.type
