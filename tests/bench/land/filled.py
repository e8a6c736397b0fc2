"""A made-up Land: 16 offices, one with a quarter of everybody; their people's files, and what happened to them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import cache
from itertools import chain
from random import Random
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection
from sqlmodel import Session, SQLModel

from lotsen import places
from lotsen.db import Database
from lotsen.demo import people
from lotsen.demo.offices import OFFICES, Office
from lotsen.models import Account, Consent, Guide, MatchRun, NameKey, Person, Request, Stage
from lotsen.rules import names
from lotsen.rules.pairing import LIVE, OPEN, RUNNING, State
from lotsen.rules.vocabulary import RequestState, Role
from tests import factories as make
from tests.bench.land import happened
from tests.bench.land.bulk import Row, next_id, store
from tests.bench.land.happened import Pair
from tests.houses import House, house


class Size(NamedTuple):
    """How much there is of what."""

    newcomers: int = 100_000
    guides: int = 40_000
    events: int = 1_000_000


#: The big one first: a quarter of everybody; the others have as many as each other.
LAND: Final = (
    Office("03241", "Hannover", ("03241",), "", 0, {}),
    *OFFICES,
    Office("03101", "Braunschweig", ("03101",), "", 0, {}),
    Office("03102", "Salzgitter", ("03102",), "", 0, {}),
    Office("03355", "Lüneburg", ("03355",), "", 0, {}),
    Office("03359", "Stade", ("03359",), "", 0, {}),
    Office("03254", "Hildesheim", ("03254",), "", 0, {}),
    Office("03352", "Cuxhaven", ("03352",), "", 0, {}),
)
_YEARS: Final = timedelta(days=3 * 365)
#: What a request of a state has been through, and how often: the states of its pairings, the last one last.
_S: Final = State
_STORIES: Final[dict[RequestState, tuple[tuple[int, tuple[State, ...]], ...]]] = {
    RequestState.OPEN: (
        (50, ()), (10, (_S.DECLINED,)), (18, (_S.SUGGESTED,)), (9, (_S.EXPIRED, _S.OFFERED)), (5, (_S.ACCEPTED,)),
        (5, (_S.AGREED,)), (3, (_S.DISMISSED, _S.SUGGESTED)),
    ),
    RequestState.PLACED: (
        (8, (_S.APPROVED,)), (20, (_S.TRIAL,)), (50, (_S.DECLINED, _S.ACTIVE)), (15, (_S.ACTIVE,)), (6, (_S.PAUSED,)),
        (1, (_S.SUSPENDED,)),
    ),
    RequestState.CLOSED: (
        (20, ()), (35, (_S.COMPLETED,)), (20, (_S.EXPIRED, _S.COMPLETED)), (15, (_S.ENDED,)), (6, (_S.WITHDRAWN,)),
        (4, (_S.REJECTED,)),
    ),
}  # fmt: skip
#: Of a run of the matcher.
_FIGURES: Final = {
    "newcomers": 500, "guides": 200, "feasible_pairs": 9000, "placed": 150, "with_interpreter": 0, "chosen": 150,
    "total_score": 99.5, "seconds": 0.5, "model": "prior", "comparison": {}, "proxies": {},
}  # fmt: skip
_STATES: Final = {RequestState.OPEN: 15, RequestState.PLACED: 25, RequestState.CLOSED: 60}


def fill(database: Database, size: Size, now: datetime) -> House:
    """Fill an empty, migrated database; return the people of the big office who walk through it."""
    with database.transaction() as session:
        offices = [make.municipality(session, office.code, office.name) for office in LAND]
        walkers = house(session, offices[0], "own")
        numbers = [int(office.id or 0) for office in offices]
        _run_before(session, numbers, now)
    with database.engine.execution_options(lotsen_write=True).begin() as connection:
        if connection.dialect.name == "postgresql":
            # SQLite has checked that each row finds what it refers to; here that takes longer than all the rest.
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
        _Land(connection, size, numbers, now).store()
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # As a database that has lived for a day has done by itself.
        connection.exec_driver_sql("ANALYZE" if connection.dialect.name == "sqlite" else "VACUUM ANALYZE")
    return walkers


def _run_before(session: Session, offices: list[int], now: datetime) -> None:
    session.add_all(
        MatchRun(
            municipality_id=office,
            queued_at=now - timedelta(hours=8),
            finished_at=now,
            stage=Stage.DONE,
            figures=_FIGURES,
            changes={"kept": 40, "new": 8, "dropped": 3},
        )
        for office in offices
    )


class _Land:
    """Rows of one table after the other, each read once: only what later tables need is kept."""

    def __init__(self, connection: Connection, size: Size, offices: list[int], now: datetime) -> None:
        self.connection, self.size, self.offices, self.now = connection, size, offices, now
        self.random = Random(100_000)
        self.first_person = next_id(connection, Person)
        self.first_request, self.first_guide = next_id(connection, Request), next_id(connection, Guide)

    def store(self) -> None:
        """Store everything."""
        newcomers = list(self._newcomers())
        guides = list(self._guides())
        everybody = [person for person, _file in chain(newcomers, guides)]
        pairs = self._pairs([file for _, file in newcomers], [file for _, file in guides])
        self._keep(Person, everybody)
        self._keep(NameKey, self._name_keys(everybody))
        self._keep(Consent, map(self._consent, everybody))
        self._keep(Guide, (file for _, file in guides))
        self._keep(Request, (file for _, file in newcomers))
        self._keep(Account, chain(self._accounts(newcomers, Role.NEWCOMER), self._accounts(guides, Role.GUIDE)))
        for model, rows in happened.tables(self.connection, pairs, self.now, self.random, self.size.events):
            self._keep(model, rows)

    def _keep(self, model: type[SQLModel], rows: Any) -> None:
        store(self.connection, model, rows)

    def _where(self, number: int) -> int:
        """Return which office somebody belongs to."""
        return 0 if number % 4 == 0 else 1 + number % (len(self.offices) - 1)

    def _person(self, number: int, office: int, answers: Any, locale: str) -> Row:
        found = places.find(answers.postcode)
        assert found is not None
        asked = self.now - _YEARS * self.random.random()
        return {
            "id": self.first_person + number, "municipality_id": self.offices[office], "locale": locale,
            "first_name": answers.first_name, "last_name": getattr(answers, "last_name", ""), "phone": answers.phone,
            "email": f"person.{number}@land.example", "gender": answers.gender, "postcode": answers.postcode,
            "town": found.town, "latitude": found.latitude, "longitude": found.longitude,
            "languages": answers.languages, "created_at": asked,
        }  # fmt: skip

    def _newcomers(self) -> Iterator[tuple[Row, Row]]:
        states = list(_STATES)
        for number in range(self.size.newcomers):
            office = self._where(number)
            answers, locale = people.newcomer(self.random, LAND[office], number)
            person = self._person(number, office, answers, locale)
            asked = person["created_at"]
            state = self.random.choices(states, list(_STATES.values()))[0]
            placed = asked + timedelta(days=30) * self.random.random()
            over = state is RequestState.CLOSED
            yield person, {
                "id": self.first_request + number, "person_id": person["id"], "topics": answers.topics,
                "municipality_id": person["municipality_id"], "slots": answers.slots, "household": answers.household,
                "guide_gender": answers.guide_gender, "state": state, "waiting_since": asked, "created_at": asked,
                "placed_at": None if state is RequestState.OPEN else min(placed, self.now),
                "closed_at": min(asked + timedelta(days=200), self.now) if over else None,
                "close_reason": "own_wish" if over else None,
            }  # fmt: skip

    def _guides(self) -> Iterator[tuple[Row, Row]]:
        for number in range(self.size.guides):
            office = self._where(number)
            answers = people.guide(self.random, LAND[office], number)
            person = self._person(self.size.newcomers + number, office, answers, "de")
            began = person["created_at"]
            day = (began + timedelta(days=14)).date()
            seen = None if number % 50 == 7 else day
            yield person, {
                "id": self.first_guide + number, "person_id": person["id"], "topics": answers.topics,
                "municipality_id": person["municipality_id"], "slots": answers.slots, "radius_km": answers.radius_km,
                "capacity": answers.capacity, "newcomer_gender": answers.newcomer_gender, "takes": answers.takes,
                "address_confirmed": True, "interview_on": seen, "cleared_on": seen, "conduct_seen_on": seen,
                "conduct_valid_until": seen and seen + timedelta(days=3 * 365), "training_lessons": 30,
                "confidentiality_on": seen, "created_at": began, "paused": number % 20 == 3,
            }  # fmt: skip

    def _pairs(self, requests: list[Row], guides: list[Row]) -> list[Pair]:
        """Return all pairings, and count places as they are used: a guide of the same office, whose place is free."""
        by_office: dict[int, list[Row]] = {office: [] for office in self.offices}
        for guide in guides:
            by_office[guide["municipality_id"]].append(guide)
        turn = dict.fromkeys(self.offices, 0)
        pairs = []
        for request in requests:
            stories = _STORIES[request["state"]]
            story = self.random.choices([each for _, each in stories], [weight for weight, _ in stories])[0]
            nearby = by_office[request["municipality_id"]]
            for state in story:
                if state in OPEN:
                    guide = nearby[turn[request["municipality_id"]] % len(nearby)]
                    turn[request["municipality_id"]] += 1
                    guide["taken"] = guide.get("taken", 0) + (state in RUNNING)
                    guide["offered"] = guide.get("offered", 0) + (state is State.OFFERED)
                    request["live"] = request.get("live", 0) + (state in LIVE)
                else:
                    guide = self.random.choice(nearby)
                    guide["completed"] = guide.get("completed", 0) + (state is State.COMPLETED)
                pairs.append(Pair(request, guide, state))
        return pairs

    def _name_keys(self, everybody: list[Row]) -> Iterator[Row]:
        for person in everybody:
            for key in _keys(person["first_name"], person["last_name"]):
                yield {"person_id": person["id"], "municipality_id": person["municipality_id"], "key": key}

    def _consent(self, person: Row) -> Row:
        newcomer = person["id"] < self.first_person + self.size.newcomers
        given = people.consent("request" if newcomer else "volunteer", person["locale"])
        return {
            "id": 100_000 + person["id"], "person_id": person["id"], "kind": given.kind, "version": given.version,
            "text": given.text, "locale": given.locale, "given_at": person["created_at"],
        }  # fmt: skip

    def _accounts(self, files: list[tuple[Row, Row]], role: Role) -> Iterator[Row]:
        for person, _file in files:
            number = person["id"]
            yield {
                "id": 100_000 + number, "role": role, "email": f"account.{number}@land.example",
                "municipality_id": person["municipality_id"], "person_id": number, "locale": person["locale"],
                "email_confirmed_at": person["created_at"], "created_at": person["created_at"],
            }  # fmt: skip


@cache
def _keys(first_name: str, last_name: str) -> list[str]:
    return sorted(names.keys(f"{first_name} {last_name}"))
