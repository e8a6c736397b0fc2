"""Taking back somebody whom an import stored: as if they had never been entered, while nothing was built on them."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlmodel import Session, SQLModel, col, select

from lotsen.models import Account, Event, Guide, Note, Pairing, Person, Request, SignIn, Task
from lotsen.services import erasure, traces
from lotsen.services.actor import SYSTEM


def built_on(session: Session, person_id: int) -> str:
    """Return why somebody stays, as a code; empty where nothing was built on them."""
    person = session.get(Person, person_id)
    if person is None or person.erased_at:
        return "gone"
    guides, requests = (
        select(Guide.id).where(Guide.person_id == person_id),
        select(Request.id).where(Request.person_id == person_id),
    )
    own = select(Account.id).where(Account.person_id == person_id)
    later: list[tuple[str, Any]] = [
        (
            "pairing",
            select(Pairing.id).where(col(Pairing.guide_id).in_(guides) | col(Pairing.request_id).in_(requests)),
        ),
        ("signed_in", select(SignIn.id).where(col(SignIn.account_id).in_(own))),
        ("note", select(Note.id).where(Note.person_id == person_id)),
        (
            "changed",
            select(Event.id).where(
                col(Event.guide_id).in_(guides) | col(Event.request_id).in_(requests), Event.at > person.created_at
            ),
        ),
        ("task", select(Task.id).where(col(Task.guide_id).in_(guides) | col(Task.request_id).in_(requests))),
    ]
    return next((code for code, query in later if session.exec(query.limit(1)).first() is not None), "")


def take_back(session: Session, person_id: int, now: datetime) -> None:
    """Delete every row that leads to somebody; only erase the file where the audit log names them."""
    session.flush()
    found = traces.of_people(session, {person_id})
    if "auditentry" in found:
        erasure.erase(session, person_id, SYSTEM, now)
        return
    for name, keys in reversed(found.items()):
        table = SQLModel.metadata.tables[name]
        session.execute(delete(table).where(next(iter(table.primary_key.columns)).in_(keys)))
    session.expire_all()
