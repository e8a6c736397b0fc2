"""One of each noun and an account in each role, in three municipalities; and every address with its numbers."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

from flask import Flask
from sqlmodel import Session
from werkzeug.routing import Rule
from werkzeug.routing.converters import AnyConverter, IntegerConverter

from lotsen import translations
from lotsen.models import (
    Absence,
    ApiToken,
    Appointment,
    Certificate,
    CheckIn,
    ImportBatch,
    ImportKind,
    ImportStage,
    MatchRun,
    Meeting,
    Method,
    Move,
    Note,
    Person,
    Referral,
    Task,
)
from lotsen.rules.following import Question
from lotsen.rules.pairing import Side, State
from lotsen.rules.vocabulary import MeetingKind, Mood, Role
from lotsen.services import mails, persons, sessions
from tests import factories as make

#: What the people of a house are called, with its mark: no page of another municipality may say it.
NAME: Final = "Geheim"


@dataclass
class House:
    """A municipality's people: one of each noun, and an account in each role."""

    office: Any
    guide: Any
    request: Any
    pairing: Any
    accounts: dict[Role, Any] = field(default_factory=dict)
    devices: dict[Role, int] = field(default_factory=dict)
    #: Whatever else stands behind a number: name of the argument -> number.
    others: dict[str, int] = field(default_factory=dict)


def house(session: Session, office: Any, mark: str) -> House:
    """Store one of everything in `office`."""
    called = {"first_name": NAME + mark, "last_name": NAME + mark, "email": None, "phone": None}
    guide, request = make.guide(session, office, about=called), make.request(session, office, about=called)
    pairing = make.pairing(session, request, guide, State.ACTIVE)
    found = House(office, guide, request, pairing)
    for role in Role:
        person = {Role.GUIDE: guide, Role.NEWCOMER: request}.get(role)
        values: dict[str, Any] = {"person": session.get(Person, person.person_id)} if person else {}
        if role is Role.REFERRER:
            values["referrer_id"] = make.referrer(session, office, f"Jobcenter {mark}").id
        if role is Role.REVIEWER:
            values["reads"] = [START["locale"]]
        account = make.account(session, role, office, email=f"{role}@{mark}.example", is_lead=True, **values)
        sessions.begin(session, account, Method.PASSWORD, now_of_tests())
        session.flush()
        found.accounts[role] = account
        found.devices[role] = sessions.listed(session, account, now_of_tests())[0].id or 0
    others = {name: store(session, found, mark) for name, store in STORED.items()}
    session.flush()
    found.others = {name: row.id for name, row in others.items()}
    return found


def stored(session: Session, row: Any) -> int:
    """Return the number that a row was given."""
    session.flush()
    return int(row.id)


def now_of_tests() -> Any:
    """The application's own now: what is stored here must be alive there."""
    from lotsen.clock import now  # noqa: PLC0415 -- one word of the application's

    return now()


def _task(session: Session, own: House, mark: str) -> Task:
    task = Task(
        municipality_id=own.office.id, kind="new_guide", matter=f"new_guide:guide:{own.guide.id}",
        due_on=date(2026, 3, 12),
        guide_id=own.guide.id, opened_at=make.SPRING,
    )  # fmt: skip
    session.add(task)
    return task


def _run(session: Session, own: House, mark: str) -> MatchRun:
    run = MatchRun(municipality_id=own.office.id, queued_at=make.SPRING)
    session.add(run)
    return run


def _mail(session: Session, own: House, mark: str) -> Any:
    return mails.enqueue(session, "offer", own.accounts[Role.GUIDE], f"offer:{mark}", make.SPRING, path="/guide/")


def _check_in(session: Session, own: House, mark: str) -> CheckIn:
    asked = CheckIn(
        pairing_id=own.pairing.id, kind=Question.CHECK_IN, asked_at=now_of_tests(), answer_until=date(2099, 1, 1)
    )
    session.add(asked)
    return asked


