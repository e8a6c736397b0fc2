"""How the demo's pairs are in contact: they met; one of them also wrote, and plans."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from sqlmodel import Session

from lotsen.demo.story import Agenda
from lotsen.models import Pairing
from lotsen.rules.calendar import local_date
from lotsen.rules.contact import MeetingEntry, Plan
from lotsen.rules.pairing import State
from lotsen.rules.vocabulary import MeetingKind, Mood, Phrase
from lotsen.services import appointments, conversation, meetings
from lotsen.services.actor import Actor

#: Days after the first meeting, and what the meetings are: kind, minutes, metres.
_OFTEN: Final = (5, 12, 20, 32, 50, 75, 110, 150)
_WAYS: Final = (
    (MeetingKind.TALK, 60, 3000), (MeetingKind.AUTHORITY, 120, 11_000), (MeetingKind.LANGUAGE, 90, 0),
    (MeetingKind.TALK, 75, 5200), (MeetingKind.LANGUAGE, 60, 2400),
)  # fmt: skip
_MEETING: Final = (State.TRIAL, State.ACTIVE)

Deed = Callable[[Session, int, Actor, Actor, datetime], object]


def plan(agenda: Agenda, session: Session, pairing_id: int, guide: Actor, newcomer: Actor) -> None:
    """Plan what happens in the last weeks; each deed knows how long before the story's end it comes."""
    for before, deed in _DEEDS:
        agenda.at(agenda.until - before, partial(_do, deed, session, pairing_id, guide, newcomer))


def meet_now_and_then(agenda: Agenda, session: Session, pairing_id: int, guide: Actor, since: datetime) -> None:
    """Plan the meetings that a guide logs while the two are in contact; every fourth guide logs nothing."""
    for number, days in enumerate(_OFTEN if pairing_id % 4 else ()):
        kind, minutes, metres = _WAYS[(pairing_id + number) % len(_WAYS)]
        agenda.at(since + timedelta(days=days), partial(_meet, session, pairing_id, guide, _met(kind, minutes, metres)))


def _meet(session: Session, pairing_id: int, guide: Actor, deed: Deed, when: datetime) -> None:
    if session.get_one(Pairing, pairing_id).state in _MEETING:
        deed(session, pairing_id, guide, guide, when)


def _do(deed: Deed, session: Session, pairing_id: int, guide: Actor, newcomer: Actor, when: datetime) -> None:
    deed(session, pairing_id, guide, newcomer, when)


def _met(kind: MeetingKind, minutes: int, metres: int) -> Deed:
    def log(session: Session, pairing_id: int, guide: Actor, _newcomer: Actor, when: datetime) -> None:
        entry = MeetingEntry(kind=kind, minutes=minutes, mood=Mood.GOOD, held_on=local_date(when), metres=metres)
        meetings.log(session, pairing_id, guide, when, entry, token=f"met-{when:%j}")

    return log


def _hello(session: Session, pairing_id: int, guide: Actor, newcomer: Actor, when: datetime) -> None:
    conversation.send(session, pairing_id, guide, when, token="hello", phrase=Phrase.HELLO)  # noqa: S106 -- names a form
    conversation.read(session, pairing_id, newcomer, when)
    text = "Hallo Greta! Danke für die Hilfe mit dem Formular."
    conversation.send(session, pairing_id, newcomer, when + timedelta(minutes=9), token="thanks", text=text)  # noqa: S106 -- names a form
    conversation.read(session, pairing_id, guide, when + timedelta(hours=1))
    conversation.share(session, pairing_id, guide, when, phone=True, email=False)


def _propose(session: Session, pairing_id: int, guide: Actor, newcomer: Actor, when: datetime) -> None:
    at = (when + timedelta(days=3)).replace(hour=15, minute=0, second=0, microsecond=0)
    proposal = Plan(at=at, kind=MeetingKind.AUTHORITY, place="Vor dem Jobcenter")
    appointments.propose(session, pairing_id, newcomer, when, proposal, token="date")  # noqa: S106 -- names a form, no secret
    text = "Können Sie mitkommen? Ich verstehe den Brief nicht."
    conversation.send(session, pairing_id, newcomer, when, token="letter", text=text)  # noqa: S106 -- names a form


_DEEDS: tuple[tuple[timedelta, Deed], ...] = (
    (timedelta(days=17), _met(MeetingKind.TALK, 60, 4200)),
    (timedelta(days=10), _met(MeetingKind.AUTHORITY, 120, 9600)),
    (timedelta(days=9), _hello),
    (timedelta(days=4), _met(MeetingKind.LANGUAGE, 90, 4200)),
    (timedelta(hours=3), _propose),
)
