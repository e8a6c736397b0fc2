"""Counting one quarter for the Land's evaluation. Events say where everything stood on its last day, however much later
it is counted; one query a measure, whatever the number of rows."""

import json
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import Select, Text, case, cast, func
from sqlmodel import Session, col, exists, or_, select

from lotsen.models import Event, Meeting, Municipality, Pairing, Person, Request
from lotsen.rules.calendar import local_date
from lotsen.rules.figures import (
    ARRANGING,
    CLOSINGS,
    COMPLETED,
    ENDINGS,
    IN_HAND,
    OTHER,
    SEVERAL,
    TOGETHER,
    WHY,
    By,
    Case,
    Measure,
    Tally,
    duration,
)
from lotsen.rules.pairing import Action, Side, State
from lotsen.rules.quarters import Quarter
from lotsen.services import ratings

_FIRST: Final = "C2"
#: So many rows are held at once, however many there are.
PORTION: Final = 2000


def count(session: Session, quarter: Quarter) -> Tally:
    """Return the true figures of a quarter over all municipalities."""
    tally = Tally()
    for counted in (_received, _placed, _waiting, _unplaced, _pairings, _ended, _hours):
        counted(session, quarter, tally)
    return tally


def count_ratings(session: Session, tally: Tally) -> None:
    """Add how the referring offices' service is rated, up to now: the answers bear no date, and come by fives."""
    for (code, face), answers in ratings.by_municipality(session).items():
        tally.rate(code, face, answers)


def _cases(session: Session, query: Any) -> Iterable[tuple[Case, list[Any]]]:
    """Yield each row's case, from its first four columns, and the rest of the row."""
    rows = session.execute(query, execution_options={"yield_per": PORTION})
    for code, languages, topics, household, *rest in rows:
        yield Case(code, _first_language(languages), _topics(topics), str(household)), rest


# The same few texts come in every other row: reading each once saves a quarter of the time that all this takes.
@lru_cache(maxsize=PORTION)
def _first_language(stored: str) -> str:
    return next((language for language, level in json.loads(stored).items() if level == _FIRST), OTHER)


@lru_cache(maxsize=PORTION)
def _topics(stored: str) -> tuple[str, ...]:
    return tuple(json.loads(stored))


@lru_cache(maxsize=PORTION)
def _why(stored: str) -> str:
    """Return what stands first in somebody's way; where nothing does, they are in hand."""
    found = json.loads(stored)
    return WHY.get(str(found[0].get("code", "")).removeprefix("but_for_"), SEVERAL) if found else IN_HAND


def _requests(*more: Any, place: Any = None) -> Any:
    """Return the query for requests with what they are counted by, and `more`; `place` is whose office counts them."""
    told = (cast(col(Person.languages), Text), cast(col(Request.topics), Text))
    columns: list[Any] = [Municipality.code, *told, Request.household, *more]
    query: Select[Any] = select(*columns)
    query = query.select_from(Request).join(Person, col(Person.id) == Request.person_id)
    return query.where(col(Municipality.id) == (Request.municipality_id if place is None else place))


def _during(column: Any, quarter: Quarter) -> Any:
    return (column >= quarter.begins) & (column < quarter.ends)


def _state_at(moment: datetime) -> Any:
    """Return the state that a pairing had at `moment`: its own where it is older, else the last one before."""
    before = (
        select(Event.to_state)
        .where(Event.pairing_id == Pairing.id, col(Event.at) < moment, col(Event.to_state).is_not(None))
        .order_by(col(Event.at).desc(), col(Event.id).desc()).limit(1).correlate(Pairing).scalar_subquery()
    )  # fmt: skip
    return case(
        (col(Pairing.state_since) < moment, col(Pairing.state)), else_=func.coalesce(before, str(State.SUGGESTED))
    )


def _approved_at() -> Any:
    """Return since when the two of a pairing have been in contact."""
    approved = select(func.min(Event.at)).where(Event.pairing_id == Pairing.id, Event.what == Action.APPROVE)
    return approved.correlate(Pairing).scalar_subquery()


def _days(since: datetime | None, until: datetime) -> int:
    return max(0, (local_date(until) - local_date(since)).days) if since else 0


