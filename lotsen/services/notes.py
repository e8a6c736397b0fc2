"""An office's notes about its people: written, and taken back by their author within a day. Nobody changes them."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session

from lotsen.models import Note
from lotsen.rules.errors import NotAllowed, NotFound
from lotsen.rules.pairing import Side
from lotsen.services import erasure, events
from lotsen.services.actor import Actor

#: So long a note can be taken back.
SECOND_THOUGHTS: Final = timedelta(days=1)


def write(session: Session, person_id: int, actor: Actor, now: datetime, text: str) -> Note:
    """Note something down about a person of the actor's office. Raises `NotFound`."""
    person = erasure.reachable(session, person_id, actor)
    if actor.side is not Side.OFFICE or actor.account_id is None:
        raise NotFound
    note = Note(
        municipality_id=person.municipality_id, person_id=person_id, author_id=actor.account_id, written_at=now,
        text=text,
    )  # fmt: skip
    session.add(note)
    session.flush()
    return note


def take_back(session: Session, person_id: int, note_id: int, actor: Actor, now: datetime) -> None:
    """Delete one's own note; the history keeps that there was one.

    Raises `NotFound` for foreign people and notes, `NotAllowed` where it is a colleague's or older than a day.
    """
    erasure.reachable(session, person_id, actor)
    note = session.get(Note, note_id, with_for_update=True)
    if note is None or note.person_id != person_id or note.municipality_id != actor.municipality_id:
        raise NotFound
    if not may_take_back(note, actor, now):
        raise NotAllowed("note_stays")
    session.delete(note)
    file = events.file_of(session, person_id)
    if file is not None:
        events.record(session, "note_deleted", file, actor, now)


def may_take_back(note: Note, actor: Actor, now: datetime) -> bool:
    """Whether `actor` wrote the note, less than a day ago."""
    return note.author_id == actor.account_id and now - note.written_at < SECOND_THOUGHTS
