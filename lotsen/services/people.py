"""The office's lists of newcomers and guides: filtered, counted, a page at a time. Read only."""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, and_, case, func, or_
from sqlmodel import Session, col, select

from lotsen.models import Guide, Pairing, Person, Request
from lotsen.rules.pairing import OPEN, State
from lotsen.rules.vocabulary import Household, RequestState
from lotsen.services.narrowing import Wanted, person_is
from lotsen.services.paging import PER_PAGE, Page, offset, within
from lotsen.services.worklist import Who


class GuideList(StrEnum):
    """Guides of whom something is to be done, or not."""

    ALL = "all"
    TO_INTERVIEW = "to_interview"
    TO_CLEAR = "to_clear"
    CONDUCT_CHECK = "conduct_check"
    ACTIVE = "active"
    PAUSED = "paused"


@dataclass(slots=True, kw_only=True)
class RequestLine:
    """One newcomer in the list."""

    id: int
    first_name: str
    town: str
    languages: dict[str, str]
    topics: list[str]
    household: Household
    state: RequestState
    waiting_since: datetime
    #: The last matching run found nobody.
    nobody: bool
    #: The open pairings' states.
    pairings: list[State] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class GuideLine:
    """One guide in the list."""

    id: int
    first_name: str
    last_name: str
    town: str
    languages: dict[str, str]
    guide: Guide


def requests(
    session: Session,
    municipality_id: int,
    state: RequestState,
    wanted: Wanted,
    number: int = 1,
    size: int = PER_PAGE,
) -> Page[RequestLine]:
    """Return page `number` of an office's requests in `state`, who waits longest first (closed: the latest first)."""
    conditions: list[Any] = [
        Request.municipality_id == municipality_id,
        Request.state == state,
        *_theirs(municipality_id),
        *person_is(wanted, Request.topics),
    ]
    total = session.exec(select(func.count(col(Request.id))).join(Person).where(*conditions)).one()
    number = within(number, total)
    order = col(Request.closed_at).desc() if state is RequestState.CLOSED else col(Request.waiting_since)
    query = select(  # type: ignore[call-overload]  # SQLModel's types end at four columns
        Request.id, Person.first_name, Person.town, Person.languages, Request.topics, Request.household, Request.state,
        Request.waiting_since, Request.nobody,
    ).join(Person).where(*conditions)  # fmt: skip
    rows = session.exec(query.order_by(order, Request.id).limit(size).offset(offset(number)))
    lines = [RequestLine(**{**row._mapping, "nobody": bool(row.nobody)}) for row in rows]
    _add_pairings(session, lines)
    return Page(lines, number, total)


def _theirs(municipality_id: int) -> list[ColumnElement[bool]]:
    """Return conditions on the joined person: whose file is not empty, found by the office and not among all."""
    return [col(Person.municipality_id) == municipality_id, col(Person.erased_at).is_(None)]


def _add_pairings(session: Session, lines: list[RequestLine]) -> None:
    by_id = {line.id: line for line in lines}
    query = select(Pairing.request_id, Pairing.state).where(
        col(Pairing.request_id).in_(by_id), col(Pairing.state).in_(OPEN)
    )
    for request_id, state in session.exec(query):
        by_id[request_id].pairings.append(State(state))


def request_counts(session: Session, municipality_id: int) -> dict[RequestState, int]:
    """Return how many requests of an office are in each state."""
    query = select(Request.state, func.count()).where(Request.municipality_id == municipality_id)
    found = dict(session.exec(query.group_by(col(Request.state))).all())
    return {state: found.get(state, 0) for state in RequestState}


def guides(
    session: Session,
    municipality_id: int,
    which: GuideList,
    wanted: Wanted,
    today: date,
    notice_days: int,
    number: int = 1,
    size: int = PER_PAGE,
) -> Page[GuideLine]:
    """Return page `number` of an office's guides by name; `notice_days` before its end a conduct check is listed."""
    conditions: list[Any] = [
        Guide.municipality_id == municipality_id,
        _lists(today, notice_days)[which],
        *_theirs(municipality_id),
        *person_is(wanted, Guide.topics),
    ]
    total = session.exec(select(func.count(col(Guide.id))).join(Person).where(*conditions)).one()
    number = within(number, total)
    query = select(Guide, Person.first_name, Person.last_name, Person.town, Person.languages).join(Person)  # type: ignore[call-overload]  # SQLModel's types end at four columns
    query = query.where(*conditions).order_by(Person.last_name, Person.first_name, Guide.id)
    rows = session.exec(query.limit(size).offset(offset(number)))
    lines = [
        GuideLine(id=guide.id, first_name=first, last_name=last, town=town, languages=languages, guide=guide)
        for guide, first, last, town, languages in rows
    ]
    return Page(lines, number, total)


def ready_guides(session: Session, municipality_id: int) -> list[Who]:
    """Return an office's guides who may be proposed, by name."""
    ready: list[Any] = [
        Guide.municipality_id == municipality_id,
        col(Guide.cleared_on).is_not(None),
        ~col(Guide.paused),
    ]
    query = select(Guide.id, Person.first_name, Person.town).join(Person).where(*ready)
    return [Who(*row) for row in session.exec(query.order_by(Person.first_name, Person.town, col(Guide.id)))]


def guide_counts(session: Session, municipality_id: int, today: date, notice_days: int) -> dict[GuideList, int]:
    """Return how long each of the office's lists of guides is."""
    lists = _lists(today, notice_days)
    sums = [func.coalesce(func.sum(case((condition, 1), else_=0)), 0) for condition in lists.values()]
    row = session.execute(select(*sums).where(Guide.municipality_id == municipality_id)).one()
    return dict(zip(lists, row, strict=True))


def _lists(today: date, notice_days: int) -> dict[GuideList, ColumnElement[bool]]:
    interviewed, cleared = col(Guide.interview_on).is_not(None), col(Guide.cleared_on).is_not(None)
    until = col(Guide.conduct_valid_until)
    expiring = or_(until.is_(None), until <= today + timedelta(days=notice_days))
    return {
        GuideList.ALL: col(Guide.id).is_not(None),
        GuideList.TO_INTERVIEW: and_(col(Guide.address_confirmed), ~interviewed),
        GuideList.TO_CLEAR: and_(interviewed, ~cleared),
        GuideList.CONDUCT_CHECK: and_(cleared, expiring),
        GuideList.ACTIVE: and_(cleared, ~col(Guide.paused)),
        GuideList.PAUSED: and_(cleared, col(Guide.paused)),
    }
