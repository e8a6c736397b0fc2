"""What two people write to each other, from approval until the contact ends or is stopped.

Each message is a row of its own that is never changed and keeps when it was read, so it needs no event beside it.
A mail says that something waits, once until it is read. The office reads a conversation only while a report of one of
the two is decided, and each time it does is an event.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, func, select, update

from lotsen.models import Event, Mail, Message, Pairing, Person
from lotsen.rules.contact import MOST_AN_HOUR, NOTICE_EVERY, Said, TooMany, once
from lotsen.rules.errors import NotAllowed, NotFound
from lotsen.rules.pairing import IN_CONTACT, Action, Side, State
from lotsen.rules.vocabulary import Phrase
from lotsen.services import events, notices
from lotsen.services import pairing as pairings
from lotsen.services.actor import Actor

#: Messages on a page.
PAGE: Final = 50
_NOTICE: Final = notices.MESSAGE_WAITS
OTHER: Final = {Side.GUIDE: Side.NEWCOMER, Side.NEWCOMER: Side.GUIDE}


class ContactStopped(NotAllowed):
    """The two are not, or no longer, in contact."""

    code = "contact_stopped"


@dataclass(frozen=True, slots=True)
class Conversation:
    """A page of messages as one of the two reads it, the newest last."""

    messages: list[Message]
    #: Messages of the other side that wait to be opened: their content is not among `messages`.
    waiting: int
    #: Whether there are older ones, before the first of these.
    older: bool
    #: When the office last read along, after a report.
    office_read_at: datetime | None


def contact(session: Session, pairing_id: int, actor: Actor) -> Pairing:
    """Return a pairing to one of its two people while they are in contact.

    Raises `NotFound` for everybody else, the office included, and `ContactStopped` before, after and while it rests.
    """
    pairing = session.get(Pairing, pairing_id)
    if pairing is None or actor.side not in OTHER or not pairings.concerns(session, pairing, actor):
        raise NotFound
    if pairing.state not in IN_CONTACT:
        raise ContactStopped
    return pairing


def partner(session: Session, pairing: Pairing, side: Side) -> Person:
    """Return whom `side` is in contact with."""
    return pairings.person_of(session, pairing, OTHER[side])


def shown(session: Session, pairing: Pairing, side: Side, before: int | None = None) -> Conversation:
    """Return the newest messages that `side` has opened, or those before a message's number."""
    own = col(Message.sender) == side
    query = select(Message).where(Message.pairing_id == pairing.id, own | col(Message.read_at).is_not(None))
    if before is not None:
        query = query.where(col(Message.id) < before)
    found = list(session.exec(query.order_by(col(Message.id).desc()).limit(PAGE + 1)))
    read = select(func.max(Event.at)).where(Event.pairing_id == pairing.id, Event.what == "conversation_read")
    waits = waiting(session, side, [pairing.id or 0]).get(pairing.id or 0, 0)
    return Conversation(found[:PAGE][::-1], waits, len(found) > PAGE, session.exec(read).one())


def waiting(session: Session, side: Side, pairing_ids: list[int]) -> dict[int, int]:
    """Return how many unopened messages wait for `side`, by pairing: one query, however many."""
    if not pairing_ids:
        return {}
    query = (
        select(Message.pairing_id, func.count())
        .where(col(Message.pairing_id).in_(pairing_ids), Message.sender == OTHER[side], col(Message.read_at).is_(None))
        .group_by(col(Message.pairing_id))
    )
    return dict(session.exec(query).all())


def send(
    session: Session,
    pairing_id: int,
    actor: Actor,
    now: datetime,
    *,
    token: str,
    phrase: Phrase | None = None,
    text: str | None = None,
) -> Message:
    """Write a fixed phrase, or words of one's own; the same form sent twice is one message.

    Raises `NotFound`, `ContactStopped`, `TooMany` and `pydantic.ValidationError` (an empty or too long text).
    """
    words = None if phrase else Said(text=text or "").text
    pairing = pairings.locked(session, pairing_id, actor)
    contact(session, pairing_id, actor)
    key = once(pairing_id, actor.side, token)
    sent = session.exec(select(Message).where(Message.token == key)).first()
    if sent is not None:
        return sent
    _slow_down(session, pairing, actor.side, now)
    message = Message(pairing_id=pairing_id, token=key, sender=actor.side, sent_at=now, phrase=phrase, text=words)
    announce = not waiting(session, OTHER[actor.side], [pairing_id])
    session.add(message)
    session.flush()
    if announce:
        _announce(session, pairing, OTHER[actor.side], message, now)
    return message


