"""Private calendars: a secret address per account, and the dates behind it. Reading changes nothing."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from lotsen import crypto
from lotsen.models import Account, Appointment, CalendarFeed, Guide, Meeting, Pairing, Person, Request
from lotsen.rules.errors import NotFound
from lotsen.rules.pairing import IN_CONTACT, Side
from lotsen.rules.vocabulary import AppointmentState, Role
from lotsen.services.actor import Actor, actor_of

#: Whose dates there are.
ROLES: Final = (Role.NEWCOMER, Role.GUIDE, Role.COORDINATOR)
#: What is longer ago leaves the calendar.
PAST: Final = timedelta(days=180)
#: A first meeting takes about that long.
FIRST_MEETING_MINUTES: Final = 60


class Kind(StrEnum):
    """What a date is."""

    FIRST_MEETING = "first_meeting"
    TRIAL_END = "trial_end"
    APPOINTMENT = "appointment"
    MEETING = "meeting"


@dataclass(frozen=True, slots=True)
class Entry:
    """One date: what, when, with whom (first names), in which town."""

    kind: Kind
    number: int
    at: datetime | date
    minutes: int
    names: tuple[str, ...]
    town: str
    changed_at: datetime


def open_feed(session: Session, account_id: int, now: datetime) -> str:
    """Give an account a calendar address, or a new one; return its secret part, known to nobody after this."""
    secret = secrets.token_urlsafe(24)  # 192 bits
    feed = session.get(CalendarFeed, account_id) or CalendarFeed(account_id=account_id, digest="", opened_at=now)
    feed.digest, feed.opened_at = crypto.secret_digest(secret), now
    session.add(feed)
    return secret


def close_feed(session: Session, account_id: int) -> None:
    """End an account's calendar address, if it has one."""
    feed = session.get(CalendarFeed, account_id)
    if feed is not None:
        session.delete(feed)


def of_account(session: Session, account_id: int) -> CalendarFeed | None:
    """Return an account's calendar address without its secret part, if it has one."""
    return session.get(CalendarFeed, account_id)


def account_behind(session: Session, secret: str) -> Account:
    """Return whose calendar an address is. Raises `NotFound` where it was ended, or the account was."""
    query = select(Account).join(CalendarFeed, col(CalendarFeed.account_id) == col(Account.id))
    account = session.exec(query.where(CalendarFeed.digest == crypto.secret_digest(secret))).first()
    if account is None or not account.active or account.role not in ROLES:
        raise NotFound
    return account


def entries(session: Session, account: Account, now: datetime) -> list[Entry]:
    """Return an account's dates: first meetings and trials' ends; the two people's appointments and meetings too.

    Four queries, however many dates.
    """
    actor = actor_of(account)
    known = {pairing.id or 0: (pairing, names, town) for pairing, names, town in _pairings(session, actor)}
    found = [entry for row in known.values() for entry in _of_pairing(*row)]
    if actor.side is not Side.OFFICE:
        found += [_appointment(each, *known[each.pairing_id][1:]) for each in _appointments(session, known)]
        found += [_meeting(each, *known[each.pairing_id][1:]) for each in _meetings(session, known, actor, now)]
    first = now - PAST
    return [each for each in found if not isinstance(each.at, datetime) or each.at >= first]


def _pairings(session: Session, actor: Actor) -> Iterable[tuple[Pairing, tuple[str, ...], str]]:
    """The actor's pairings in contact, whom the calendar names, and the newcomer's town."""
    newcomer, guide = aliased(Person), aliased(Person)
    query = (
        select(Pairing, newcomer.first_name, guide.first_name, newcomer.town)
        .join(Request, col(Request.id) == Pairing.request_id)
        .join(newcomer, col(newcomer.id) == Request.person_id)
        .join(Guide, col(Guide.id) == Pairing.guide_id)
        .join(guide, col(guide.id) == Guide.person_id)
        .where(col(Pairing.state).in_(IN_CONTACT))
        .order_by(col(Pairing.id))
    )
    own: dict[Side, Any] = {
        Side.OFFICE: Pairing.municipality_id == actor.municipality_id,
        Side.NEWCOMER: Request.person_id == actor.person_id,
        Side.GUIDE: Guide.person_id == actor.person_id,
    }
    for pairing, asks, helps, town in session.exec(query.where(own[actor.side])):
        names = {Side.OFFICE: (asks, helps), Side.NEWCOMER: (helps,), Side.GUIDE: (asks,)}[actor.side]
        yield pairing, names, town


def _of_pairing(pairing: Pairing, names: tuple[str, ...], town: str) -> Iterable[Entry]:
    number, changed = pairing.id or 0, pairing.state_since
    if pairing.first_meeting_at:
        yield Entry(Kind.FIRST_MEETING, number, pairing.first_meeting_at, FIRST_MEETING_MINUTES, names, town, changed)
    if pairing.trial_until:
        yield Entry(Kind.TRIAL_END, number, pairing.trial_until, 0, names, town, changed)


def _appointments(session: Session, known: Iterable[int]) -> Iterable[Appointment]:
    confirmed = Appointment.state == AppointmentState.CONFIRMED
    return session.exec(select(Appointment).where(col(Appointment.pairing_id).in_(list(known)), confirmed))


def _appointment(each: Appointment, names: tuple[str, ...], town: str) -> Entry:
    changed = each.answered_at or each.proposed_at
    return Entry(Kind.APPOINTMENT, each.id or 0, each.at, each.minutes, names, town, changed)


def _meetings(session: Session, known: Iterable[int], actor: Actor, now: datetime) -> Iterable[Meeting]:
    """What the actor logged: nobody reads in a calendar what the other side noted."""
    query = select(Meeting).where(col(Meeting.pairing_id).in_(list(known)), Meeting.logged_by == actor.side)
    return session.exec(query.where(col(Meeting.held_on) >= (now - PAST).date()))


def _meeting(each: Meeting, names: tuple[str, ...], town: str) -> Entry:
    return Entry(Kind.MEETING, each.id or 0, each.held_on, each.minutes, names, town, each.logged_at)
