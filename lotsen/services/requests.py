"""A newcomer's request: received, looked at, closed."""

from datetime import date, datetime
from typing import Final

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from lotsen import crypto
from lotsen.models import Event, Guide, Pairing, Person, Request
from lotsen.rules.answers import RequestAnswers
from lotsen.rules.errors import Conflict, ConsentMissing, NotAllowed, NotFound
from lotsen.rules.handover import STANDS, Matter
from lotsen.rules.pairing import LIVE, TERMINAL, Action, Side, State, find
from lotsen.rules.vocabulary import RequestKind, RequestState, Role
from lotsen.services import accounts, events, mails, tasks
from lotsen.services import pairing as pairings
from lotsen.services.actor import SYSTEM, Actor
from lotsen.services.persons import ConsentGiven, enter

#: Endings that a newcomer hears of.
_PARTED: Final = frozenset({State.ENDED, State.WITHDRAWN})


class AlreadyReceived(Conflict):
    """The same form was sent twice: the request behind its status code exists."""

    code = "already_received"


def receive(
    session: Session,
    answers: RequestAnswers,
    consent: ConsentGiven | None,
    now: datetime,
    *,
    actor: Actor | None = None,
    code: str | None = None,
) -> tuple[Request, str]:
    """Store a request with its person, consent and account; return it and its status code, shown this once.

    `actor` is the member of staff who registers somebody beside them; nobody where newcomers ask themselves.
    `code` is the status code that was drawn when the questions began: a form that is sent again, because a finger was
    quick or an answer got lost, meets the code's unique digest and changes nothing.
    Raises `ConsentMissing` (nothing is stored then), `offices.UnknownPlace` and `AlreadyReceived`.
    """
    if consent is None:
        raise ConsentMissing
    person = enter(session, answers, answers.email, consent, now)
    request = Request(
        person_id=person.id or 0,
        municipality_id=person.municipality_id,
        topics=answers.topics,
        slots=answers.slots,
        household=answers.household,
        kind=answers.kind,
        wanted_from=answers.wanted_from,
        wanted_until=answers.wanted_until,
        guide_gender=answers.guide_gender,
        note=answers.note,
        places=answers.household.places,
        waiting_since=now,
        created_at=now,
    )
    session.add(request)
    session.flush()
    code = code or crypto.new_status_code()
    try:
        account = accounts.open_account(session, Role.NEWCOMER, now, person=person, code=code)
    except IntegrityError as error:
        raise AlreadyReceived from error
    own = Actor(Side.NEWCOMER, account.id, person.municipality_id, person.id)
    events.record(session, "request_received", request, actor or own, now)
    mails.enqueue(
        session, "request_received", person, f"request:{request.id}:received", now, secret=code, path="/status"
    )
    return request, code


def new_code(session: Session, request_id: int, actor: Actor, now: datetime) -> str:
    """Replace a lost status code; the old one stops working. Raises `NotFound` for foreign requests."""
    request = session.get(Request, request_id)
    if request is None or actor.side is not Side.OFFICE or request.municipality_id != actor.municipality_id:
        raise NotFound
    code = accounts.renew_code(session, request.person_id)
    events.record(session, "new_code", request, actor, now)
    return code


def close(session: Session, request_id: int, actor: Actor, now: datetime, *, reason: str) -> Request:
    """Close a request, by its owner or its office; whatever is open for it is withdrawn, what runs must be ended first.

    Raises `NotFound`, `NotAllowed` and `Conflict`.
    """
    request = session.get(Request, request_id, populate_existing=True, with_for_update=True)
    if request is None or not _may_close(request, actor):
        raise NotFound
    if request.state is RequestState.CLOSED:
        raise Conflict("already_closed")
    query = select(Pairing).where(Pairing.request_id == request.id, col(Pairing.state).in_({*LIVE, State.SUGGESTED}))
    for pairing in session.exec(query).all():
        action = Action.DISMISS if pairing.state is State.SUGGESTED else Action.WITHDRAW
        if find(pairing.state, action) is None:
            raise NotAllowed("end_pairing_first")
        actor_ = SYSTEM if action is Action.DISMISS else actor
        pairings.act(session, pairing.id or 0, action, actor_, now, reason=reason)
    session.refresh(request)
    request.state, request.closed_at, request.close_reason = RequestState.CLOSED, now, reason
    session.add(request)
    tasks.settle(session, request, set(Matter) - STANDS.keys(), "not_needed", actor, now)
    events.record(session, "request_closed", request, actor, now, reason=reason)
    return request


