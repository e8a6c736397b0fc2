"""Everything that one page of the office shows about one case: a request, a guide, a pairing or a task. Read only.

Each raises `NotFound` for what belongs to another office: foreign and missing look the same.
"""

from dataclasses import dataclass
from typing import TypeVar

from sqlalchemy import ColumnElement
from sqlmodel import Session, SQLModel, col, select

from lotsen.models import (
    Account,
    Consent,
    Event,
    Guide,
    Meeting,
    Municipality,
    Override,
    Pairing,
    Person,
    Request,
    Task,
)
from lotsen.rules.errors import NotFound
from lotsen.rules.following import Next
from lotsen.rules.sessions import STAFF
from lotsen.services import caseload, conversation, handovers, meetings, nextstep, overrides
from lotsen.services.actor import Actor
from lotsen.services.caseload import PairingLine

Owned = TypeVar("Owned", bound=SQLModel)


@dataclass(frozen=True, slots=True)
class Happened:
    """One line of a history: the event, and the name of the member of staff who did it."""

    event: Event
    by: str
    note: str | None


@dataclass(frozen=True, slots=True)
class RequestFile:
    """A newcomer's request."""

    request: Request
    person: Person
    pairings: list[PairingLine]
    tasks: list[Task]
    history: list[Happened]
    #: Whose turn it is, and until when; None once it is closed.
    next: Next | None


@dataclass(frozen=True, slots=True)
class GuideFile:
    """A guide; `seen_by` has the names of those who held the interview and saw the conduct check."""

    guide: Guide
    person: Person
    office: Municipality
    pairings: list[PairingLine]
    tasks: list[Task]
    history: list[Happened]
    names: dict[int | None, str]


@dataclass(frozen=True, slots=True)
class PairingFile:
    """A pairing with its two people; `names` are the staff's, by account."""

    pairing: Pairing
    request: Request
    newcomer: Person
    guide: Guide
    helper: Person
    office: Municipality
    tasks: list[Task]
    history: list[Happened]
    names: dict[int | None, str]
    overrides: list[Override]
    #: Whose turn it is, and until when; None once it is over.
    next: Next | None
    meetings: list[Meeting]
    #: Whether one of the two reported a problem that is not decided yet: the conversation may be read.
    reported: bool


@dataclass(frozen=True, slots=True)
class TaskFile:
    """A hand-over with whom it is about."""

    task: Task
    newcomer: Person | None
    guide: Person | None
    office: Municipality
    consent: Consent | None
    names: dict[int | None, str]


def request_file(session: Session, request_id: int, actor: Actor) -> RequestFile:
    """Return everything about a request of the actor's office."""
    request = _own(session, Request, request_id, actor)
    person = session.get_one(Person, request.person_id)
    about = Event.request_id == request.id
    open_tasks = _tasks(session, Task.request_id == request.id)
    lines, history = caseload.of_request(session, request_id), _history(session, request.municipality_id, about)
    return RequestFile(request, person, lines, open_tasks, history, nextstep.of_request(session, request))


def guide_file(session: Session, guide_id: int, actor: Actor) -> GuideFile:
    """Return everything about a guide of the actor's office."""
    guide = _own(session, Guide, guide_id, actor)
    office = session.get_one(Municipality, guide.municipality_id)
    return GuideFile(
        guide,
        session.get_one(Person, guide.person_id),
        office,
        caseload.of_guide(session, guide_id, guide.municipality_id),
        _tasks(session, Task.guide_id == guide.id, col(Task.pairing_id).is_(None)),
        _history(
            session, guide.municipality_id, Event.guide_id == guide.id, Event.municipality_id == guide.municipality_id
        ),
        staff_names(session, guide.municipality_id),
    )


def pairing_file(session: Session, pairing_id: int, actor: Actor) -> PairingFile:
    """Return everything about a pairing that the actor's office decides."""
    pairing = _own(session, Pairing, pairing_id, actor)
    request, guide = session.get_one(Request, pairing.request_id), session.get_one(Guide, pairing.guide_id)
    return PairingFile(
        pairing,
        request,
        session.get_one(Person, request.person_id),
        guide,
        session.get_one(Person, guide.person_id),
        session.get_one(Municipality, pairing.municipality_id),
        _tasks(session, Task.pairing_id == pairing.id),
        _history(session, pairing.municipality_id, Event.pairing_id == pairing.id),
        staff_names(session, pairing.municipality_id),
        overrides.of_pairing(session, pairing_id),
        nextstep.of_pairing(session, pairing),
        meetings.of_pairing(session, pairing),
        conversation.reported(session, pairing),
    )


def task_file(session: Session, task_id: int, actor: Actor) -> TaskFile:
    """Return a task of the actor's office, open or closed."""
    task = _own(session, Task, task_id, actor)
    newcomer = select(Person).join(Request).where(Request.id == task.request_id)
    guide = select(Person).join(Guide).where(Guide.id == task.guide_id)
    return TaskFile(
        task,
        session.exec(newcomer).first(),
        session.exec(guide).first(),
        session.get_one(Municipality, task.municipality_id),
        handovers.consent_of(session, task),
        staff_names(session, task.municipality_id),
    )


def person_of(session: Session, person_id: int, actor: Actor) -> Person:
    """Return a person of the actor's office whose file is not empty."""
    person = _own(session, Person, person_id, actor)
    if person.erased_at:
        raise NotFound
    return person


def office_of(session: Session, actor: Actor) -> Municipality:
    """Return the actor's own office."""
    office = session.get(Municipality, actor.municipality_id) if actor.municipality_id else None
    if office is None:
        raise NotFound
    return office


def _own(session: Session, kind: type[Owned], number: int, actor: Actor) -> Owned:
    found = session.get(kind, number)
    if found is None or actor.municipality_id is None or found.municipality_id != actor.municipality_id:  # type: ignore[attr-defined]  # each of them has one
        raise NotFound
    return found


def _tasks(session: Session, *about: ColumnElement[bool] | bool) -> list[Task]:
    query = select(Task).where(*about, col(Task.closed_at).is_(None))
    return list(session.exec(query.order_by(col(Task.due_on), col(Task.id))))


def _history(session: Session, own: int, *about: ColumnElement[bool] | bool) -> list[Happened]:
    """What happened, newest first; of what another office did, before a move, neither names nor words."""
    query = select(Event, Account.name).outerjoin(Account, col(Account.id) == Event.account_id).where(*about)
    rows = session.exec(query.order_by(col(Event.at).desc(), col(Event.id).desc()).limit(200))
    return [
        Happened(event, name or "", event.note) if event.municipality_id == own else Happened(event, "", None)
        for event, name in rows
    ]


def staff_names(session: Session, municipality_id: int) -> dict[int | None, str]:
    """Return what the office's accounts are called, by id, former colleagues included."""
    query = select(Account.id, Account.name).where(
        Account.municipality_id == municipality_id, col(Account.role).in_(STAFF)
    )
    return dict(session.exec(query).all())
