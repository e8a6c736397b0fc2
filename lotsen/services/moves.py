"""A person who moves is handed over with their consent: one office proposes, the other accepts or declines.

With the yes the file is the other office's, and the first one loses sight of it: person, requests, guide's file,
account and the pairings of the requests change hands; what colleagues noted down for themselves is deleted. The
waiting time stays, and counts follow the person.
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Final

from sqlalchemy import delete, or_
from sqlmodel import Session, col, select, update

from lotsen.models import (
    Account,
    Consent,
    Guide,
    Move,
    MoveState,
    Municipality,
    Note,
    Override,
    Pairing,
    Person,
    Request,
    Task,
)
from lotsen.rules.calendar import local_date
from lotsen.rules.errors import Conflict, ConsentMissing, NotAllowed, NotFound, ReasonMissing
from lotsen.rules.handover import Matter, due_on
from lotsen.rules.pairing import IN_CONTACT, OPEN, Action, Side, State, find
from lotsen.services import erasure, events, insured, mails, offices
from lotsen.services import pairing as pairings
from lotsen.services.actor import SYSTEM, Actor
from lotsen.services.persons import ConsentGiven, give_consent

#: The kind of consent.
CONSENT: Final = "move"
REASON: Final = "moved"


def propose(
    session: Session, person_id: int, actor: Actor, now: datetime, *, to_id: int, postcode: str, keeps_pairings: bool,
    consent: ConsentGiven | None, word: str | None = None,
) -> Move:  # fmt: skip
    """Ask another office to take somebody over; both get a task.

    Raises `NotFound`, `ConsentMissing`, `offices.UnknownPlace`, `Conflict` where it is asked already, and `NotAllowed`
    while a report about one of their pairings is looked at.
    """
    person = erasure.reachable(session, person_id, actor)
    if actor.side is not Side.OFFICE or to_id == person.municipality_id or session.get(Municipality, to_id) is None:
        raise NotFound
    if consent is None or consent.kind != CONSENT:
        raise ConsentMissing("move_consent_missing")
    if open_of(session, person_id) is not None:
        raise Conflict("move_open")
    _check_reports(running(session, person_id))
    offices.settle(session, postcode, to_id)
    move = Move(
        person_id=person_id, from_id=person.municipality_id, to_id=to_id, postcode=postcode, word=word,
        keeps_pairings=keeps_pairings, consent_id=give_consent(session, person, consent, now).id or 0,
        asked_at=now, asked_by_id=actor.account_id,
    )  # fmt: skip
    session.add(move)
    session.flush()
    _record(session, "move_asked", move, actor, now)
    for kind, office in ((Matter.MOVE_OUT, move.from_id), (Matter.MOVE_IN, move.to_id)):
        session.add(Task(
            municipality_id=office, kind=kind, matter=f"{kind}:move:{move.id}", move_id=move.id, opened_at=now,
            due_on=due_on(kind, local_date(now)),
        ))  # fmt: skip
    session.flush()
    return move


def accept(session: Session, move_id: int, actor: Actor, now: datetime) -> Person:
    """Take somebody over and tell them, if they have e-mail.

    Raises `NotFound`, `NotAllowed` and `Conflict`; nothing is changed then.
    """
    move = _answer(session, move_id, actor, now, MoveState.ACCEPTED)
    if session.get_one(Consent, move.consent_id).withdrawn_at is not None:
        raise Conflict("move_consent_withdrawn")
    person = session.get_one(Person, move.person_id, with_for_update=True, populate_existing=True)
    if person.erased_at or person.municipality_id != move.from_id:
        raise Conflict
    _part(session, person, move, now)
    _record(session, "moved_out", move, Actor(Side.OFFICE, None, move.from_id), now)
    session.flush()
    covered = insured.end_of_people(session, {move.person_id}, local_date(now))
    _hand_over(session, person, move)
    for guide_id in covered:  # the other office insures from today on
        insured.begin(session, session.get_one(Guide, guide_id), local_date(now))
    _record(session, "moved_in", move, actor, now)
    _settle(session, move, "answered", now)
    session.flush()
    person = session.get_one(Person, move.person_id, populate_existing=True)
    path = "/guide/" if isinstance(events.file_of(session, person.id), Guide) else "/status"
    mails.enqueue(session, "moved", person, f"moved:{move.id}", now, path=path)
    return person


def decline(session: Session, move_id: int, actor: Actor, now: datetime, *, reason: str) -> Move:
    """Leave somebody where they are, and say why; the first office has it in its list again. Raises as `accept`."""
    if not reason:
        raise ReasonMissing
    move = _answer(session, move_id, actor, now, MoveState.DECLINED)
    move.reason = reason
    session.add(move)
    _record(session, "move_declined", move, Actor(Side.OFFICE, None, move.from_id), now)
    _settle(session, move, "answered", now, {Matter.MOVE_IN})
    for task in session.exec(select(Task).where(Task.move_id == move.id, col(Task.closed_at).is_(None))):
        task.why, task.due_on = [{"code": "move_declined", "value": ""}], due_on(Matter.MOVE_IN, local_date(now), 2)
        session.add(task)
    return move


def call_off(session: Session, move_id: int, actor: Actor, now: datetime) -> Move:
    """Take a proposal back that is not answered yet. Raises `NotFound` and `Conflict`."""
    move = visible(session, move_id, actor)
    if move.from_id != actor.municipality_id:
        raise NotFound
    _take(session, move, MoveState.CALLED_OFF, actor, now)
    _record(session, "move_called_off", move, actor, now)
    _settle(session, move, "not_needed", now)
    return move


def visible(session: Session, move_id: int, actor: Actor) -> Move:
    """Return a move that concerns the actor's office: the first one until the yes, the other one unless it said no."""
    move = session.get(Move, move_id)
    first = {MoveState.ASKED, MoveState.DECLINED, MoveState.CALLED_OFF}
    if move is None or actor.side is not Side.OFFICE or actor.municipality_id is None:
        raise NotFound
    if not (move.from_id == actor.municipality_id and move.state in first) and not (
        move.to_id == actor.municipality_id and move.state in {MoveState.ASKED, MoveState.ACCEPTED}
    ):
        raise NotFound
    return move


