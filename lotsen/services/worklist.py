"""What waits for a decision of one coordination office: tasks, suggestions and new guides in one list.

Read only. Three narrow queries say what there is; names are looked up for the page that is shown, so the number of
queries is the same for ten matters and for ten thousand.
"""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cache
from typing import Any, Final

from sqlmodel import Session, col, select

from lotsen.models import Account, Guide, Move, Municipality, Pairing, Person, Request, Task
from lotsen.rules.calendar import add_working_days, local_date
from lotsen.rules.handover import DUE, Matter
from lotsen.rules.pairing import State
from lotsen.rules.vocabulary import Role
from lotsen.services import absences
from lotsen.services.narrowing import Wanted, among, person_is
from lotsen.services.paging import PER_PAGE, Page, offset, within

#: A suggestion that somebody must release; every other kind is a `Matter`.
RELEASE: Final = "release"
#: In the order in which filters list them, and in which matters due on one day come.
KINDS: Final = (
    Matter.SAFETY, Matter.CONDUCT_ENDED, Matter.APPROVE, Matter.DATE_MEETING, Matter.MEETING_HELD, Matter.CHECK_IN,
    Matter.TRIAL_END, Matter.ASK_GUIDE, Matter.ASK_NEWCOMER, Matter.NEWCOMER_SILENT, RELEASE,
    Matter.NOBODY_LEFT, Matter.UNMATCHED, Matter.LONG_BREAK, Matter.GUIDE_SILENT, Matter.CONDUCT_ENDS, Matter.NEW_GUIDE,
    Matter.MOVE_IN, Matter.MOVE_OUT, Matter.MAIL_FAILED,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Who:
    """Somebody in a list: `id` is the request's or the guide's."""

    id: int
    first_name: str
    town: str


@dataclass(slots=True, kw_only=True)
class Entry:
    """One matter. Names stand only in those that are shown."""

    kind: str
    due_on: date
    since: datetime
    why: list[dict[str, Any]] = field(default_factory=list)
    task_id: int | None = None
    pairing_id: int | None = None
    request_id: int | None = None
    guide_id: int | None = None
    move_id: int | None = None
    assignee_id: int | None = None
    newcomer: Who | None = None
    guide: Who | None = None
    assignee: str = ""
    #: The suggestion's or pairing's own facts.
    score: float | None = None
    needs_interpreter: bool = False
    by_hand: bool = False
    escalated: bool = False
    #: The new guide's: the interview was held, clearance is missing.
    interviewed: bool = False


@dataclass(frozen=True, slots=True)
class Filters:
    """What to show: one kind, some colleagues' matters (None: nobody's yet), overdue ones, of a place or language."""

    kind: str = ""
    whose: frozenset[int | None] | None = None
    overdue: bool = False
    town: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Worklist:
    """A page of the list, and how many matters each filter would show."""

    page: Page[Entry]
    by_kind: dict[str, int]
    all: int
    overdue: int
    mine: int


def worklist(
    session: Session,
    municipality_id: int,
    me: int | None,
    today: date,
    filters: Filters,
    number: int = 1,
    size: int = PER_PAGE,
) -> Worklist:
    """Return page `number` of an office's list, most urgent first; `me`: whose own are counted."""
    everything = [
        *_tasks(session, municipality_id),
        *_suggestions(session, municipality_id),
        *_new_guides(session, municipality_id),
    ]
    about, mine = _about(session, everything, filters), absences.stands_in_for(session, me, today)
    asked = [entry for entry in everything if _fits(entry, filters, today) and about(entry)]
    shown = sorted((entry for entry in asked if filters.kind in {"", entry.kind}), key=_urgency)
    number = within(number, len(shown))
    page = Page(shown[offset(number) : offset(number) + size], number, len(shown))
    _name(session, municipality_id, page.items)
    return Worklist(
        page,
        dict(Counter(entry.kind for entry in asked)),
        len(asked),
        sum(entry.due_on < today for entry in everything),
        sum(entry.assignee_id in mine for entry in everything),
    )


def chosen(session: Session, municipality_id: int, task_ids: set[int]) -> list[Entry]:
    """Return the open ones of these tasks of an office, most urgent first."""
    entries = [entry for entry in _tasks(session, municipality_id) if entry.task_id in task_ids]
    _name(session, municipality_id, entries)
    return sorted(entries, key=_urgency)


def staff(session: Session, municipality_id: int | None) -> list[Account]:
    """Return the office's members of staff by name."""
    query = select(Account).where(
        Account.municipality_id == municipality_id, Account.role == Role.COORDINATOR, col(Account.active)
    )
    return list(session.exec(query.order_by(col(Account.name), col(Account.id))))


def _fits(entry: Entry, filters: Filters, today: date) -> bool:
    theirs = filters.whose is None or entry.assignee_id in filters.whose
    return theirs and (entry.due_on < today or not filters.overdue)


def _about(session: Session, entries: list[Entry], filters: Filters) -> Callable[[Entry], bool]:
    """Return the test whether a matter is about somebody of the place, and with the language, that is asked for."""
    conditions = person_is(Wanted(language=filters.language, town=filters.town))
    if not conditions:
        return lambda _entry: True
    # Who they are first, and then who of them it is: in one query the database would read everybody's languages.
    requests = _people(session, Request, {entry.request_id for entry in entries})
    guides = _people(session, Guide, {entry.guide_id for entry in entries})
    people = {*requests.values(), *guides.values()}
    fitting = set(session.exec(select(Person.id).where(among(session, Person.id, people), *conditions)))
    return lambda entry: not fitting.isdisjoint({requests.get(entry.request_id), guides.get(entry.guide_id)})


def _people(session: Session, model: type[Request | Guide], ids: set[int | None]) -> dict[int | None, int]:
    known = {number for number in ids if number is not None}
    return dict(session.exec(select(model.id, model.person_id).where(among(session, model.id, known))).all())


def _urgency(entry: Entry) -> tuple[bool, date, int, datetime]:
    """A safety report comes before everything; then what is due first."""
    return entry.kind != Matter.SAFETY, entry.due_on, KINDS.index(entry.kind), entry.since


def _tasks(session: Session, municipality_id: int) -> Iterable[Entry]:
    query = select(  # type: ignore[call-overload, misc]  # SQLModel's types end at four columns
        Task.id, Task.kind, Task.due_on, Task.opened_at, Task.why, Task.assignee_id, Task.pairing_id, Task.request_id,
        Task.guide_id, Task.move_id, Task.escalated_at,
    )  # fmt: skip
    for row in session.exec(query.where(Task.municipality_id == municipality_id, col(Task.closed_at).is_(None))):
        yield Entry(
            kind=row.kind, due_on=row.due_on, since=row.opened_at, why=row.why, task_id=row.id,
            assignee_id=row.assignee_id, pairing_id=row.pairing_id, request_id=row.request_id, guide_id=row.guide_id,
            move_id=row.move_id, escalated=row.escalated_at is not None,
        )  # fmt: skip


def _suggestions(session: Session, municipality_id: int) -> Iterable[Entry]:
    query = select(Pairing.id, Pairing.created_at, Pairing.request_id, Pairing.guide_id).where(
        Pairing.municipality_id == municipality_id, Pairing.state == State.SUGGESTED
    )
    days = session.get_one(Municipality, municipality_id).settings.release_working_days
    due_on = cache(lambda day: add_working_days(day, days))  # many suggestions are of the same night
    for pairing_id, since, request_id, guide_id in session.exec(query):
        due = due_on(local_date(since))
        yield Entry(
            kind=RELEASE, due_on=due, since=since, pairing_id=pairing_id, request_id=request_id, guide_id=guide_id
        )


def _new_guides(session: Session, municipality_id: int) -> Iterable[Entry]:
    """Guides without clearance for whom no task was ever opened: imported ones, for example."""
    handed_over = select(Task.id).where(Task.guide_id == Guide.id, Task.kind == Matter.NEW_GUIDE).exists()
    query = select(Guide.id, Guide.created_at).where(
        Guide.municipality_id == municipality_id,
        col(Guide.address_confirmed),
        col(Guide.cleared_on).is_(None),
        ~handed_over,
    )
    for guide_id, since in session.exec(query):
        due = add_working_days(local_date(since), DUE[Matter.NEW_GUIDE])
        yield Entry(kind=Matter.NEW_GUIDE, due_on=due, since=since, guide_id=guide_id)


def _name(session: Session, municipality_id: int, entries: list[Entry]) -> None:
    """Look up the people, the pairings' facts and the colleagues of the entries that are shown."""
    newcomers, guides, pairings = _newcomers(session, entries), _guides(session, entries), _pairings(session, entries)
    movers = _movers(session, entries)
    colleagues = {account.id: account.name for account in staff(session, municipality_id)}
    for entry in entries:
        entry.newcomer = newcomers.get(entry.request_id) or movers.get(entry.move_id)
        entry.guide, entry.interviewed = guides.get(entry.guide_id, (None, False))
        entry.assignee = colleagues.get(entry.assignee_id, "")
        pairing = pairings.get(entry.pairing_id)
        if pairing is not None:
            entry.score, entry.needs_interpreter = pairing.score, pairing.needs_interpreter
            entry.by_hand = pairing.chosen_by_id is not None
            entry.escalated = entry.escalated or (entry.kind == Matter.APPROVE and pairing.escalated_at is not None)
            if entry.kind == RELEASE:
                entry.why = pairing.reasons


def _newcomers(session: Session, entries: list[Entry]) -> dict[int | None, Who]:
    ids = {entry.request_id for entry in entries if entry.request_id}
    query = select(Request.id, Person.first_name, Person.town).join(Person).where(col(Request.id).in_(ids))
    return {request_id: Who(request_id or 0, name, town) for request_id, name, town in session.exec(query)}


def _movers(session: Session, entries: list[Entry]) -> dict[int | None, Who]:
    ids = {entry.move_id for entry in entries if entry.move_id}
    query = select(Move.id, Person.first_name, Person.town).join(Person).where(col(Move.id).in_(ids))
    return {move_id: Who(move_id or 0, name, town) for move_id, name, town in session.exec(query)}


def _guides(session: Session, entries: list[Entry]) -> dict[int | None, tuple[Who, bool]]:
    ids = {entry.guide_id for entry in entries if entry.guide_id}
    query = select(Guide.id, Person.first_name, Person.town, col(Guide.interview_on).is_not(None)).join(Person)
    rows = session.exec(query.where(col(Guide.id).in_(ids)))
    return {guide_id: (Who(guide_id or 0, name, town), held) for guide_id, name, town, held in rows}


def _pairings(session: Session, entries: list[Entry]) -> dict[int | None, Any]:
    ids = {entry.pairing_id for entry in entries if entry.pairing_id}
    query = select(  # type: ignore[call-overload]  # SQLModel's types end at four columns
        Pairing.id,
        Pairing.score,
        Pairing.needs_interpreter,
        Pairing.chosen_by_id,
        Pairing.escalated_at,
        Pairing.reasons,
    )
    return {row.id: row for row in session.exec(query.where(col(Pairing.id).in_(ids)))}
