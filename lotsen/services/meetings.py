"""Meetings that two people had: logged in a moment, corrected for a while, added up.

Both may log. Hours, mileage and expenses are the guide's own entries, so that nothing counts twice.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import extract
from sqlmodel import Session, col, func, select

from lotsen.models import Event, Guide, Meeting, Pairing
from lotsen.rules.calendar import local_date
from lotsen.rules.contact import CORRECT_DAYS, MeetingEntry, TooLate, WrongDay, may_log, once
from lotsen.rules.errors import NotAllowed, NotFound
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import IN_CONTACT, Side, State
from lotsen.rules.vocabulary import Mood
from lotsen.services import events, tasks
from lotsen.services import pairing as pairings
from lotsen.services.actor import Actor
from lotsen.services.conversation import OTHER, ContactStopped


@dataclass(frozen=True, slots=True)
class Sum:
    """What a guide's entries come to."""

    meetings: int = 0
    minutes: int = 0
    metres: int = 0
    expenses_cents: int = 0

    def __add__(self, other: "Sum") -> "Sum":
        return Sum(
            self.meetings + other.meetings, self.minutes + other.minutes,
            self.metres + other.metres, self.expenses_cents + other.expenses_cents,
        )  # fmt: skip


def own(session: Session, pairing_id: int, actor: Actor, now: datetime) -> Pairing:
    """Return a pairing to one of its two people while meetings may be logged: in contact, and a while after the end.

    Raises `NotFound` for everybody else and `ContactStopped`.
    """
    pairing = session.get(Pairing, pairing_id)
    if pairing is None or actor.side not in OTHER or not pairings.concerns(session, pairing, actor):
        raise NotFound
    if not may_log(pairing.state, local_date(pairing.state_since), local_date(now)) or not _met(session, pairing):
        raise ContactStopped
    return pairing


def days(session: Session, pairing: Pairing, now: datetime) -> tuple[date, date]:
    """Return the first and the last day on which the two can have met: from approval until today, or the end."""
    query = select(func.min(Event.at)).where(Event.pairing_id == pairing.id, Event.to_state == State.APPROVED)
    approved = session.exec(query).one() or pairing.created_at
    return local_date(approved), local_date(now if pairing.state in IN_CONTACT else pairing.state_since)


def _met(session: Session, pairing: Pairing) -> bool:
    """Whether the office ever approved: what ended before has no meetings."""
    query = select(Event.id).where(Event.pairing_id == pairing.id, Event.to_state == State.APPROVED)
    return pairing.state in IN_CONTACT or session.exec(query).first() is not None


def log(session: Session, pairing_id: int, actor: Actor, now: datetime, entry: MeetingEntry, *, token: str) -> Meeting:
    """Note a meeting; the same form sent twice is one. A difficult one is handed over to the office.

    Raises `NotFound`, `ContactStopped` and `WrongDay`.
    """
    pairings.locked(session, pairing_id, actor)
    pairing = own(session, pairing_id, actor, now)
    key = once(pairing_id, actor.side, token)
    there = session.exec(select(Meeting).where(Meeting.token == key)).first()
    if there is not None:
        return there
    _check_day(session, pairing, entry, now)
    meeting = Meeting(
        pairing_id=pairing_id,
        guide_id=pairing.guide_id,
        municipality_id=pairing.municipality_id,
        token=key,
        logged_by=actor.side,
        logged_at=now,
        **entry.model_dump(),
    )
    session.add(meeting)
    events.record(session, "meeting_logged", pairing, actor, now)
    session.flush()
    _hand_over(session, pairing, meeting, now)
    return meeting


def change(
    session: Session, pairing_id: int, meeting_id: int, actor: Actor, now: datetime, entry: MeetingEntry
) -> Meeting:
    """Correct one's own entry; what changes nothing is no correction.

    Raises `NotFound`, `NotAllowed` where it is deleted, `ContactStopped`, `TooLate` and `WrongDay`.
    """
    meeting, pairing = _correctable(session, pairing_id, meeting_id, actor, now)
    _check_day(session, pairing, entry, now)
    if all(getattr(meeting, key) == value for key, value in entry.model_dump().items()):
        return meeting
    meeting.sqlmodel_update(entry.model_dump())
    session.add(meeting)
    events.record(session, "meeting_changed", pairing, actor, now)
    _hand_over(session, pairing, meeting, now)
    return meeting


