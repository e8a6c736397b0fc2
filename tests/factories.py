"""Rows for tests, as few words as possible: each function adds one noun with everything it needs."""

from datetime import date, datetime
from functools import cache
from itertools import count
from typing import Any

from argon2 import PasswordHasher
from sqlmodel import Session

from lotsen.models import Account, Guide, Municipality, Pairing, Person, Referrer, Request, Territory
from lotsen.rules.pairing import LIVE, RUNNING, Side, State
from lotsen.rules.vocabulary import Household, ReferrerKind, Role
from lotsen.services import accounts, api_tokens
from lotsen.services.actor import Actor

NUMBERS = count(1)
PASSWORD = "ein ganzer Satz als Kennwort"
SPRING = datetime.fromisoformat("2026-03-11T09:00:00+00:00")


def municipality(session: Session, code: str = "03351006", name: str = "Celle", **values: Any) -> Municipality:
    """A city with its office and its territory."""
    office = Municipality(
        code=code,
        name=name,
        office_name=f"Koordinierungsstelle {name}",
        office_email=f"office@{code}.example",
        **values,
    )
    session.add(office)
    session.flush()
    session.add(Territory(prefix=code, municipality_id=office.id))
    session.flush()
    return office


def person(session: Session, office: Municipality, **values: Any) -> Person:
    """Somebody in Celle."""
    number = next(NUMBERS)
    defaults: dict[str, Any] = {
        "first_name": f"Person{number}",
        "email": f"person{number}@example.org",
        "locale": "de",
        "postcode": "29221",
        "town": "Celle",
        "latitude": 52.62,
        "longitude": 10.08,
        "languages": {"ar": "C2", "de": "A2"},
        "created_at": SPRING,
    }
    added = Person(municipality_id=office.id, **(defaults | values))
    session.add(added)
    session.flush()
    return added


def guide(session: Session, office: Municipality, *, about: dict[str, Any] | None = None, **values: Any) -> Guide:
    """A cleared guide with a conduct check and one place; `about` goes to the person."""
    defaults: dict[str, Any] = {
        "topics": ["authorities", "housing"],
        "slots": ["mon-evening", "sat-morning"],
        "radius_km": 15.0,
        "capacity": 1,
        "address_confirmed": True,
        "interview_on": date(2026, 1, 10),
        "cleared_on": date(2026, 1, 12),
        "conduct_seen_on": date(2026, 1, 12),
        "conduct_valid_until": date(2029, 1, 12),
        "training_lessons": 30,
        "created_at": SPRING,
    }
    someone = person(session, office, **({"languages": {"de": "C2", "ar": "B2"}} | (about or {})))
    added = Guide(person_id=someone.id, municipality_id=office.id, **(defaults | values))
    session.add(added)
    session.flush()
    return added


def request(session: Session, office: Municipality, *, about: dict[str, Any] | None = None, **values: Any) -> Request:
    """A newcomer who waits; `about` goes to the person."""
    defaults: dict[str, Any] = {
        "topics": ["authorities"],
        "slots": ["mon-evening"],
        "household": Household.ALONE,
        "waiting_since": SPRING,
        "created_at": SPRING,
    }
    someone = person(session, office, **(about or {}))
    added = Request(person_id=someone.id, municipality_id=office.id, **(defaults | values))
    session.add(added)
    session.flush()
    return added


def pairing(session: Session, asked: Request, guide: Guide, state: State = State.SUGGESTED, **values: Any) -> Pairing:
    """A pairing in `state`, with the counters that go with it."""
    added = Pairing(
        request_id=asked.id, guide_id=guide.id, municipality_id=asked.municipality_id, state=state,
        **({"state_since": SPRING, "created_at": SPRING, "score": 0.7} | values),
    )  # fmt: skip
    guide.offered += state is State.OFFERED
    guide.taken += state in RUNNING
    asked.live += state in LIVE
    session.add_all([added, guide, asked])
    session.flush()
    return added


@cache
def password_hash() -> str:
    """A hash of `PASSWORD` that takes a thousandth of the usual work, as do the checks against it."""
    return PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)


def account(session: Session, role: Role, office: Municipality | None = None, **values: Any) -> Account:
    """An account that signs in with `PASSWORD`; `person` makes it a newcomer's or guide's own."""
    email = values.pop("email", f"account{next(NUMBERS)}@example.org")
    added = accounts.open_account(
        session, role, SPRING, email=email, municipality_id=office.id if office else None, **values
    )
    added.password_hash = password_hash()
    added.email_confirmed_at = SPRING
    session.add(added)
    session.flush()
    return added


def referrer(session: Session, office: Municipality, name: str = "Ausländerbehörde Celle") -> Referrer:
    """An immigration office."""
    added = Referrer(municipality_id=office.id, kind=ReferrerKind.IMMIGRATION_OFFICE, name=name)
    session.add(added)
    session.flush()
    return added


def token(session: Session, organisation: Referrer) -> str:
    """The secret of a token for an organisation's software."""
    lead = account(session, Role.ADMIN)
    return api_tokens.issue(session, organisation.id or 0, "ADVIS", lead, SPRING)[1]


def coordinator(session: Session, office: Municipality) -> Actor:
    """A member of the office's staff, acting."""
    added = account(session, Role.COORDINATOR, office, name="Kim Office")
    return Actor(Side.OFFICE, added.id, office.id)


def acting(side: Side, person_id: int | None) -> Actor:
    """A newcomer or guide, acting for themselves."""
    return Actor(side, None, None, person_id)


def newcomer_of(session: Session, request_id: int | None) -> Person:
    """The person behind a request."""
    return session.get_one(Person, session.get_one(Request, request_id).person_id)
