"""Erasing a person (Art. 17 GDPR): what runs is ended kindly, then every trace goes, and counts stay.

What goes and what stays, the models declare (`models.purpose`): rows of which nothing stays are deleted, of the others
each column with a person in it is emptied. A table that is added later is erased by itself.
"""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, Column, ColumnElement, delete, or_, update
from sqlmodel import Session, SQLModel, col, select

from lotsen.models import Account, Guide, Pairing, Person, Request, SignIn, purpose
from lotsen.models.audit import Did
from lotsen.models.types import Code
from lotsen.rules.calendar import local_date
from lotsen.rules.errors import NotAllowed, NotFound
from lotsen.rules.pairing import OPEN, Action, Side, State, find
from lotsen.rules.vocabulary import RequestState
from lotsen.services import audit, insured, requests, traces
from lotsen.services import pairing as pairings
from lotsen.services.actor import SYSTEM, Actor

#: What a page shows in place of a name.
NOBODY: Final = "–"
#: How an open pairing is left, the gentlest way first.
_WAYS: Final = (Action.WITHDRAW, Action.DECLINE, Action.END)
REASON: Final = "own_wish"


def erase(session: Session, person_id: int, actor: Actor, now: datetime) -> None:
    """Erase somebody, by themselves, their office or the retention job.

    Raises `NotFound` for foreign people, `NotAllowed` while a report about one of their pairings is looked at.
    """
    person = reachable(session, person_id, actor)
    end_all(session, person, actor, now)
    _empty(session, [person], actor, now)


def erase_idle(session: Session, person_ids: Collection[int], now: datetime) -> None:
    """Erase those of some people with whom nothing is under way, all at once: what a job does at night."""
    people = select(Person).where(col(Person.id).in_(person_ids), col(Person.erased_at).is_(None), ~_under_way())
    found = session.exec(people.order_by(col(Person.id)).with_for_update()).all()
    if found:
        _empty(session, found, SYSTEM, now)


def _under_way() -> ColumnElement[bool]:
    """Whether a person still asks for somebody, or has an open pairing."""
    running = select(Pairing.id).where(col(Pairing.state).in_(OPEN))
    asks = select(Request.id).where(Request.person_id == Person.id)
    helps = select(Guide.id).where(Guide.person_id == Person.id)
    return or_(
        asks.where(Request.state != RequestState.CLOSED).exists(),
        asks.where(running.where(Pairing.request_id == Request.id).exists()).exists(),
        helps.where(running.where(Pairing.guide_id == Guide.id).exists()).exists(),
    )


def _empty(session: Session, people: Sequence[Person], actor: Actor, now: datetime) -> None:
    """Empty the files of people with whom nothing is under way."""
    numbers = {person.id or 0 for person in people}
    insured.end_of_people(session, numbers, local_date(now))
    for person in people:
        audit.record(session, Did.ERASED, actor, now, person=person)
    session.flush()
    _forget(session, numbers)
    session.expire_all()
    _close_shells(session, numbers, now)


def reachable(session: Session, person_id: int, actor: Actor) -> Person:
    """Return a person whom the actor may act for: themselves, or the office's own. Raises `NotFound`."""
    person = session.get(Person, person_id, with_for_update=True)
    own = person is not None and actor.person_id == person.id
    office = person is not None and actor.side is Side.OFFICE and actor.municipality_id == person.municipality_id
    if person is None or person.erased_at or not (own or office or actor.side is Side.SYSTEM):
        raise NotFound
    return person


def end_all(session: Session, person: Person, actor: Actor, now: datetime) -> None:
    """Leave every open pairing kindly, and close the requests. Raises `NotAllowed` while a report is looked at."""
    asked = session.exec(select(Request.id).where(Request.person_id == person.id)).all()
    helps = session.exec(select(Guide.id).where(Guide.person_id == person.id)).all()
    mine = col(Pairing.request_id).in_(asked), col(Pairing.guide_id).in_(helps)
    query = select(Pairing).where(or_(*mine), col(Pairing.state).in_(OPEN))
    for pairing in session.exec(query.order_by(col(Pairing.id))).all():
        _leave(session, pairing, person, actor, now)
    waits = select(Request).where(Request.person_id == person.id, Request.state != RequestState.CLOSED)
    for request in session.exec(waits).all():
        own = Actor(Side.NEWCOMER, actor.account_id, person.municipality_id, person.id)
        requests.close(session, request.id or 0, actor if actor.side is Side.OFFICE else own, now, reason=REASON)


def _leave(session: Session, pairing: Pairing, person: Person, actor: Actor, now: datetime) -> None:
    if pairing.state is State.SUSPENDED:
        raise NotAllowed("report_open")
    if pairing.state is State.SUGGESTED:
        pairings.act(session, pairing.id or 0, Action.DISMISS, SYSTEM, now, reason=REASON)
        return
    request = session.get_one(Request, pairing.request_id)
    side = Side.NEWCOMER if request.person_id == person.id else Side.GUIDE
    own = Actor(side, actor.account_id, person.municipality_id, person.id)
    for action in _WAYS:
        arrow = find(pairing.state, action)
        if arrow is not None and side in arrow.who:
            pairings.act(session, pairing.id or 0, action, own, now, reason=REASON)
            return
    raise NotAllowed(state=pairing.state, action=Action.END, side=side)


def _forget(session: Session, person_ids: Collection[int]) -> None:
    """Delete or empty every row that leads to these people, children before their parents."""
    models = purpose.models()
    for name, keys in reversed(traces.of_people(session, person_ids).items()):
        model, table = models[name], SQLModel.metadata.tables[name]
        key = next(iter(table.primary_key.columns))
        if purpose.vanishes(model):
            session.execute(delete(table).where(key.in_(keys)))
        elif changes := {column.name: empty(model, column) for column in purpose.goes(model)}:
            session.execute(update(table).where(key.in_(keys)).values(**changes))


def empty(model: type[SQLModel], column: Column[Any]) -> Any:
    """Return what an emptied column holds. Raises `TypeError` where there is no such value: declare it otherwise."""
    if isinstance(column.type, JSON):
        return model.model_fields[column.name].get_default(call_default_factory=True)
    if column.nullable:
        return None
    kinds: dict[type, Any] = {str: "", bool: False, int: 0, float: 0.0}
    if isinstance(column.type, Code) or purpose.kind_of(column) not in kinds:
        raise TypeError(f"{model.__name__}.{column.name} cannot be emptied")
    return kinds[purpose.kind_of(column)]


def _close_shells(session: Session, person_ids: Collection[int], now: datetime) -> None:
    """Leave what counts need: that somebody was here, and their first language."""
    for person in session.exec(select(Person).where(col(Person.id).in_(person_ids))).all():
        first = next((code for code, level in person.languages.items() if level == "C2"), None)
        person.languages = {first: "C2"} if first else {}
        person.first_name, person.erased_at = NOBODY, now
        session.add(person)
    own = col(Account.person_id).in_(person_ids)
    session.exec(update(Account).where(own).values(active=False))
    session.exec(delete(SignIn).where(col(SignIn.account_id).in_(select(Account.id).where(own))))
