"""How a hand-over ends: with an outcome; to professional counselling only with the person's recorded consent."""

from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from lotsen.models import Consent, Municipality, Person, Request, Task
from lotsen.rules.errors import Conflict, ConsentMissing, NotAllowed, NotFound, ReasonMissing
from lotsen.rules.handover import DECIDED
from lotsen.rules.pairing import Side
from lotsen.rules.vocabulary import HAND_OVER_OUTCOMES, REFERRED_ON
from lotsen.services import checkins, events, mails
from lotsen.services.actor import Actor
from lotsen.services.persons import ConsentGiven, give_consent

#: The kind of consent.
CONSENT: Final = "counselling"


def close(
    session: Session,
    task_id: int,
    actor: Actor,
    now: datetime,
    *,
    outcome: str,
    note: str | None = None,
    consent: ConsentGiven | None = None,
) -> Task:
    """Close a task of the actor's office with an outcome.

    `consent` is what the newcomer agreed to with a member of staff beside them.
    Raises `NotFound` for foreign tasks, `NotAllowed` where a decision closes it or nobody is there to be passed on,
    `ReasonMissing` without a known outcome, `ConsentMissing` where somebody is passed on without theirs, `Conflict`
    where it is closed already.
    """
    task = _own(session, task_id, actor)
    if task.kind in DECIDED:
        raise NotAllowed("decide_instead")
    if outcome not in HAND_OVER_OUTCOMES:
        raise ReasonMissing
    if outcome == REFERRED_ON:
        _pass_on(session, task, actor, now, consent)
    task.closed_at, task.closed_by_id, task.outcome, task.note = now, actor.account_id, outcome, note
    task.consent_asked_at = None
    session.add(task)
    if task.pairing_id:
        days = session.get_one(Municipality, task.municipality_id).settings.answer_days
        checkins.looked_at(session, task.kind, task.pairing_id, now, days)
    return task


def _own(session: Session, task_id: int, actor: Actor) -> Task:
    """Return an open task of the actor's office, locked."""
    task = session.get(Task, task_id, with_for_update=True)
    if task is None or actor.side is not Side.OFFICE or task.municipality_id != actor.municipality_id:
        raise NotFound
    if task.closed_at is not None:
        raise Conflict("already_closed")
    return task


def _pass_on(session: Session, task: Task, actor: Actor, now: datetime, consent: ConsentGiven | None) -> None:
    if task.request_id is None:
        raise NotAllowed("nobody_to_pass_on")
    request = session.get_one(Request, task.request_id)
    if task.consent_id is None:
        if consent is None or consent.kind != CONSENT:
            raise ConsentMissing("counselling_consent_missing")
        task.consent_id = give_consent(session, session.get_one(Person, request.person_id), consent, now).id
    events.record(session, REFERRED_ON, request, actor, now)


def ask_consent(session: Session, task_id: int, actor: Actor, now: datetime) -> Task:
    """Ask the newcomer on their own page, and by mail, whether they want to be passed on to counselling.

    Raises `NotFound`, `NotAllowed` where nobody is there to be asked, `Conflict` where they are asked already.
    """
    task = _own(session, task_id, actor)
    if task.request_id is None:
        raise NotAllowed("nobody_to_pass_on")
    if task.consent_asked_at is not None or task.consent_id is not None:
        raise Conflict("already_asked")
    task.consent_asked_at = now
    session.add(task)
    request = session.get_one(Request, task.request_id)
    event = events.record(session, "ask_counselling", request, actor, now)
    session.flush()
    person = session.get_one(Person, request.person_id)
    mails.enqueue(session, "counselling", person, f"event:{event.id}:counselling", now, path="/status")
    return task


def asked(session: Session, person_id: int) -> Task | None:
    """Return the task because of which a newcomer is asked for this consent; None where nobody asks."""
    query = select(Task).join(Request, col(Request.id) == Task.request_id).where(Request.person_id == person_id)
    open_ = query.where(col(Task.consent_asked_at).is_not(None), col(Task.closed_at).is_(None))
    return session.exec(open_.order_by(col(Task.consent_asked_at)).limit(1)).first()


def answer_consent(session: Session, actor: Actor, now: datetime, consent: ConsentGiven | None) -> Task:
    """Record what the newcomer says: a consent, or None for a no. Raises `NotFound` where nobody asked."""
    task = asked(session, actor.person_id or 0) if actor.side is Side.NEWCOMER else None
    if task is None:
        raise NotFound
    task.consent_asked_at = None
    if consent is not None:
        task.consent_id = give_consent(session, session.get_one(Person, actor.person_id), consent, now).id
    said = "counselling_agreed" if consent else "counselling_refused"
    task.why = [*task.why, {"code": said, "value": ""}]
    session.add(task)
    events.record(session, said, session.get_one(Request, task.request_id), actor, now)
    return task


def consent_of(session: Session, task: Task) -> Consent | None:
    """Return the recorded consent to which a task was passed on."""
    return session.get(Consent, task.consent_id) if task.consent_id else None