def open_of(session: Session, person_id: int) -> Move | None:
    """Return the proposal about a person that is not answered yet."""
    return session.exec(select(Move).where(Move.person_id == person_id, Move.state == MoveState.ASKED)).first()


def running(session: Session, person_id: int) -> list[Pairing]:
    """Return a person's open pairings, as a newcomer and as a guide."""
    requests = session.exec(select(Request.id).where(Request.person_id == person_id)).all()
    guides = session.exec(select(Guide.id).where(Guide.person_id == person_id)).all()
    mine = or_(col(Pairing.request_id).in_(requests), col(Pairing.guide_id).in_(guides))
    query = select(Pairing).where(mine, col(Pairing.state).in_(OPEN))
    return list(session.exec(query.order_by(col(Pairing.id))).all())


def _answer(session: Session, move_id: int, actor: Actor, now: datetime, state: MoveState) -> Move:
    move = visible(session, move_id, actor)
    if move.to_id != actor.municipality_id:
        raise NotFound
    _take(session, move, state, actor, now)
    return move


def _take(session: Session, move: Move, state: MoveState, actor: Actor, now: datetime) -> None:
    """Answer a move once: whoever comes second gets a `Conflict`."""
    asked = update(Move).where(col(Move.id) == move.id, col(Move.state) == MoveState.ASKED)
    changes = {"state": state, "answered_at": now, "answered_by_id": actor.account_id}
    if session.exec(asked.values(**changes).execution_options(synchronize_session=False)).rowcount != 1:
        raise Conflict
    session.refresh(move)


def _check_reports(open_: Iterable[Pairing]) -> None:
    if any(pairing.state is State.SUSPENDED for pairing in open_):
        raise NotAllowed("report_open")


def _part(session: Session, person: Person, move: Move, now: datetime) -> None:
    """Dismiss what is only proposed, and end what runs unless it shall go on."""
    open_ = running(session, person.id or 0)
    _check_reports(open_)
    for pairing in open_:
        if pairing.state in IN_CONTACT and move.keeps_pairings:
            continue
        if pairing.state is State.SUGGESTED:
            pairings.act(session, pairing.id or 0, Action.DISMISS, SYSTEM, now, reason=REASON)
        elif find(pairing.state, Action.WITHDRAW):
            pairings.act(session, pairing.id or 0, Action.WITHDRAW, SYSTEM, now, reason=REASON)
        else:
            office = Actor(Side.OFFICE, None, pairing.municipality_id)
            pairings.act(session, pairing.id or 0, Action.END, office, now, reason=REASON)


def _hand_over(session: Session, person: Person, move: Move) -> None:
    """Change hands: everything that one office sees by its municipality alone is the other one's."""
    place, _office = offices.settle(session, move.postcode, move.to_id)
    person.municipality_id, person.postcode, person.town = move.to_id, place.postcode, place.town
    person.latitude, person.longitude = place.latitude, place.longitude
    session.add(person)
    session.flush()
    requests = select(Request.id).where(Request.person_id == person.id)
    guides = select(Guide.id).where(Guide.person_id == person.id)
    asked = select(Pairing.id).where(col(Pairing.request_id).in_(requests))
    about = or_(col(Task.request_id).in_(requests), col(Task.guide_id).in_(guides) & col(Task.request_id).is_(None))
    _run(session, delete(Task).where(about, col(Task.closed_at).is_not(None)))
    _run(session, update(Task).where(about).values(municipality_id=move.to_id, assignee_id=None))
    _run(session, delete(Note).where(col(Note.person_id) == person.id))
    to: dict[str, Any] = {"municipality_id": move.to_id}
    _run(session, update(Override).where(col(Override.pairing_id).in_(asked)).values(**to))
    _run(session, update(Pairing).where(col(Pairing.request_id).in_(requests)).values(**to))
    _run(session, update(Request).where(col(Request.person_id) == person.id).values(**to, matched_on=None))
    _run(session, update(Guide).where(col(Guide.person_id) == person.id).values(**to))
    _run(session, update(Account).where(col(Account.person_id) == person.id).values(**to))
    session.expire_all()


def _run(session: Session, statement: Any) -> None:
    session.exec(statement.execution_options(synchronize_session=False))


def _record(session: Session, what: str, move: Move, actor: Actor, now: datetime) -> None:
    file = events.file_of(session, move.person_id)
    if file is not None:
        events.record(session, what, file, actor, now)


def _settle(session: Session, move: Move, outcome: str, now: datetime, kinds: Iterable[Matter] = tuple(Matter)) -> None:
    query = select(Task).where(Task.move_id == move.id, col(Task.kind).in_(list(kinds)), col(Task.closed_at).is_(None))
    for task in session.exec(query):
        task.closed_at, task.closed_by_id, task.outcome = now, move.answered_by_id, outcome
        session.add(task)
