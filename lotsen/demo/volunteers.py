"""The demo's guides: each comes as far as fate wants, through registration, interview, conduct check and clearance."""

from datetime import datetime, timedelta
from functools import partial
from random import Random
from typing import Final

from sqlmodel import Session

from lotsen.demo import people
from lotsen.demo.offices import Staffed
from lotsen.demo.story import Agenda
from lotsen.models import Account, Guide
from lotsen.rules.calendar import local_date
from lotsen.services import guides
from lotsen.services.actor import Actor, actor_of
from lotsen.web import consents

#: How many days a conduct check is still valid today, by the guide's number; the others have years.
_VALID_FOR: Final = {3: -12, 11: -3, 17: 21, 23: 28, 31: 55, 42: 84}
#: Every so many-th guide (by number) has only registered, has not confirmed, waits for clearance, is new, has paused.
_ONLY_REGISTERED, _UNCONFIRMED, _ONLY_INTERVIEWED, _NEW, _PAUSED = 19, 37, 13, 9, 16
#: Days from registration to clearance.
_PREPARING: Final = 8


def plan(session: Session, agenda: Agenda, random: Random, where: Staffed, number: int, now: datetime) -> None:
    """Plan a guide's registration, and with it what follows."""
    days_ago = 15 + 285 * random.random()
    if number % _ONLY_REGISTERED == 5 or number % _UNCONFIRMED == 7 or number % _ONLY_INTERVIEWED == 6:
        days_ago = 1 + 13 * random.random()
    elif number % _NEW == 8:
        days_ago = _PREPARING + 0.3 + random.random()
    agenda.at(now - timedelta(days=days_ago), partial(_register, session, agenda, random, where, number))


def _register(session: Session, agenda: Agenda, random: Random, where: Staffed, number: int, when: datetime) -> None:
    answers = people.guide(random, where.office, number)
    consent = people.consent("volunteer", "de")
    guide, account = guides.enrol(session, answers, f"guide.{number}@example.org", consent, when)
    if number % _UNCONFIRMED == 7:
        return
    agenda.at(when + timedelta(hours=1), lambda at: _confirm(session, account, at))
    if number % _ONLY_REGISTERED == 5:
        return
    staff = actor_of(where.staff[number % 2])
    agenda.at(when + timedelta(days=0.9), partial(_interview, session, guide, staff, number))
    if number % _ONLY_INTERVIEWED != 6:
        agenda.at(when + timedelta(days=_PREPARING), partial(clear, session, guide, staff, number, agenda.until))
    if number % _PAUSED == 9:
        agenda.at(agenda.until - timedelta(days=4 + number % 9), partial(_pause, session, guide, account))


def _confirm(session: Session, account: Account, when: datetime) -> None:
    guides.confirm_address(session, account.id or 0, when)


def _interview(session: Session, guide: Guide, staff: Actor, number: int, when: datetime) -> None:
    children = None if number % 9 == 2 else number % 10 != 4
    note = "Ruhig, verlässlich, hat Zeit."
    guides.interview(session, guide.id or 0, staff, when, on=local_date(when), note=note, children=children)
    if number % 12 != 7:  # the others have not signed yet
        guides.promise(session, guide.id or 0, staff, when, on=local_date(when), text=consents.confidentiality("de"))


def clear(session: Session, guide: Guide, staff: Actor, number: int, today: datetime, when: datetime) -> None:
    """See the conduct check, note the training, clear."""
    valid = local_date(when) + timedelta(days=3 * 365)
    if number in _VALID_FOR:
        valid = local_date(today) + timedelta(days=_VALID_FOR[number])
    if number % 10 != 4:  # the others accompany households without children only
        guides.see_conduct_check(session, guide.id or 0, staff, when, seen_on=local_date(when), valid_until=valid)
    guides.train(session, guide.id or 0, staff, when, lessons=12 if number % 8 == 2 else 30)
    guides.clear(session, guide.id or 0, staff, when)


def _pause(session: Session, guide: Guide, account: Account, when: datetime) -> None:
    until = local_date(when) + timedelta(days=30)
    guides.pause(session, guide.id or 0, actor_of(account), when, until=until)
