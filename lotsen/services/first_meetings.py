"""The moderated first meeting: dated by the office, dated anew, and asked about on the day after."""

from collections.abc import Iterable
from datetime import datetime

from sqlmodel import Session, col, select

from lotsen.models import CheckIn, Municipality, Pairing
from lotsen.rules.calendar import add_working_days, local_date
from lotsen.rules.errors import NotAllowed
from lotsen.rules.following import Question, midnight
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import Side, State
from lotsen.services import checkins, events, notices, offices, tasks
from lotsen.services.actor import Actor
from lotsen.services.pairing import locked


def schedule(session: Session, pairing_id: int, actor: Actor, now: datetime, *, at: datetime, place: str) -> Pairing:
    """Date the first meeting of an approved pairing, or date it anew; both are told, unless nothing is new."""
    pairing = locked(session, pairing_id, actor)
    if actor.side is not Side.OFFICE or pairing.state is not State.APPROVED:
        raise NotAllowed(state=pairing.state, action="first_meeting", side=actor.side)
    if (pairing.first_meeting_at, pairing.first_meeting_place) == (at, place):
        return pairing
    again = pairing.first_meeting_at is not None
    pairing.first_meeting_at, pairing.first_meeting_place = at, place
    session.add(pairing)
    event = events.record(session, "first_meeting", pairing, actor, now)
    session.flush()
    checkins.close(session, pairing, now, [Question.FIRST_MEETING])
    tasks.settle(session, pairing, {Matter.DATE_MEETING, Matter.MEETING_HELD}, "dated", actor, now)
    for side in (Side.GUIDE, Side.NEWCOMER):
        template = "first_meeting_moved" if again else "first_meeting"
        notices.write(session, pairing, template, side, now, occasion=f"event:{event.id}")
    return pairing


def undated(session: Session, now: datetime, tried: Municipality | None = None) -> Iterable[Pairing]:
    """Return the approved pairings whose first meeting has had no date for too many working days."""
    for office in offices.each(session, tried):
        days = office.settings.first_meeting_working_days
        query = select(Pairing).where(
            Pairing.municipality_id == office.id,
            Pairing.state == State.APPROVED,
            col(Pairing.first_meeting_at).is_(None),
        )
        for pairing in session.exec(query).all():
            if local_date(now) >= add_working_days(local_date(pairing.state_since), days):
                yield pairing


def hand_over(session: Session, pairing: Pairing, now: datetime) -> bool:
    """Give an undated first meeting to the office; False where it has the task."""
    return tasks.hand_over(session, Matter.DATE_MEETING, pairing, now) is not None


def over(session: Session, now: datetime) -> Iterable[Pairing]:
    """Return the approved pairings whose first meeting's day is over and of which nobody has said how it went."""
    asked = select(CheckIn.pairing_id).where(
        CheckIn.kind == Question.FIRST_MEETING, col(CheckIn.asked_at) > col(Pairing.first_meeting_at)
    )
    query = select(Pairing).where(
        Pairing.state == State.APPROVED,
        col(Pairing.first_meeting_at) < midnight(local_date(now)),
        ~asked.where(CheckIn.pairing_id == Pairing.id).exists(),
    )
    return session.exec(query.order_by(col(Pairing.id))).all()


def ask(session: Session, pairing: Pairing, now: datetime) -> None:
    """Ask the guide and the office whether the first meeting took place."""
    checkins.ask(session, pairing, Question.FIRST_MEETING, now)
    tasks.hand_over(session, Matter.MEETING_HELD, pairing, now)
