"""What a municipality's guides and newcomers did between two days: for the proof of use that funders ask for.

Exact figures of the own office, for its own use; what is passed on is the office's to decide. Read only, and the number
of queries does not depend on the number of rows.
"""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any, Final

from sqlalchemy import func
from sqlmodel import Session, col, exists, or_, select

from lotsen.models import Event, Guide, Meeting, Pairing, Request
from lotsen.rules.calendar import BERLIN
from lotsen.rules.pairing import TERMINAL, Action, Side, State
from lotsen.rules.vocabulary import MeetingKind

_TRAINED: Final = "guide_trained"


@dataclass(frozen=True, slots=True)
class Given:
    """What guides gave in meetings of one kind, by their own entries."""

    meetings: int
    minutes: int


@dataclass(frozen=True, slots=True)
class Proof:
    """An office's figures between two days, both included."""

    since: date
    until: date
    #: Requests that came in; requests for which a pairing was approved.
    received: int
    placed: int
    #: Pairs in contact at any time of the period, and how many newcomers' requests and guides that were.
    pairs: int
    accompanied: int
    guides: int
    #: Pairings that came to their end, and those of them that had reached their goal.
    ended: int
    completed: int
    #: Guides who registered, were cleared, and whose training was recorded.
    registered: int
    cleared: int
    trained: int
    given: dict[MeetingKind, Given]
    metres: int
    expenses_cents: int

    @property
    def meetings(self) -> int:
        """Meetings of every kind."""
        return sum(each.meetings for each in self.given.values())

    @property
    def minutes(self) -> int:
        """The time of all meetings."""
        return sum(each.minutes for each in self.given.values())


def prove(session: Session, municipality_id: int, since: date, until: date) -> Proof:
    """Return an office's figures from `since` to `until`, both included."""
    begins = datetime.combine(since, time(), BERLIN)
    ends = datetime.combine(until + timedelta(days=1), time(), BERLIN)

    def during(column: Any) -> Any:
        return (col(column) >= begins) & (col(column) < ends)

    approved = (
        Event.municipality_id == municipality_id,
        Event.what == Action.APPROVE,
        Event.to_state == State.APPROVED,
    )
    pairs, accompanied, guides = _pairs(session, municipality_id, begins, ends)
    given, metres, expenses = _given(session, municipality_id, since, until)
    ended, completed = _counts(
        session,
        Pairing.municipality_id == municipality_id,
        during(Pairing.state_since) & col(Pairing.state).in_((State.COMPLETED, State.ENDED)),
        during(Pairing.state_since) & (col(Pairing.state) == State.COMPLETED),
    )
    registered, cleared = _counts(
        session,
        Guide.municipality_id == municipality_id,
        during(Guide.created_at),
        col(Guide.cleared_on).between(since, until),
    )
    trained = (Event.municipality_id == municipality_id, Event.what == _TRAINED, during(Event.at))
    return Proof(
        since, until,
        received=_count(session, Request.id, Request.municipality_id == municipality_id, during(Request.created_at)),
        placed=_count(session, Event.request_id, *approved, during(Event.at)),
        pairs=pairs, accompanied=accompanied, guides=guides,
        ended=ended, completed=completed,
        registered=registered, cleared=cleared,
        trained=_count(session, Event.guide_id, *trained),
        given=given, metres=metres, expenses_cents=expenses,
    )  # fmt: skip


def _count(session: Session, column: Any, *conditions: Any) -> int:
    """Count the different values of a column."""
    return int(session.exec(select(func.count(col(column).distinct())).where(*conditions)).one())


def _counts(session: Session, here: Any, *conditions: Any) -> list[int]:
    """Count the rows of the office's that meet each condition; all are read once."""
    counts: list[Any] = [func.count().filter(each) for each in conditions]
    return [int(count) for count in session.exec(select(*counts).where(here)).one()]


def _pairs(session: Session, municipality_id: int, begins: datetime, ends: datetime) -> tuple[int, int, int]:
    """Count the pairings that were approved before the end and not over before the beginning."""
    approved = exists().where(
        col(Event.pairing_id) == Pairing.id,
        col(Event.what) == Action.APPROVE, col(Event.at) < ends,
    )  # fmt: skip
    requests_of, guides_of = (func.count(col(each).distinct()) for each in (Pairing.request_id, Pairing.guide_id))
    query = select(func.count(), requests_of, guides_of).where(
        Pairing.municipality_id == municipality_id,
        or_(~col(Pairing.state).in_(TERMINAL), col(Pairing.state_since) >= begins),
        approved,
    )
    pairs, requests, guides = session.exec(query).one()
    return int(pairs), int(requests), int(guides)


def _given(
    session: Session, municipality_id: int, since: date, until: date
) -> tuple[dict[MeetingKind, Given], int, int]:
    """Return what guides logged, by kind of meeting; their ways in metres, and what they spent."""
    sums: list[Any] = [func.sum(each) for each in (Meeting.minutes, Meeting.metres, Meeting.expenses_cents)]
    query = select(Meeting.kind, func.count(), *sums).where(
        Meeting.municipality_id == municipality_id, Meeting.logged_by == Side.GUIDE,
        col(Meeting.held_on).between(since, until),
    ).group_by(col(Meeting.kind))  # fmt: skip
    rows = list(session.exec(query))
    found = {kind: Given(int(count), int(minutes)) for kind, count, minutes, _metres, _expenses in rows}
    metres, expenses = (sum(int(row[place]) for row in rows) for place in (3, 4))
    return {kind: found[kind] for kind in MeetingKind if kind in found}, metres, expenses
