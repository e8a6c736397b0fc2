"""Requests that wait very long: the newcomer is told honestly, the office learns why and what would help."""

from collections import Counter
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, func, select, update

from lotsen.models import Municipality, Pairing, Person, Request
from lotsen.rules.calendar import local_date
from lotsen.rules.errors import Conflict
from lotsen.rules.following import midnight, window_day
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import State
from lotsen.rules.vocabulary import RequestKind, RequestState
from lotsen.services import events, mails, offices, suggestion, tasks
from lotsen.services.actor import SYSTEM
from lotsen.services.suggestion import Around


def to_tell(session: Session, now: datetime, tried: Municipality | None = None) -> Iterable[Request]:
    """Return the open requests for which nobody is asked, that have waited too long since they were last told."""
    for office in offices.each(session, tried):
        long_ago = midnight(local_date(now) - timedelta(days=office.settings.unmatched_after_days - 1))
        query = select(Request).where(
            Request.municipality_id == office.id,
            Request.state == RequestState.OPEN,
            Request.live == 0,
            func.coalesce(Request.told_unmatched_at, Request.waiting_since) < long_ago,
        )
        yield from session.exec(query.order_by(col(Request.id))).all()


def windows_to_tell(session: Session, now: datetime, tried: Municipality | None = None) -> Iterable[Request]:
    """Return the open requests for one appointment whose days end soon, or have ended, without anybody."""
    today = local_date(now)
    query = select(Request).where(
        Request.kind == RequestKind.ONE_OFF,
        Request.state == RequestState.OPEN,
        col(Request.wanted_until) < today + timedelta(days=14),
    )
    in_time_of = {office.id: office.settings.appointment_working_days for office in offices.each(session, tried)}
    query = query.where(col(Request.municipality_id).in_(in_time_of))
    for request in session.exec(query.order_by(col(Request.id))).all():
        in_time = in_time_of[request.municipality_id]
        since, told = window_day(request.wanted_until or today, today, in_time), request.told_unmatched_at
        if since is not None and (told is None or local_date(told) < since):
            yield request


def tell(session: Session, request: Request, now: datetime, around: Callable[[int], Around]) -> None:
    """Tell the newcomer, and hand over with the reasons; where a suggestion waits, that is what would help.

    `around` reads an office's guides where no matching run has said what is missing. Raises `Conflict` where the
    request has moved on.
    """
    before = request.told_unmatched_at
    told = update(Request).where(
        col(Request.id) == request.id,
        col(Request.state) == RequestState.OPEN,
        col(Request.told_unmatched_at).is_(None) if before is None else col(Request.told_unmatched_at) == before,
    )
    if session.exec(told.values(told_unmatched_at=now)).rowcount != 1:
        raise Conflict
    session.refresh(request)
    event = events.record(session, "told_unmatched", request, SYSTEM, now)
    session.flush()
    person = session.get_one(Person, request.person_id)
    if request.live == 0:  # else somebody is asked already, and the newcomer may know of them
        once = request.kind is RequestKind.ONE_OFF
        mails.enqueue(
            session, "unmatched", person, f"event:{event.id}:unmatched", now, path="/status", appointment=once
        )
    for why in reasons(session, request, person, now, around):
        tasks.add(session, Matter.UNMATCHED, request, now, why)


def reasons(
    session: Session, request: Request, person: Person, now: datetime, around: Callable[[int], Around]
) -> list[dict[str, Any]]:
    """Return how long somebody has waited, why, and what would help."""
    days = (local_date(now) - local_date(request.waiting_since)).days
    found: list[dict[str, Any]] = [{"code": "waited", "value": str(days)}]
    if request.wanted_until:
        code = "window_over" if request.wanted_until < local_date(now) else "window_ends"
        found = [{"code": code, "value": request.wanted_until.isoformat()}]
    found += request.nobody
    suggested = select(Pairing.id).where(Pairing.request_id == request.id, Pairing.state == State.SUGGESTED)
    if request.live:
        return found
    if session.exec(suggested).first() is not None:
        found.append({"code": "help_release", "value": ""})
    elif request.nobody:
        found.append(_help(request.nobody[0]))
    else:
        found += _looked_up(session, request, around(request.municipality_id))
    if not person.email:
        found.append({"code": "tell_by_phone", "value": ""})
    return found


def _help(reason: dict[str, Any]) -> dict[str, Any]:
    return {"code": "would_help", "value": str(reason.get("code", "")).removeprefix("but_for_")}


def _looked_up(session: Session, request: Request, around: Around) -> list[dict[str, Any]]:
    """Return what stands in the way now, where no matching run has said so: of those who lack least, the most."""
    found = list(around.lacking(around.newcomer(session, request), around.barred(session, request)).values())
    if not found:
        return [{"code": "no_guides", "value": ""}, _help({"code": "no_guides"})]
    fitting = sum(codes in {(), ("no_shared_language",)} for codes in found)
    if fitting:
        return [{"code": "help_choose", "value": str(min(fitting, suggestion.TOP))}]
    least = min(map(len, found))
    lacking = Counter(code for codes in found if len(codes) == least for code in codes)
    code, guides = lacking.most_common(1)[0]
    why = {"code": f"but_for_{code}", "value": f"guides={guides}"}
    return [why, _help(why)]