def _slow_down(session: Session, pairing: Pairing, side: Side, now: datetime) -> None:
    query = select(func.count()).where(
        Message.pairing_id == pairing.id, Message.sender == side, Message.sent_at > now - timedelta(hours=1)
    )
    if session.exec(query).one() >= MOST_AN_HOUR:
        raise TooMany


def _announce(session: Session, pairing: Pairing, to: Side, message: Message, now: datetime) -> None:
    """Tell `to` by mail that something waits: at once, or a little later where the last notice is fresh."""
    person = pairings.person_of(session, pairing, to)
    last = select(func.max(Mail.due_at)).where(Mail.person_id == person.id, Mail.template == _NOTICE)
    told = session.exec(last).one()
    due = now if told is None else max(now, told + NOTICE_EVERY)
    notices.write(session, pairing, _NOTICE, to, now, occasion=f"message:{message.id}", due=due)


def read(session: Session, pairing_id: int, actor: Actor, now: datetime) -> int:
    """Open what waits; a notice of it that has not left yet is not needed any more. Return how many were opened."""
    pairing = pairings.locked(session, pairing_id, actor)
    contact(session, pairing_id, actor)
    opened = update(Message).where(
        col(Message.pairing_id) == pairing_id,
        col(Message.sender) == OTHER[actor.side],
        col(Message.read_at).is_(None),
    )
    count = int(session.exec(opened.values(read_at=now)).rowcount)
    notices.take_back(session, pairing, _NOTICE, actor.side)
    return count


def share(session: Session, pairing_id: int, actor: Actor, now: datetime, *, phone: bool, email: bool) -> Pairing:
    """Show the other one's own telephone number or e-mail address, or hide it again.

    Raises `NotFound` and `ContactStopped`.
    """
    pairing = pairings.locked(session, pairing_id, actor)
    contact(session, pairing_id, actor)
    for what, wanted in (("phone", phone), ("email", email)):
        column = f"{actor.side}_shares_{what}"
        if getattr(pairing, column) != wanted:
            setattr(pairing, column, wanted)
            events.record(session, "share" if wanted else "unshare", pairing, actor, now, reason=what)
    session.add(pairing)
    return pairing


def shared_by(session: Session, pairing: Pairing, side: Side) -> dict[str, str]:
    """Return what `side` shows the other: "phone" and "email", where they are known and shared, while in contact."""
    return shown_by(pairing, pairings.person_of(session, pairing, side), side)


def shown_by(pairing: Pairing, person: Person, side: Side) -> dict[str, str]:
    """Return what `person`, on one `side` of `pairing`, shows the other."""
    if pairing.state not in IN_CONTACT:
        return {}
    known = {"phone": person.phone, "email": person.email}
    return {what: value for what, value in known.items() if value and getattr(pairing, f"{side}_shares_{what}")}


def reported(session: Session, pairing: Pairing) -> bool:
    """Whether one of the two reported a problem that is not decided yet."""
    if pairing.state is not State.SUSPENDED:
        return False
    query = select(Event.side).where(Event.pairing_id == pairing.id, Event.what == Action.SUSPEND)
    return session.exec(query.order_by(col(Event.id).desc())).first() in OTHER


def read_by_office(session: Session, pairing_id: int, actor: Actor, now: datetime) -> list[Message]:
    """Return a whole conversation to the office that decides a report; that it did so is an event.

    Raises `NotFound` (foreign) and `NotAllowed` (nobody reported a problem).
    """
    pairing = pairings.locked(session, pairing_id, actor)
    if actor.side is not Side.OFFICE:
        raise NotFound
    if not reported(session, pairing):
        raise NotAllowed("nobody_reported")
    events.record(session, "conversation_read", pairing, actor, now)
    query = select(Message).where(Message.pairing_id == pairing_id)
    return list(session.exec(query.order_by(col(Message.id))))
