"""One person's whole story, as their office knows it: what happened, tasks, notes, mails, meetings, papers. Read only.

One query finds a page of it over all tables, one counts, and one a kind reads the rows that are shown: as many for ten
entries as for ten thousand. Of mails it says which and when, never what; of meetings nothing that is for
their author alone.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Integer, cast, func, literal, or_, union_all
from sqlmodel import Session, SQLModel, col, select

from lotsen.models import (
    Account,
    Certificate,
    Consent,
    Event,
    Guide,
    Mail,
    Meeting,
    Note,
    Pairing,
    Person,
    Request,
    Task,
)
from lotsen.services import casefile
from lotsen.services.actor import Actor
from lotsen.services.paging import PER_PAGE, Page, offset, within


class Kind(StrEnum):
    """What an entry is."""

    EVENT = "event"
    TASK = "task"
    NOTE = "note"
    MAIL = "mail"
    MEETING = "meeting"
    CONSENT = "consent"
    CERTIFICATE = "certificate"


#: What filters offer, and which entries each shows.
FILTERS: Final[dict[str, frozenset[Kind]]] = {
    "events": frozenset({Kind.EVENT}),
    "tasks": frozenset({Kind.TASK}),
    "notes": frozenset({Kind.NOTE}),
    "mails": frozenset({Kind.MAIL}),
    "meetings": frozenset({Kind.MEETING}),
    "papers": frozenset({Kind.CONSENT, Kind.CERTIFICATE}),
}
_MODELS: Final[dict[Kind, type[SQLModel]]] = {
    Kind.EVENT: Event, Kind.TASK: Task, Kind.NOTE: Note, Kind.MAIL: Mail, Kind.MEETING: Meeting,
    Kind.CONSENT: Consent, Kind.CERTIFICATE: Certificate,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Entry:
    """One line: what, when, and its row."""

    kind: Kind
    at: datetime
    row: Any


@dataclass(frozen=True, slots=True)
class Story:
    """A page of somebody's story, how much each filter would show, and the names that it needs."""

    person: Person
    request: Request | None
    guide: Guide | None
    page: Page[Entry]
    counts: dict[str, int]
    #: The office's accounts, former colleagues included.
    staff: dict[int | None, str]
    #: The other person of each pairing that is shown.
    others: dict[int | None, str]


def of_person(session: Session, person_id: int, actor: Actor, shown: str = "", number: int = 1) -> Story:
    """Return page `number` of a person's story, newest first; `shown` is a filter. Raises `NotFound`."""
    person = casefile.person_of(session, person_id, actor)
    everything = _everything(session, person)
    by_kind = dict(session.exec(select(everything.c.kind, func.count()).group_by(everything.c.kind)).all())
    counts = {name: sum(by_kind.get(kind, 0) for kind in kinds) for name, kinds in FILTERS.items()}
    wanted = FILTERS.get(shown, frozenset(Kind))
    total = sum(by_kind.get(kind, 0) for kind in wanted)
    number = within(number, total)
    entries = _entries(session, everything, wanted, number)
    return Story(
        person,
        session.exec(select(Request).where(_his(Request, person)).order_by(col(Request.created_at).desc())).first(),
        session.exec(select(Guide).where(_his(Guide, person))).first(),
        Page(entries, number, total),
        counts,
        casefile.staff_names(session, person.municipality_id),
        _others(session, person, [entry.row for entry in entries if entry.kind in {Kind.EVENT, Kind.MEETING}]),
    )


def _his(model: type[Request] | type[Guide], person: Person) -> Any:
    return (col(model.person_id) == person.id) & (col(model.municipality_id) == person.municipality_id)


def _everything(session: Session, person: Person) -> Any:
    """Kind, number and moment of all entries, as one table.

    Whose they are is looked up first: by numbers each part finds its rows in an index, by subqueries it reads them all.
    """
    requests = session.exec(select(Request.id).where(_his(Request, person))).all()
    guides = session.exec(select(Guide.id).where(_his(Guide, person))).all()
    pairings = session.exec(select(Pairing.id).where(col(Pairing.request_id).in_(requests))).all()
    accounts = session.exec(select(Account.id).where(col(Account.person_id) == person.id)).all()

    def about(model: type[Event] | type[Task]) -> Any:
        return or_(col(model.request_id).in_(requests), col(model.guide_id).in_(guides))

    here: Callable[[Any], Any] = lambda model: col(model.municipality_id) == person.municipality_id  # noqa: E731
    parts = [
        _part(Kind.EVENT, Event.at, about(Event), here(Event)),
        _part(Kind.TASK, Task.opened_at, about(Task), here(Task)),
        _part(Kind.NOTE, Note.written_at, col(Note.person_id) == person.id, here(Note)),
        _part(Kind.MAIL, Mail.created_at,
              or_(col(Mail.person_id) == person.id, col(Mail.account_id).in_(accounts)), here(Mail)),
        _part(Kind.MEETING, Meeting.logged_at,
              or_(col(Meeting.pairing_id).in_(pairings), col(Meeting.guide_id).in_(guides)), here(Meeting)),
        _part(Kind.CONSENT, Consent.given_at, col(Consent.person_id) == person.id),
        _part(Kind.CERTIFICATE, Certificate.issued_at, col(Certificate.guide_id).in_(guides), here(Certificate)),
    ]  # fmt: skip
    return union_all(*parts).subquery("story")


def _part(kind: Kind, moment: Any, *conditions: Any) -> Any:
    number = cast(_MODELS[kind].id, Integer)  # type: ignore[attr-defined]  # each of them has one
    return select(literal(kind.value).label("kind"), number.label("id"), col(moment).label("at")).where(*conditions)


def _entries(session: Session, everything: Any, wanted: frozenset[Kind], number: int) -> list[Entry]:
    columns = everything.c
    query = select(columns.kind, columns.id, columns.at).where(columns.kind.in_([kind.value for kind in wanted]))
    query = query.order_by(columns.at.desc(), columns.kind, columns.id.desc())
    lines: Any = session.exec(query.limit(PER_PAGE).offset(offset(number))).all()
    rows = {kind: _rows(session, kind, [line.id for line in lines if line.kind == kind]) for kind in Kind}
    return [Entry(Kind(line.kind), line.at, rows[Kind(line.kind)][line.id]) for line in lines]


def _rows(session: Session, kind: Kind, numbers: Sequence[int]) -> dict[int, Any]:
    model: Any = _MODELS[kind]
    return {row.id: row for row in session.exec(select(model).where(model.id.in_(numbers)))} if numbers else {}


def _others(session: Session, person: Person, rows: list[Any]) -> dict[int | None, str]:
    """The first name of the other one in each pairing of these rows."""
    pairings = {row.pairing_id for row in rows if row.pairing_id}
    query = (
        select(Pairing.id, Person.first_name)
        .join(Request, col(Request.id) == Pairing.request_id)
        .join(Guide, col(Guide.id) == Pairing.guide_id)
        .join(Person, or_(col(Person.id) == Request.person_id, col(Person.id) == Guide.person_id))
        .where(col(Pairing.id).in_(pairings), col(Person.id) != person.id)
        .where(col(Pairing.municipality_id) == person.municipality_id)
    )
    return dict(session.exec(query).all())