def _appointment(session: Session, own: House, mark: str) -> Appointment:
    appointment = Appointment(
        pairing_id=own.pairing.id, token=f"a{mark}", proposed_by=Side.GUIDE, proposed_at=now_of_tests(),
        at=now_of_tests() + timedelta(days=7), minutes=60, kind=next(iter(MeetingKind)), place="Rathaus",
    )  # fmt: skip
    session.add(appointment)
    return appointment


def _certificate(session: Session, own: House, mark: str) -> Certificate:
    certificate = Certificate(
        guide_id=own.guide.id, municipality_id=own.office.id, since=date(2026, 1, 1), until=date(2026, 3, 1),
        minutes=60, meetings=1, issued_at=make.SPRING, digest=mark, code="7K2M-PQ4T-9WXY", name="Jürgen",
    )  # fmt: skip
    session.add(certificate)
    return certificate


def meeting_of(side: Side) -> Callable[[Session, House, str], Meeting]:
    def store(session: Session, own: House, mark: str) -> Meeting:
        meeting = Meeting(
            pairing_id=own.pairing.id, guide_id=own.guide.id, municipality_id=own.office.id,
            token=f"{side}{mark}{next(make.NUMBERS)}",
            logged_by=side, held_on=date(2026, 3, 11), kind=next(iter(MeetingKind)), minutes=60, mood=next(iter(Mood)),
            logged_at=now_of_tests(),
        )  # fmt: skip
        session.add(meeting)
        return meeting

    return store


def _neighbour(session: Session, own: House, mark: str) -> Any:
    return make.municipality(session, f"8{next(make.NUMBERS):07d}", f"Nachbarstadt {mark}")


def _absence(session: Session, own: House, mark: str) -> Absence:
    absence = Absence(
        municipality_id=own.office.id, account_id=own.accounts[Role.COORDINATOR].id,
        substitute_id=own.accounts[Role.REFERRER].id, begins_on=date(2026, 3, 1), ends_on=date(2099, 1, 1),
    )  # fmt: skip
    session.add(absence)
    return absence


def _note(session: Session, own: House, mark: str) -> Note:
    author = own.accounts[Role.COORDINATOR]
    note = Note(
        municipality_id=own.office.id, person_id=own.request.person_id, author_id=author.id,
        written_at=now_of_tests(), text=mark,
    )  # fmt: skip
    session.add(note)
    return note


def _move(session: Session, own: House, mark: str) -> Move:
    """Proposed by one's own office to one that nobody here is of."""
    third = make.municipality(session, f"9{next(make.NUMBERS):07d}", f"Neustadt {mark}")
    proof = persons.ConsentGiven("move", "1", mark, "de")
    person = session.get_one(Person, own.request.person_id)
    move = Move(
        person_id=person.id, from_id=own.office.id, to_id=third.id, postcode="29221", keeps_pairings=True,
        consent_id=persons.give_consent(session, person, proof, make.SPRING).id, asked_at=make.SPRING,
    )  # fmt: skip
    session.add(move)
    return move


def _batch(session: Session, own: House, mark: str) -> ImportBatch:
    batch = ImportBatch(
        municipality_id=own.office.id, account_id=own.accounts[Role.COORDINATOR].id, kind=ImportKind.GUIDES,
        stage=ImportStage.CHECKING, created_at=now_of_tests(), expires_at=now_of_tests() + timedelta(days=7),
        content=json.dumps({mark: [["Vorname"], [mark]]}), total=1,
    )  # fmt: skip
    session.add(batch)
    return batch


def _token(session: Session, own: House, mark: str) -> ApiToken:
    referrer = own.accounts[Role.REFERRER].referrer_id
    token = ApiToken(referrer_id=referrer, name=NAME + mark, digest=mark, issued_at=now_of_tests())
    session.add(token)
    return token


