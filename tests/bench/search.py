"""Somebody is looked for by name among many people of one office, in the server's own database."""

import time
from itertools import product
from random import Random
from typing import Final

from flask import Flask
from sqlmodel import Session, SQLModel, insert, or_, select

from lotsen import db
from lotsen.demo.names import ORIGINS
from lotsen.models import Municipality, NameKey, Person, Request
from lotsen.rules import names
from lotsen.rules.vocabulary import Household
from lotsen.services import lookup
from tests.bench.server import NOW, running

#: As they are typed: by ear, in another script, with a slip.
ASKED: Final = ("Amal", "Amaal", "أمل", "Muhamed", "Oksanna", "Chaled", "Олена", "Jusuf", "Fatma", "Kateirna")


def look_up(people: int) -> tuple[list[float], list[float]]:
    """Return seconds a question by keys, and by comparing names as they are spelled, which finds no other."""
    with running() as app:
        with app.app_context(), db.transaction() as session:
            _fill(session, people)
        ours = [_timed(app, lookup.look_up, typed) for typed in ASKED * 20]
        theirs = [_timed(app, _as_spelled, typed) for typed in ASKED * 20]
    return ours, theirs


def _timed(app: Flask, ask: object, typed: str) -> float:
    with app.app_context():
        begin = time.perf_counter()
        ask(db.reading(), 1, typed)  # type: ignore[operator]
        return time.perf_counter() - begin


def _as_spelled(session: Session, municipality_id: int, typed: str) -> list[Person]:
    fits = or_(Person.first_name.icontains(typed), Person.last_name.icontains(typed))  # type: ignore[attr-defined]
    return list(session.exec(select(Person).where(Person.municipality_id == municipality_id, fits).limit(20)))


def _fill(session: Session, people: int) -> None:
    """Put so many people with requests into one office: made-up names, most of them written otherwise."""
    office = Municipality(code="03351006", name="Celle", office_name="Celle", office_email="office@example.org")
    session.add(office)
    session.flush()
    random = Random(7)
    first = [name for origin in ORIGINS for name in (*origin.women, *origin.men)]
    spelled = [a + name[1:] + b for name, a, b in product(first, ("{}", "Sha", "Be"), ("", "a", "in", "ko")) if name]
    spelled = [each.replace("{}", random.choice(first)[:1]) for each in spelled] + first
    last = [name for origin in ORIGINS for name in origin.last]
    rows = [
        {"id": number, "first_name": random.choice(spelled), "last_name": random.choice(last), "municipality_id": 1,
         "locale": "de", "postcode": "29221", "town": "Celle", "latitude": 52.6, "longitude": 10.1, "created_at": NOW,
         "languages": {"ar": "C2"}, "muted": []}
        for number in range(1, people + 1)
    ]  # fmt: skip
    _store(session, Person, rows)
    _store(session, NameKey, [
        {"person_id": row["id"], "municipality_id": 1, "key": key}
        for row in rows for key in names.keys(f"{row['first_name']} {row['last_name']}")
    ])  # fmt: skip
    _store(session, Request, [
        {"person_id": row["id"], "municipality_id": 1, "topics": [], "slots": [], "household": Household.ALONE,
         "kind": "lasting", "places": 1, "live": 0, "state": "open", "waiting_since": NOW, "created_at": NOW,
         "nobody": []}
        for row in rows
    ])  # fmt: skip


def _store(session: Session, table: type[SQLModel], rows: list[dict[str, object]]) -> None:
    session.execute(insert(table), rows)