def _received(session: Session, quarter: Quarter, tally: Tally) -> None:
    for each, _rest in _cases(session, _requests().where(_during(col(Request.created_at), quarter))):
        tally.add(Measure.RECEIVED, each)


def _placed(session: Session, quarter: Quarter, tally: Tally) -> None:
    approved = (
        select(Event.request_id, func.min(Event.at).label("at"))
        .where(Event.what == Action.APPROVE, Event.to_state == State.APPROVED, _during(col(Event.at), quarter))
        .group_by(col(Event.request_id)).subquery()
    )  # fmt: skip
    query = _requests(Request.waiting_since, approved.c.at).join(approved, approved.c.request_id == col(Request.id))
    for each, (since, placed) in _cases(session, query):
        tally.place(each, _days(since, placed))


def _waiting(session: Session, quarter: Quarter, tally: Tally) -> None:
    state = _state_at(quarter.ends)
    known = (col(Pairing.request_id) == Request.id, col(Pairing.created_at) < quarter.ends)
    accompanied = exists().where(*known, state.in_(TOGETHER))
    in_hand = exists().where(*known, state.in_(ARRANGING))
    query = _requests(cast(col(Request.nobody), Text), in_hand).where(
        col(Request.created_at) < quarter.ends,
        or_(col(Request.closed_at).is_(None), col(Request.closed_at) >= quarter.ends),
        ~accompanied,
    )
    for each, (nobody, proposed) in _cases(session, query):
        tally.add(Measure.WAITING, each, {By.REASON: IN_HAND if proposed else _why(nobody)})


def _unplaced(session: Session, quarter: Quarter, tally: Tally) -> None:
    placed = exists().where(col(Event.request_id) == Request.id, col(Event.what) == Action.APPROVE)
    query = _requests(Request.close_reason).where(_during(col(Request.closed_at), quarter), ~placed)
    for each, (reason,) in _cases(session, query):
        tally.add(Measure.UNPLACED, each, {By.REASON: reason if reason in CLOSINGS else OTHER})


def _pairings(session: Session, quarter: Quarter, tally: Tally) -> None:
    state = _state_at(quarter.ends)
    query = _requests(state, _approved_at(), place=Pairing.municipality_id)
    query = query.join(Pairing, col(Pairing.request_id) == Request.id)
    query = query.where(col(Pairing.created_at) < quarter.ends, state.in_((*ARRANGING, *TOGETHER)))
    for each, (stands, since) in _cases(session, query):
        if stands in ARRANGING:
            tally.add(Measure.ARRANGING, each, {By.STATE: str(stands)})
        else:
            lasted = duration(_days(since, quarter.ends))
            tally.add(Measure.TOGETHER, each, {By.STATE: str(stands), By.DURATION: lasted})


def _ended(session: Session, quarter: Quarter, tally: Tally) -> None:
    more = (Pairing.state, Pairing.state_since, Pairing.end_reason, _approved_at())
    query = _requests(*more, place=Pairing.municipality_id).join(Pairing, col(Pairing.request_id) == Request.id)
    over = col(Pairing.state).in_((State.COMPLETED, State.ENDED)), _during(col(Pairing.state_since), quarter)
    for each, (state, ended, reason, since) in _cases(session, query.where(*over)):
        if state is State.COMPLETED or reason == "goal_reached":
            told = COMPLETED
        else:
            told = reason if reason in ENDINGS else OTHER if reason else "not_said"
        tally.add(Measure.ENDED, each, {By.REASON: told, By.DURATION: duration(_days(since, ended))})


def _hours(session: Session, quarter: Quarter, tally: Tally) -> None:
    by = col(Meeting.pairing_id), col(Meeting.municipality_id), col(Meeting.guide_id)
    given = (
        select(*by, func.sum(Meeting.minutes).label("minutes"))
        .where(Meeting.logged_by == Side.GUIDE, col(Meeting.held_on).between(quarter.first, quarter.last))
        .group_by(*by).subquery()
    )  # fmt: skip
    query = _requests(Request.id, given.c.guide_id, given.c.minutes, place=given.c.municipality_id)
    query = query.join(Pairing, col(Pairing.request_id) == Request.id).join(given, given.c.pairing_id == Pairing.id)
    for each, (request_id, guide_id, minutes) in _cases(session, query):
        tally.give(each, guide_id, request_id, int(minutes))