def remove(session: Session, pairing_id: int, meeting_id: int, actor: Actor, now: datetime) -> None:
    """Delete one's own entry; what is deleted already stays so.

    Raises `NotFound`, `ContactStopped` and `TooLate`.
    """
    pairings.locked(session, pairing_id, actor)
    if session.get(Meeting, meeting_id, populate_existing=True) is None:
        return
    meeting, pairing = _correctable(session, pairing_id, meeting_id, actor, now)
    session.delete(meeting)
    events.record(session, "meeting_deleted", pairing, actor, now)


def one(session: Session, pairing_id: int, meeting_id: int, actor: Actor) -> Meeting:
    """Return an entry of one's own pairing to whoever logged it.

    Raises `NotFound` for everybody else, the other side included, and `NotAllowed` where it is deleted.
    """
    pairings.own(session, pairing_id, actor)
    meeting = session.get(Meeting, meeting_id)
    if meeting is None:
        raise NotAllowed
    if meeting.pairing_id != pairing_id or meeting.logged_by is not actor.side:
        raise NotFound
    return meeting


def correctable(meeting: Meeting, now: datetime) -> bool:
    """Whether an entry may still be corrected."""
    return now <= meeting.logged_at + timedelta(days=CORRECT_DAYS)


def _correctable(
    session: Session, pairing_id: int, meeting_id: int, actor: Actor, now: datetime
) -> tuple[Meeting, Pairing]:
    pairings.locked(session, pairing_id, actor)
    meeting = one(session, pairing_id, meeting_id, actor)
    session.refresh(meeting)
    pairing = own(session, pairing_id, actor, now)
    if not correctable(meeting, now):
        raise TooLate
    return meeting, pairing


def _check_day(session: Session, pairing: Pairing, entry: MeetingEntry, now: datetime) -> None:
    first, last = days(session, pairing, now)
    if not first <= entry.held_on <= last:
        raise WrongDay("meeting_day")


def _hand_over(session: Session, pairing: Pairing, meeting: Meeting, now: datetime) -> None:
    if meeting.mood is Mood.DIFFICULT:
        why = {"code": "difficult_meeting", "value": meeting.logged_by.value}
        tasks.add(session, Matter.CHECK_IN, pairing, now, why)


def of_pairing(session: Session, pairing: Pairing) -> list[Meeting]:
    """Return the meetings that either side logged, the latest first."""
    query = select(Meeting).where(Meeting.pairing_id == pairing.id)
    return list(session.exec(query.order_by(col(Meeting.held_on).desc(), col(Meeting.id).desc())))


def last_met(session: Session, pairing_ids: list[int]) -> dict[int, date]:
    """Return the day of the last logged meeting, whoever logged it, by pairing."""
    query = select(Meeting.pairing_id, func.max(Meeting.held_on)).where(col(Meeting.pairing_id).in_(pairing_ids))
    return dict(session.exec(query.group_by(col(Meeting.pairing_id))).all())


def total(session: Session, guide: Guide, *about: Any) -> Sum:
    """Return what a guide's own entries come to; `about` narrows them down, e.g. to days."""
    return sum((sums for _year, _pairing, sums in _sums(session, guide, *about)), Sum())


def by_year(session: Session, guide: Guide) -> dict[int, Sum]:
    """Return a guide's totals by year, the latest first."""
    found: dict[int, Sum] = {}
    for year, _pairing, sums in _sums(session, guide):
        found[year] = found.get(year, Sum()) + sums
    return dict(sorted(found.items(), reverse=True))


def by_pairing(session: Session, guide: Guide) -> dict[int, Sum]:
    """Return a guide's totals by pairing."""
    found: dict[int, Sum] = {}
    for _year, pairing_id, sums in _sums(session, guide):
        found[pairing_id] = found.get(pairing_id, Sum()) + sums
    return found


def _sums(session: Session, guide: Guide, *about: Any) -> list[tuple[int, int, Sum]]:
    year = extract("year", col(Meeting.held_on))
    query = (
        select(
            year, Meeting.pairing_id, func.count(), func.sum(Meeting.minutes),
            func.sum(Meeting.metres), func.sum(Meeting.expenses_cents),
        )  # type: ignore[call-overload]  # SQLModel's types end at four columns
        .where(Meeting.guide_id == guide.id, Meeting.logged_by == Side.GUIDE, *about)
        .group_by(year, Meeting.pairing_id)
    )  # fmt: skip
    return [(int(row[0]), row[1], Sum(*(int(value) for value in row[2:]))) for row in session.exec(query)]
