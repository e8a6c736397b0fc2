"""One newcomer's top five in the running server, its database included, while guides change."""

import secrets
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import bindparam
from sqlmodel import Session, SQLModel, col, select

from lotsen import db
from lotsen.app import create_app
from lotsen.config import Config
from lotsen.models import Guide, Municipality, Person, Request
from lotsen.rules.pairing import Side
from lotsen.rules.vocabulary import Household
from lotsen.services import guides, suggestion
from lotsen.services.actor import Actor
from matching.made_up import Rows

NOW = datetime(2026, 3, 11, 9, tzinfo=UTC)
#: The office's coordinator.
KIM = Actor(Side.OFFICE, municipality_id=1)
_ASKED: Final = (
    select(Request, Person)
    .join(Person, col(Person.id) == Request.person_id)
    .where(col(Request.id) == bindparam("request"))
)
#: A guide changes before one question in so many.
_CHANGED = 10


class Times(NamedTuple):
    """Seconds: until the first answer, and of each later one."""

    first: float
    later: list[float]


def top_five(newcomers: Rows, volunteers: Rows) -> Times:
    """Ask for each newcomer's best five guides, all of one office; now and then a guide pauses or returns before."""
    with running() as app, app.app_context():
        with db.transaction() as session:
            requests, known = _fill(session, newcomers, volunteers)
        times = [_ask(app, request, known, number) for number, request in enumerate(requests)]
    return Times(times[0], times[1:])


@contextmanager
def running() -> Iterator[Flask]:
    """An application with an empty database in a folder that vanishes."""
    with tempfile.TemporaryDirectory() as folder:
        keys = {"secret_key": secrets.token_urlsafe(48), "data_key": Fernet.generate_key().decode()}
        url = f"sqlite:///{folder}/bench.sqlite3"
        app = create_app(
            Config(
                **keys, database_url=url, mail_url=f"file://{folder}", environment="development", instance=Path(folder)
            )
        )
        with app.app_context():
            SQLModel.metadata.create_all(db.database().engine)
            yield app
            db.database().engine.dispose()


def _ask(app: Flask, request: int, known: list[int], number: int) -> float:
    with app.app_context():
        if number % _CHANGED == 1:
            with db.transaction() as session:
                change = guides.pause if number % (2 * _CHANGED) == 1 else guides.resume
                change(session, known[number // (2 * _CHANGED)], KIM, NOW)
        begin = time.perf_counter()
        session = db.reading()
        asked, _person = session.exec(_ASKED, params={"request": request}).one()
        suggestion.at_once(session, app.extensions["lotsen_ready"], asked, NOW)
        return time.perf_counter() - begin


def _fill(session: Session, newcomers: Rows, volunteers: Rows) -> tuple[list[int], list[int]]:
    """Put everybody into one office; returns the numbers of requests and guides."""
    office = Municipality(code="03351006", name="Celle", office_name="Celle", office_email="office@example.org")
    session.add(office)
    session.flush()
    helpers = [(_person(row, office), row) for row in volunteers]
    askers = [(_person(row, office), row) for row in newcomers]
    session.add_all(person for person, _ in helpers + askers)
    session.flush()
    known = [_guide(row, person, office) for person, row in helpers]
    requests = [_request(row, person, office) for person, row in askers]
    session.add_all([*known, *requests])
    session.flush()
    return [request.id or 0 for request in requests], [guide.id or 0 for guide in known]


def _person(row: dict[str, object], office: Municipality) -> Person:
    about = {name: row[name] for name in ("latitude", "longitude", "languages")}
    return Person(
        municipality_id=office.id, first_name="A", locale="de", postcode="29221", town="Celle", created_at=NOW,
        gender=row["gender"] or None, **about,
    )  # fmt: skip


def _guide(row: dict[str, object], person: Person, office: Municipality) -> Guide:
    day = NOW.date() if row["cleared"] else None
    conduct = day if row["children_cleared"] else None
    return Guide(
        person_id=person.id, municipality_id=office.id, topics=row["topics"], slots=row["slots"], created_at=NOW,
        newcomer_gender=row["newcomer_gender"] or None, radius_km=row["radius_km"], capacity=row["capacity"],
        completed=row["completed"], address_confirmed=True, interview_on=day, cleared_on=day, training_lessons=30,
        conduct_seen_on=conduct, conduct_valid_until=conduct and conduct + timedelta(days=365),
    )  # fmt: skip


def _request(row: dict[str, object], person: Person, office: Municipality) -> Request:
    return Request(
        person_id=person.id, municipality_id=office.id, topics=row["topics"], slots=row["slots"], created_at=NOW,
        guide_gender=row["guide_gender"] or None, waiting_since=NOW,
        household=Household.CHILDREN if row["children"] else Household.ALONE,
    )  # fmt: skip
