"""Whose turn it is and until when: for each open pairing, and for each request that is not closed."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from sqlmodel import Session, col, select

from lotsen.models import CheckIn, Municipality, Pairing, Request, Task
from lotsen.rules.calendar import local_date
from lotsen.rules.following import Facts, Next, planned, soonest, window_day
from lotsen.rules.handover import Matter, lead_on
from lotsen.rules.pairing import OPEN, Side
from lotsen.rules.settings import Settings
from lotsen.rules.vocabulary import RequestState
from lotsen.services import checkins, silence


def of_pairings(
    session: Session,
    pairings: Iterable[Pairing],
    reader: Side | None = None,
    questions: Iterable[CheckIn] | None = None,
) -> dict[int, Next]:
    """Return the next step of each open pairing: a hand-over, else a question, else what its state plans.

    Where both are asked, it is the turn of whoever reads this. `questions`: the open ones (`checkins.open_of`) where
    they have been read already. One pairing takes as many queries as a thousand of its office.
    """
    known = {pairing.id or 0: pairing for pairing in pairings if pairing.state in OPEN}
    if not known:
        return {}
    offices = {
        number: session.get_one(Municipality, number).settings
        for number in {pairing.municipality_id for pairing in known.values()}
    }
    found = _asked(known, checkins.open_of(session, known.values()) if questions is None else questions, reader)
    found |= _tasks(session, known, offices)
    still = {number: pairing for number, pairing in known.items() if number not in found}
    meeting = [number for number, pairing in still.items() if pairing.state in silence.MEETING]
    met, last = (silence.last_met(session, meeting), checkins.last_asked(session, meeting)) if meeting else ({}, {})
    return found | {
        number: planned(_facts(pairing, met.get(number), last.get(number)), offices[pairing.municipality_id])
        for number, pairing in still.items()
    }


def of_pairing(session: Session, pairing: Pairing) -> Next | None:
    """Return the next step of one pairing; None where it is over."""
    return of_pairings(session, [pairing]).get(pairing.id or 0)


def of_request(session: Session, request: Request) -> Next | None:
    """Return the next step of a request: a hand-over, its pairing's, or the day of an honest word; None once closed."""
    if request.state is RequestState.CLOSED:
        return None
    query = select(Task).where(Task.request_id == request.id, col(Task.closed_at).is_(None))
    settings = session.get_one(Municipality, request.municipality_id).settings
    steps = [_of_task(task, _escalated(session, task), settings) for task in session.exec(query)]
    live = select(Pairing).where(Pairing.request_id == request.id, col(Pairing.state).in_(OPEN))
    steps += of_pairings(session, session.exec(live).all()).values()
    if request.live == 0 or not steps:
        days = settings.unmatched_after_days
        since = local_date(request.told_unmatched_at or request.waiting_since)
        steps.append(Next(Side.OFFICE, since + timedelta(days=days), "unmatched"))
    if request.state is RequestState.OPEN and request.wanted_until and request.told_unmatched_at is None:
        until = request.wanted_until
        on = window_day(until, until, settings.appointment_working_days) or until
        steps.append(Next(Side.OFFICE, on, "unmatched"))
    return soonest(steps)


def _facts(pairing: Pairing, met: date | None, asked: date | None) -> Facts:
    return Facts(
        state=pairing.state,
        state_since=pairing.state_since,
        first_meeting_at=pairing.first_meeting_at,
        trial_until=pairing.trial_until,
        met=met,
        asked=asked,
    )


def _tasks(session: Session, known: dict[int, Pairing], offices: dict[int, Settings]) -> dict[int, Next]:
    query = select(Task).where(col(Task.pairing_id).in_(known), col(Task.closed_at).is_(None))
    latest_first = session.exec(query.order_by(col(Task.due_on).desc()))
    return {
        task.pairing_id or 0: _of_task(task, known[task.pairing_id or 0].escalated_at, offices[task.municipality_id])
        for task in latest_first
    }


def _escalated(session: Session, task: Task) -> datetime | None:
    return session.get_one(Pairing, task.pairing_id).escalated_at if task.pairing_id else None


def _of_task(task: Task, approval_escalated: datetime | None, settings: Settings) -> Next:
    """Return a hand-over as a step; after its day the office's lead is the one to go to, since or from a day."""
    went = task.escalated_at or (approval_escalated if task.kind == Matter.APPROVE else None)
    lead = local_date(went) if went else lead_on(task.kind, task.due_on, settings.overdue_working_days)
    return Next(Side.OFFICE, task.due_on, task.kind, lead)


def _asked(known: dict[int, Pairing], questions: Iterable[CheckIn], reader: Side | None) -> dict[int, Next]:
    found: dict[int, Next] = {}
    for asked in questions:
        sides = checkins.missing(known[asked.pairing_id], asked)
        owner = reader if reader in sides else sides[0] if sides else Side.OFFICE
        other = next((side for side in sides if side is not owner), None)
        found.setdefault(asked.pairing_id, Next(owner, asked.answer_until, asked.kind, other=other))
    return found
