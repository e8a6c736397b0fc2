"""Dates that two people agree on: one proposes, the other confirms or declines, either calls it off.

Each step also says so in the conversation, so that it is announced and read like any other message.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select, update

from lotsen.models import Appointment, Pairing
from lotsen.rules.contact import FURTHEST_DAYS, Plan, WrongDay, once
from lotsen.rules.errors import Conflict, NotFound
from lotsen.rules.vocabulary import AppointmentState, Phrase
from lotsen.services import conversation, events
from lotsen.services import pairing as pairings
from lotsen.services.actor import Actor

#: Still to come, or to be answered.
STANDING: Final = frozenset({AppointmentState.PROPOSED, AppointmentState.CONFIRMED})
#: What is said with each answer, and from which states it can be given.
_ANSWERS: Final = {
    AppointmentState.CONFIRMED: (Phrase.DATE_CONFIRMED, frozenset({AppointmentState.PROPOSED})),
    AppointmentState.DECLINED: (Phrase.DATE_DECLINED, frozenset({AppointmentState.PROPOSED})),
    AppointmentState.CANCELLED: (Phrase.DATE_CANCELLED, STANDING),
}


def propose(session: Session, pairing_id: int, actor: Actor, now: datetime, plan: Plan, *, token: str) -> Appointment:
    """Propose a date to the other; the same form sent twice is one proposal.

    Raises `NotFound`, `conversation.ContactStopped`, `WrongDay` and `conversation.TooMany`.
    """
    pairings.locked(session, pairing_id, actor)
    pairing = conversation.contact(session, pairing_id, actor)
    key = once(pairing_id, actor.side, token)
    there = session.exec(select(Appointment).where(Appointment.token == key)).first()
    if there is not None:
        return there
    if not now < plan.at <= now + timedelta(days=FURTHEST_DAYS):
        raise WrongDay("appointment_day")
    appointment = Appointment(
        pairing_id=pairing_id, token=key, proposed_by=actor.side, proposed_at=now, **plan.model_dump()
    )  # fmt: skip
    session.add(appointment)
    events.record(session, Phrase.DATE_PROPOSED, pairing, actor, now)
    conversation.send(session, pairing_id, actor, now, token=token, phrase=Phrase.DATE_PROPOSED)
    return appointment


def answer(
    session: Session, pairing_id: int, appointment_id: int, to: AppointmentState, actor: Actor, now: datetime
) -> Appointment:
    """Confirm or decline what the other proposed, or call a date off.

    Raises `NotFound`, `conversation.ContactStopped` and `Conflict` (answered already, or one's own proposal).
    """
    pairings.locked(session, pairing_id, actor)
    pairing = conversation.contact(session, pairing_id, actor)
    appointment = session.get(Appointment, appointment_id)
    if appointment is None or appointment.pairing_id != pairing_id or to not in _ANSWERS:
        raise NotFound
    phrase, before = _ANSWERS[to]
    if to is not AppointmentState.CANCELLED and appointment.proposed_by is actor.side:
        raise Conflict
    standing = update(Appointment).where(col(Appointment.id) == appointment_id, col(Appointment.state).in_(before))
    if session.exec(standing.values(state=to, answered_at=now)).rowcount != 1:
        raise Conflict
    session.refresh(appointment)
    events.record(session, phrase, pairing, actor, now)
    conversation.send(session, pairing_id, actor, now, token=f"{to[:4]}:{appointment_id}", phrase=phrase)
    return appointment


def ahead(session: Session, pairing_ids: list[int], now: datetime) -> list[Appointment]:
    """Return the dates that still stand and have not passed, the next first: one query, however many pairings."""
    if not pairing_ids:
        return []
    query = select(Appointment).where(
        col(Appointment.pairing_id).in_(pairing_ids), col(Appointment.state).in_(STANDING), Appointment.at >= now
    )
    return list(session.exec(query.order_by(col(Appointment.at), col(Appointment.id))))


def of_pairing(session: Session, pairing: Pairing, now: datetime) -> list[Appointment]:
    """Return the dates of one pairing that are still ahead."""
    return ahead(session, [pairing.id or 0], now)