def _referral(session: Session, own: House, mark: str) -> Referral:
    proof = persons.ConsentGiven("referral", "1", mark, "de")
    person = session.get_one(Person, own.request.person_id)
    referral = Referral(
        referrer_id=own.accounts[Role.REFERRER].referrer_id, request_id=own.request.id,
        consent_id=persons.give_consent(session, person, proof, make.SPRING).id, reference=NAME + mark,
        referred_at=make.SPRING,
    )  # fmt: skip
    session.add(referral)
    return referral


#: Nouns that one row of its own stands for.
STORED: Final[dict[str, Callable[[Session, House, str], Any]]] = {
    "task_id": _task,
    "run_id": _run,
    "mail_id": _mail,
    "move_id": _move,
    "note_id": _note,
    "batch_id": _batch,
    "absence_id": _absence,
    "neighbour_id": _neighbour,
    "checkin_id": _check_in,
    "certificate_id": _certificate,
    "appointment_id": _appointment,
    "token_id": _token,
    "referral_id": _referral,
    "meeting_of_guide": meeting_of(Side.GUIDE),
    "meeting_of_newcomer": meeting_of(Side.NEWCOMER),
}

#: What a number in an address stands for, as somebody in a role has it in their house.
OBJECTS: Final[dict[str, Callable[[House, Role], int]]] = {
    "pairing_id": lambda own, _role: own.pairing.id,
    "request_id": lambda own, _role: own.request.id,
    "guide_id": lambda own, _role: own.guide.id,
    "sign_in_id": lambda own, role: own.devices[role],
    # a colleague: not one's own account, which nobody may close
    "account_id": lambda own, _role: own.accounts[Role.REFERRER].id,
    "reviewer_id": lambda own, _role: own.accounts[Role.REVIEWER].id,
    # an entry is its author's alone
    "meeting_id": lambda own, role: own.others.get(f"meeting_of_{role}", own.others["meeting_of_guide"]),
    "person_id": lambda own, _role: own.request.person_id,
    "municipality_id": lambda own, _role: own.office.id,
    "referrer_id": lambda own, _role: own.accounts[Role.REFERRER].referrer_id,
    "passkey_id": lambda _own, _role: 0,
    **{name: lambda own, _role, name=name: own.others[name] for name in STORED},
}
#: What stands for a word in an address.
START: Final = {"key": translations.key("Start", None), "locale": "de"}
WORDS: Final = {"action": "suspend", "name": "match", "secret": "unknown"} | START

#: Which of several words, where the first would end the walk: erasing signs out.
CHOSEN: Final = {"own.ask": "release", "office.exercise": "release"}


def worlds(app: Flask) -> tuple[House, House, House]:
    """Store one's own house, the neighbour's in the same municipality, and one in a foreign municipality."""
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        celle, emden = make.municipality(session), make.municipality(session, "03402000", "Emden")
        return house(session, celle, "own"), house(session, celle, "next"), house(session, emden, "far")


def addresses(app: Flask) -> list[Rule]:
    """Every address of the application but files."""
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def numbers(rule: Rule) -> list[str]:
    """Return the arguments of an address that are numbers."""
    return [name for name, converter in rule._converters.items() if isinstance(converter, IntegerConverter)]


def address(app: Flask, rule: Rule, own: House, role: Role) -> str:
    """Return the address with one's own numbers and the first of each choice of words."""
    values: dict[str, Any] = {}
    for name, converter in rule._converters.items():
        if isinstance(converter, IntegerConverter):
            values[name] = OBJECTS[name](own, role)
        elif isinstance(converter, AnyConverter):
            values[name] = CHOSEN.get(rule.endpoint, sorted(converter.items)[0])
        else:
            values[name] = WORDS[name]
    built = app.url_map.bind("127.0.0.1").build(rule.endpoint, values, method=sorted(rule.methods or ["GET"])[-1])
    return str(built)


def methods(rule: Rule) -> list[str]:
    """Return how an address can be asked."""
    return sorted((rule.methods or set()) & {"GET", "POST"})
