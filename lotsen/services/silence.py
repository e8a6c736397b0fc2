"""Pairings of which nothing is heard: both are asked how it goes; a break that lasts long goes to the office."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session, col, func, select
from sqlmodel.sql.expression import SelectOfScalar

from lotsen.models import CheckIn, Meeting, Municipality, Pairing, Task
from lotsen.rules.calendar import local_date
from lotsen.rules.following import Question, check_in_on, midnight
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import State
from lotsen.services import checkins, offices, tasks

#: The two meet: they are asked.
MEETING: Final = frozenset({State.TRIAL, State.ACTIVE})


def to_ask(session: Session, now: datetime, tried: Municipality | None = None) -> Iterable[Pairing]:
    """Return the pairings that are to be asked how it goes, and are not being asked anything."""
    today, met = local_date(now), last_met(session)
    asked = checkins.last_asked(session)
    for office in offices.each(session, tried):
        for pairing in session.exec(_running(office.id or 0)).all():
            number = pairing.id or 0
            since = local_date(pairing.state_since)
            if check_in_on(since, met.get(number), asked.get(number), office.settings) <= today:
                yield pairing


def _running(municipality_id: int) -> SelectOfScalar[Pairing]:
    being_asked = select(CheckIn.id).where(CheckIn.pairing_id == Pairing.id, col(CheckIn.closed_at).is_(None))
    query = select(Pairing).where(Pairing.municipality_id == municipality_id, col(Pairing.state).in_(MEETING))
    return query.where(~being_asked.exists()).order_by(col(Pairing.id))


def last_met(session: Session, pairing_ids: Collection[int] | None = None) -> dict[int, date]:
    """Return the day of the last logged meeting of these pairings, or of all, by pairing."""
    query = select(Meeting.pairing_id, func.max(Meeting.held_on))
    if pairing_ids is not None:
        query = query.where(col(Meeting.pairing_id).in_(pairing_ids))
    return dict(session.exec(query.group_by(col(Meeting.pairing_id))).all())


def ask(session: Session, pairing_id: int, now: datetime) -> None:
    """Ask both how it goes."""
    checkins.ask(session, session.get_one(Pairing, pairing_id), Question.CHECK_IN, now)


def long_breaks(session: Session, now: datetime, tried: Municipality | None = None) -> Iterable[Pairing]:
    """Return the pairings whose break lasts long, or goes on long after the office has looked at it."""
    for office in offices.each(session, tried):
        long_ago = midnight(local_date(now) - timedelta(days=office.settings.long_break_days - 1))
        seen = select(func.max(func.coalesce(Task.closed_at, Task.opened_at))).where(
            Task.pairing_id == Pairing.id, Task.kind == Matter.LONG_BREAK
        )
        open_ = select(Task.id).where(
            Task.pairing_id == Pairing.id, Task.kind == Matter.LONG_BREAK, col(Task.closed_at).is_(None)
        )
        query = select(Pairing).where(
            Pairing.municipality_id == office.id,
            Pairing.state == State.PAUSED,
            col(Pairing.state_since) < long_ago,
            func.coalesce(seen.scalar_subquery(), Pairing.state_since) < long_ago,
            ~open_.exists(),
        )
        yield from session.exec(query.order_by(col(Pairing.id))).all()


def hand_over_break(session: Session, pairing: Pairing, now: datetime) -> None:
    """Give a long break to the office: do the two go on?"""
    since = local_date(pairing.state_since).isoformat()
    tasks.hand_over(session, Matter.LONG_BREAK, pairing, now, why=[{"code": "break_since", "value": since}])
