"""A newcomer's request: received, looked at, closed."""

from datetime import datetime

from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, select

from lotsen import crypto
from lotsen.models import Account, Guide, Pairing, Person, Request
from lotsen.rules.answers import RequestAnswers
from lotsen.rules.errors import Conflict, ConsentMissing, NotAllowed, NotFound
from lotsen.rules.handover import STANDS, Matter
from lotsen.rules.pairing import LIVE, Action, Side, State, find
from lotsen.rules.vocabulary import RequestState, Role
from lotsen.services import accounts, events, mails, tasks
from lotsen.services import pairing as pairings
from lotsen.services.actor import SYSTEM, Actor
from lotsen.services.persons import ConsentGiven, enter


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
    account = session.exec(select(Account).where(Account.person_id == request.person_id)).one()
    code = crypto.new_status_code()
    account.code_digest = crypto.code_digest(code)
    accounts.end_sessions(session, account)
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
