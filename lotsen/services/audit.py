"""The audit log: who saw, changed or exported whose file. Entries are added, never changed."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlmodel import Session, col, select

from lotsen.models import Account, AuditEntry, Guide, Move, Pairing, Person, Referral, Request, Task
from lotsen.models.audit import Did
from lotsen.rules.calendar import local_date
from lotsen.services.actor import Actor

#: Reading on in the same file is one view.
SAME_VIEW: Final = timedelta(minutes=30)
#: So many different files in a day are more than the office's work needs.
UNUSUAL: Final = 40


@dataclass(frozen=True, slots=True)
class Line:
    """One entry for people: when, what, by whom (a colleague's name; empty: the person or a job)."""

    at: datetime
    did: Did
    by: str
    #: Of an export: list, format and filters, as in an address.
    taken: str = ""


@dataclass(frozen=True, slots=True)
class Busy:
    """Somebody who looked at many files on one day."""

    day: date
    name: str
    files: int


def concerned(session: Session, numbers: Mapping[str, Sequence[Any]]) -> list[int]:
    """Return whose files some rows belong to: `numbers` are row numbers by name, as `pairing_id` in an address."""
    found: set[int | None] = set()
    for name in _LEADS.keys() & numbers.keys():
        for query in _LEADS[name](numbers[name]):
            found |= set(session.exec(query))
    return sorted(number for number in found if number is not None)


def _behind(model: type[Pairing] | type[Task], numbers: Sequence[Any]) -> list[Any]:
    """Return the queries for the two people of pairings or tasks."""
    about: Any = model
    return [
        select(Request.person_id).join(about, about.request_id == col(Request.id)).where(about.id.in_(numbers)),
        select(Guide.person_id).join(about, about.guide_id == col(Guide.id)).where(about.id.in_(numbers)),
    ]


_LEADS: Final[dict[str, Callable[[Sequence[Any]], list[Any]]]] = {
    "person_id": lambda numbers: [select(Person.id).where(col(Person.id).in_(numbers))],
    "request_id": lambda numbers: [select(Request.person_id).where(col(Request.id).in_(numbers))],
    "guide_id": lambda numbers: [select(Guide.person_id).where(col(Guide.id).in_(numbers))],
    "pairing_id": lambda numbers: _behind(Pairing, numbers),
    "task_id": lambda numbers: _behind(Task, numbers),
    "referral_id": lambda numbers: [
        select(Request.person_id)
        .join(Referral, col(Referral.request_id) == col(Request.id))
        .where(col(Referral.id).in_(numbers))
    ],
    "move_id": lambda numbers: [select(Move.person_id).where(col(Move.id).in_(numbers))],
}


def record(
    session: Session, did: Did, actor: Actor, now: datetime, *, person: Person | None = None, taken: str | None = None
) -> None:
    """Add an entry: what the actor did with a person's file, or with many at once; `taken` says which list it was."""
    session.add(
        AuditEntry(
            at=now,
            municipality_id=person.municipality_id if person else actor.municipality_id,
            account_id=actor.account_id,
            person_id=person.id if person else None,
            did=did,
            taken=taken,
        )
    )


def record_all(
    session: Session, did: Did, actor: Actor, now: datetime, people: Sequence[int], taken: str | None = None
) -> None:
    """Add an entry for each person's file; one without a person where a list of many was taken away."""
    found = session.exec(select(Person).where(col(Person.id).in_(people)).order_by(col(Person.id))).all()
    for person in found:
        record(session, did, actor, now, person=person, taken=taken)
    if not found:
        record(session, did, actor, now, taken=taken)


def viewed_lately(session: Session, people: Sequence[int], account_id: int, now: datetime) -> set[int]:
    """Return on whose files the view that is going on is recorded already."""
    query = select(AuditEntry.person_id).where(
        col(AuditEntry.person_id).in_(people),
        AuditEntry.account_id == account_id,
        AuditEntry.did == Did.SAW,
        AuditEntry.at > now - SAME_VIEW,
    )
    return {number or 0 for number in session.exec(query)}


def of_person(session: Session, person_id: int, municipality_id: int | None = None) -> list[Line]:
    """Return who did what with somebody's file, newest first; `municipality_id`: in that office alone."""
    query = select(AuditEntry, Account.name).outerjoin(Account, col(Account.id) == AuditEntry.account_id)
    if municipality_id is not None:
        query = query.where(AuditEntry.municipality_id == municipality_id)
    query = query.where(AuditEntry.person_id == person_id).order_by(
        col(AuditEntry.at).desc(), col(AuditEntry.id).desc()
    )
    return [Line(entry.at, entry.did, name or "", entry.taken or "") for entry, name in session.exec(query).all()]


def unusual(session: Session, municipality_id: int, now: datetime, days: int = 30) -> list[Busy]:
    """Return on which days a colleague of an office saw unusually many different files."""
    query = select(AuditEntry.account_id, AuditEntry.at, AuditEntry.person_id).where(
        AuditEntry.municipality_id == municipality_id,
        AuditEntry.did == Did.SAW,
        AuditEntry.at > now - timedelta(days=days),
        col(AuditEntry.account_id).is_not(None),
    )
    seen: dict[tuple[date, int | None], set[int | None]] = {}
    for account_id, at, person_id in session.exec(query):
        seen.setdefault((local_date(at), account_id), set()).add(person_id)
    many = {whose: len(files) for whose, files in seen.items() if len(files) > UNUSUAL}
    called = select(Account.id, Account.name).where(col(Account.id).in_({account_id for _day, account_id in many}))
    names = dict(session.exec(called).all())
    busy = [Busy(day, names[account_id], files) for (day, account_id), files in many.items()]
    return sorted(busy, key=lambda each: (each.day, each.files), reverse=True)


def newest(session: Session, municipality_id: int, limit: int = 100) -> Sequence[tuple[AuditEntry, str | None]]:
    """Return an office's newest entries, with the name of whoever did it."""
    query = select(AuditEntry, Account.name).outerjoin(Account, col(Account.id) == AuditEntry.account_id)
    query = query.where(AuditEntry.municipality_id == municipality_id).order_by(col(AuditEntry.at).desc())
    return session.exec(query.limit(limit)).all()
