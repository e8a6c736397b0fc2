"""How the demo's guide and one of her newcomers are in contact: they met, they wrote, they plan."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from sqlmodel import Session

from lotsen.demo.story import Agenda
from lotsen.rules.calendar import local_date
from lotsen.rules.contact import MeetingEntry, Plan
from lotsen.rules.vocabulary import MeetingKind, Mood, Phrase
from lotsen.services import appointments, conversation, meetings
from lotsen.services.actor import Actor

Deed = Callable[[Session, int, Actor, Actor, datetime], object]


def plan(agenda: Agenda, session: Session, pairing_id: int, guide: Actor, newcomer: Actor) -> None:
    """Plan what happens in the last weeks; each deed knows how long before the story's end it comes."""
    for before, deed in _DEEDS:
        agenda.at(agenda.until - before, partial(_do, deed, session, pairing_id, guide, newcomer))


def _do(deed: Deed, session: Session, pairing_id: int, guide: Actor, newcomer: Actor, when: datetime) -> None:
    deed(session, pairing_id, guide, newcomer, when)


def _met(kind: MeetingKind, minutes: int, metres: int) -> Deed:
    def log(session: Session, pairing_id: int, guide: Actor, _newcomer: Actor, when: datetime) -> None:
        entry = MeetingEntry(kind=kind, minutes=minutes, mood=Mood.GOOD, held_on=local_date(when), metres=metres)
        meetings.log(session, pairing_id, guide, when, entry, token=f"met-{kind}")

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
