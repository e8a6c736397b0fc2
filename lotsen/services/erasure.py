"""Erasing a person (Art. 17 GDPR): what runs is ended kindly, then every trace goes, and counts stay.

What goes and what stays, the models declare (`models.purpose`): rows of which nothing stays are deleted, of the others
each column with a person in it is emptied. A table that is added later is erased by itself.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, Column, delete, or_, update
from sqlmodel import Session, SQLModel, col, select

from lotsen.models import Account, Guide, Pairing, Person, Request, purpose
from lotsen.models.audit import Did
from lotsen.models.types import Code
from lotsen.rules.calendar import local_date
from lotsen.rules.errors import NotAllowed, NotFound
from lotsen.rules.pairing import OPEN, Action, Side, State, find
from lotsen.rules.vocabulary import RequestState
from lotsen.services import accounts, audit, insured, requests, traces
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
    insured.end_of_person(session, person_id, local_date(now))
    audit.record(session, Did.ERASED, actor, now, person=person)
    session.flush()
    _forget(session, person_id)
    session.expire_all()
    _close_shell(session, session.get_one(Person, person_id), now)


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
    mine = col(Request.person_id) == person.id, col(Guide.person_id) == person.id
    query = select(Pairing).join(Request, col(Request.id) == Pairing.request_id)
    query = query.join(Guide, col(Guide.id) == Pairing.guide_id)
    query = query.where(or_(*mine), col(Pairing.state).in_(OPEN))
    for pairing in session.exec(query.order_by(col(Pairing.id))).all():
        _leave(session, pairing, person, actor, now)
    for request in session.exec(select(Request).where(mine[0], Request.state != RequestState.CLOSED)).all():
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


def _forget(session: Session, person_id: int) -> None:
    """Delete or empty every row that leads to a person, children before their parents."""
    models = purpose.models()
    for name, keys in reversed(traces.of_person(session, person_id).items()):
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


def _close_shell(session: Session, person: Person, now: datetime) -> None:
    """Leave what counts need: that somebody was here, and their first language."""
    first = next((code for code, level in person.languages.items() if level == "C2"), None)
    person.languages = {first: "C2"} if first else {}
    person.first_name, person.erased_at = NOBODY, now
    session.add(person)
    for account in session.exec(select(Account).where(Account.person_id == person.id)).all():
        account.active = False
        accounts.end_sessions(session, account)