def want(
    session: Session, request_id: int, actor: Actor, now: datetime, *, kind: RequestKind,
    wanted_from: date | None = None, wanted_until: date | None = None,
) -> Request:  # fmt: skip
    """Note for how long somebody is wanted, or new days of an appointment: whoever fits is looked for at once.

    Raises `NotFound`, `Conflict` where the request is closed, `NotAllowed` where somebody accompanies the person.
    """
    request = session.get(Request, request_id, populate_existing=True, with_for_update=True)
    if request is None or not _may_close(request, actor):
        raise NotFound
    if request.state is RequestState.CLOSED:
        raise Conflict("already_closed")
    if request.state is RequestState.PLACED:
        raise NotAllowed("end_pairing_first")
    if (request.kind, request.wanted_from, request.wanted_until) == (kind, wanted_from, wanted_until):
        return request
    request.kind, request.wanted_from, request.wanted_until = kind, wanted_from, wanted_until
    request.matched_on = request.told_unmatched_at = None
    session.add(request)
    tasks.settle(session, request, {Matter.UNMATCHED, Matter.NOBODY_LEFT}, "answered", actor, now)
    events.record(session, "request_changed", request, actor, now)
    return request


def part(
    session: Session,
    pairing_id: int,
    action: Action,
    actor: Actor,
    now: datetime,
    *,
    look_on: bool,
    reason: str | None = None,
    note: str | None = None,
) -> Pairing:
    """Step back from a pairing or end it; the request goes back to its old place, or nobody is looked for any more.

    Raises as `pairing.act`. Where two members of staff must decide, the second one's `look_on` counts.
    """
    pairing = pairings.act(session, pairing_id, action, actor, now, reason=reason, note=note)
    if pairing.state not in TERMINAL or look_on:
        return pairing
    request = session.get_one(Request, pairing.request_id, populate_existing=True)
    if request.state is RequestState.CLOSED:
        return pairing
    if request.live:  # a large family keeps its other guide, and looks for no second one
        request.places = request.live
        session.add(request)
        events.record(session, "looks_no_more", request, actor, now)
    else:
        close(session, pairing.request_id, actor, now, reason="own_wish")
    return pairing


def look_on(session: Session, request_id: int, actor: Actor, now: datetime) -> None:
    """Note that a newcomer wishes for somebody else after a parting. Raises `NotFound` and `Conflict`."""
    request = session.get(Request, request_id, populate_existing=True)
    if request is None or not _may_close(request, actor):
        raise NotFound
    if request.state is RequestState.CLOSED:
        raise Conflict("already_closed")
    if asks_whether_to_look_on(session, request):
        events.record(session, "look_on", request, actor, now)


def asks_whether_to_look_on(session: Session, request: Request) -> bool:
    """Whether somebody else parted the newcomer from a guide, and the newcomer has not said yet how it goes on.

    Nobody is asked where no person stepped back: the search goes on by itself then.
    """
    query = select(Pairing).where(Pairing.request_id == request.id, col(Pairing.state).in_(_PARTED))
    last = session.exec(query.order_by(col(Pairing.state_since).desc(), col(Pairing.id).desc()).limit(1)).first()
    if last is None or request.state is not RequestState.OPEN or last.ended_by in {Side.NEWCOMER, Side.SYSTEM}:
        return False
    said = select(Event.id).where(Event.request_id == request.id, Event.what == "look_on", Event.at >= last.state_since)
    return session.exec(said).first() is None


def _may_close(request: Request, actor: Actor) -> bool:
    if actor.side is Side.OFFICE:
        return request.municipality_id == actor.municipality_id
    return actor.side is Side.NEWCOMER and request.person_id == actor.person_id


def of_person(session: Session, person_id: int) -> Request | None:
    """Return somebody's newest request."""
    query = select(Request).where(Request.person_id == person_id).order_by(col(Request.created_at).desc())
    return session.exec(query).first()


def pairings_of(session: Session, request: Request) -> list[tuple[Pairing, Guide, Person]]:
    """Return the request's pairings with guide and person, the latest change first."""
    query = (
        select(Pairing, Guide, Person)
        .join(Guide, col(Pairing.guide_id) == col(Guide.id))
        .join(Person, col(Guide.person_id) == col(Person.id))
        .where(Pairing.request_id == request.id)
        .order_by(col(Pairing.state_since).desc(), col(Pairing.id).desc())
    )
    return list(session.exec(query).all())
