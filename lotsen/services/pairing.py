"""The one place that assigns a pairing's state.

Every step is a conditional update: the row must still be in the state that the decision was taken on, the guide and
the request must still have a place. Whoever comes second gets a `Conflict`, and the transaction leaves nothing behind.
Rows are taken in one order, request, pairing, guide, so that two steps never wait for each other: a step on a request
first locks it, and then may dismiss the rivals of an offer without meeting somebody who holds one and waits for it.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import CursorResult
from sqlmodel import Session, col, select, update

from lotsen.models import Event, Guide, Municipality, Pairing, Person, Request
from lotsen.rules import eligibility
from lotsen.rules.calendar import local_date
from lotsen.rules.errors import Conflict, NoFreePlace, NotAllowed, NotEligible, NotFound, ReasonMissing
from lotsen.rules.handover import STANDS, Matter
from lotsen.rules.pairing import (
    ASKING,
    IN_CONTACT,
    LIVE,
    PLACED,
    RUNNING,
    TERMINAL,
    Action,
    Move,
    Quorum,
    Side,
    State,
    move,
    needs_reason,
)  # fmt: skip
from lotsen.rules.vocabulary import RequestKind, RequestState
from lotsen.services import checkins, events, notices, offices, overrides, tasks
from lotsen.services.actor import SYSTEM, Actor

#: What people may share: hidden again with the contact's end, or while it is stopped.
SHARED: Final = ("guide_shares_phone", "guide_shares_email", "newcomer_shares_phone", "newcomer_shares_email")


def suggest(
    session: Session,
    request: Request,
    guide: Guide,
    actor: Actor,
    now: datetime,
    *,
    score: float | None,
    reasons: list[dict[str, Any]],
    needs_interpreter: bool = False,
    because: str | None = None,
) -> Pairing:
    """Add a suggestion, found by the matcher or chosen by hand (then `because` says why)."""
    if actor.side is Side.OFFICE and not because:
        raise ReasonMissing
    _check_restricted(session, guide, request)
    pairing = Pairing(
        request_id=request.id or 0,
        guide_id=guide.id or 0,
        municipality_id=request.municipality_id,
        state=State.SUGGESTED,
        state_since=now,
        created_at=now,
        score=score,
        reasons=reasons,
        needs_interpreter=needs_interpreter,
        chosen_by_id=actor.account_id,
        chosen_because=because,
    )
    session.add(pairing)
    session.flush()
    events.record(session, "suggest", pairing, actor, now, note=because)
    return pairing


def act(
    session: Session,
    pairing_id: int,
    action: Action,
    actor: Actor,
    now: datetime,
    *,
    reason: str | None = None,
    note: str | None = None,
    behalf: Side | None = None,
) -> Pairing:
    """Take `action` on a pairing; `behalf` names the side whose answer the office records.

    Raises `NotFound` (foreign or missing), `NotAllowed` (no such step), `ReasonMissing`, `NotEligible` (a hard rule),
    `NoFreePlace` and `Conflict` (somebody was faster). Nothing is changed then.
    """
    pairing = locked(session, pairing_id, actor)
    request = session.get_one(Request, pairing.request_id)
    arrow = move(pairing.state, action, actor.side, one_off=request.kind is RequestKind.ONE_OFF)
    if needs_reason(action, actor.side, pairing.state) and not reason:
        raise ReasonMissing
    _check_rules(session, pairing, action, actor, now)
    if not _quorate(session, pairing, arrow, action, actor, now, behalf):
        events.record(session, action, pairing, actor, now, states=(pairing.state, pairing.state), note=note)
        return pairing
    overrides.record(session, pairing, actor, now, action=action, reason=reason, because=note)
    return _carry_out(session, pairing, arrow, action, actor, now, reason=reason, note=note)


def concerns(session: Session, pairing: Pairing, actor: Actor) -> bool:
    """Whether `actor` may see this pairing: jobs all, an office its own, people their own."""
    if actor.side is Side.SYSTEM:
        return True
    if actor.side is Side.OFFICE:
        return pairing.municipality_id == actor.municipality_id
    return actor.person_id is not None and notices.recipient(session, pairing, actor.side).id == actor.person_id


def own(session: Session, pairing_id: int, actor: Actor) -> Pairing:
    """Return a pairing that concerns `actor`. Raises `NotFound` (foreign or missing)."""
    pairing = session.get(Pairing, pairing_id)
    if pairing is None or not concerns(session, pairing, actor):
        raise NotFound
    return pairing


def locked(session: Session, pairing_id: int, actor: Actor) -> Pairing:
    """Return the pairing as it is once its request is ours. Raises `NotFound` (foreign or missing)."""
    pairing = session.get(Pairing, pairing_id)
    if pairing is None or not concerns(session, pairing, actor):
        raise NotFound
    session.get_one(Request, pairing.request_id, with_for_update=True, populate_existing=True)
    session.refresh(pairing)
    return pairing


def _carry_out(
    session: Session,
    pairing: Pairing,
    arrow: Move,
    action: Action,
    actor: Actor,
    now: datetime,
    *,
    reason: str | None,
    note: str | None,
) -> Pairing:
    before = pairing.state
    changes: dict[str, Any] = {"state": arrow.to, "state_since": now, "reminded_at": None}
    if arrow.to in TERMINAL:
        changes |= {"end_reason": reason, "ended_by": actor.side}
    if arrow.to not in IN_CONTACT:
        changes |= dict.fromkeys(SHARED, False)
    if arrow.to is State.TRIAL:
        changes["trial_until"] = now + timedelta(days=_office(session, pairing).settings.trial_days)
    _update(session, update(Pairing).where(col(Pairing.id) == pairing.id, col(Pairing.state) == before), changes)
    _count(session, pairing, before, arrow.to)
    session.refresh(pairing)
    event = events.record(session, action, pairing, actor, now, states=(before, arrow.to), reason=reason, note=note)
    session.flush()
    told = Action.COMPLETE if arrow.to is State.COMPLETED else action  # a one-off is complete when they have met
    notices.send(session, pairing, event, told, before, now)
    _after(session, pairing, before, actor, now)
    return pairing


def _update(session: Session, statement: Any, changes: dict[str, Any], error: type[Conflict] = Conflict) -> None:
    """Carry out a conditional update that must meet exactly one row."""
    result: CursorResult[Any] = session.exec(statement.values(**changes))
    if result.rowcount != 1:
        raise error


def _count(session: Session, pairing: Pairing, before: State, after: State) -> None:
    """Move the guide's and the request's counters with the state; refuse where there is no place (hard rule 2)."""
    offered = (after in ASKING) - (before in ASKING)
    taken = (after in RUNNING) - (before in RUNNING)
    live = (after in LIVE) - (before in LIVE)
    if offered or taken:
        guide = update(Guide).where(col(Guide.id) == pairing.guide_id)
        if offered > 0:
            guide = guide.where(col(Guide.offered) + col(Guide.taken) < col(Guide.capacity))
        if taken > 0:
            guide = guide.where(col(Guide.taken) < col(Guide.capacity))
        completed = int(after is State.COMPLETED)
        changes = {
            "offered": col(Guide.offered) + offered,
            "taken": col(Guide.taken) + taken,
            "completed": col(Guide.completed) + completed,
        }
        _update(session, guide, changes, NoFreePlace)
    if live:
        request = update(Request).where(col(Request.id) == pairing.request_id)
        if live > 0:
            request = request.where(col(Request.live) < col(Request.places), col(Request.state) != RequestState.CLOSED)
        _update(session, request, {"live": col(Request.live) + live}, NoFreePlace)


def _check_rules(session: Session, pairing: Pairing, action: Action, actor: Actor, now: datetime) -> None:
    """Hard rules that may have changed since the proposal, and nobody approving their own pairing."""
    if actor.side is Side.SYSTEM and action is Action.RELEASE and pairing.needs_interpreter:
        raise NotAllowed(state=pairing.state, action=action, side=actor.side)
    if action not in {Action.RELEASE, Action.ACCEPT, Action.APPROVE}:
        return
    guide = session.get_one(Guide, pairing.guide_id, populate_existing=True)
    request = session.get_one(Request, pairing.request_id, populate_existing=True)
    _check_restricted(session, guide, request)
    if action is Action.APPROVE and actor.person_id in {guide.person_id, request.person_id}:
        raise NotAllowed("own_pairing")
    broken = eligibility.violations(guide, children=request.household.with_children, today=local_date(now))
    if action is not Action.RELEASE:
        broken = [rule for rule in broken if rule != "paused"]  # a pause stops proposals, not what was said before
    # what people say stands, but no office brings two together across a border that closed meanwhile
    if action is not Action.ACCEPT and not offices.is_open(session, request.municipality_id, guide.municipality_id):
        broken.append("other_municipality")
    if broken:
        raise NotEligible(rules=broken)


def _check_restricted(session: Session, guide: Guide, request: Request) -> None:
    """Refuse where one of the two wants their data kept only (Art. 18 GDPR)."""
    both = col(Person.id).in_((guide.person_id, request.person_id))
    if session.exec(select(Person.id).where(both, col(Person.restricted_at).is_not(None))).first() is not None:
        raise NotAllowed("restricted")


def _quorate(
    session: Session,
    pairing: Pairing,
    arrow: Move,
    action: Action,
    actor: Actor,
    now: datetime,
    behalf: Side | None,
) -> bool:
    """Note this voice; whether it was the last one needed."""
    if arrow.quorum is Quorum.ONE:
        return True
    if arrow.quorum is Quorum.BOTH_SIDES:
        return _confirm(session, pairing, behalf if actor.side is Side.OFFICE else actor.side, now)
    if pairing.decision is action and pairing.decision_by_id != actor.account_id:
        return True
    if pairing.decision is action:
        raise Conflict("second_person")
    first = update(Pairing).where(col(Pairing.id) == pairing.id, col(Pairing.state) == pairing.state)
    _update(session, first, {"decision": action, "decision_by_id": actor.account_id})
    session.refresh(pairing)
    return False


def _confirm(session: Session, pairing: Pairing, side: Side | None, now: datetime) -> bool:
    if side not in {Side.GUIDE, Side.NEWCOMER}:
        raise NotAllowed("whose_answer")
    column = "guide_confirmed_at" if side is Side.GUIDE else "newcomer_confirmed_at"
    voice = update(Pairing).where(
        col(Pairing.id) == pairing.id, col(Pairing.state) == pairing.state, getattr(Pairing, column).is_(None)
    )
    _update(session, voice, {column: now}, Conflict)
    session.refresh(pairing)
    return pairing.guide_confirmed_at is not None and pairing.newcomer_confirmed_at is not None


def _after(session: Session, pairing: Pairing, before: State, actor: Actor, now: datetime) -> None:
    """What follows from the new state: tasks, the request's state, rival suggestions."""
    if before is State.OFFERED and actor.side is not Side.SYSTEM and pairing.state is not State.WITHDRAWN:
        session.exec(update(Guide).where(col(Guide.id) == pairing.guide_id).values(expiries=0))
    checkins.close(session, pairing, now)
    _hand_over(session, pairing, before, actor, now)
    if before in IN_CONTACT and pairing.state not in IN_CONTACT:
        for side in (Side.GUIDE, Side.NEWCOMER):
            notices.take_back(session, pairing, notices.MESSAGE_WAITS, side)
    if pairing.state is State.OFFERED:
        _dismiss_rivals(session, pairing, now)
    if (before in PLACED) != (pairing.state in PLACED) or pairing.state in TERMINAL:
        _place(session, pairing, now)


def _hand_over(session: Session, pairing: Pairing, before: State, actor: Actor, now: datetime) -> None:
    match pairing.state:
        case State.OFFERED:
            if not person_of(session, pairing, Side.GUIDE).email:
                tasks.hand_over(session, Matter.ASK_GUIDE, pairing, now)
        case State.ACCEPTED:
            if not person_of(session, pairing, Side.NEWCOMER).email:
                tasks.hand_over(session, Matter.ASK_NEWCOMER, pairing, now)
        case State.AGREED:
            days = _office(session, pairing).settings.escalate_after_working_days
            tasks.hand_over(session, Matter.APPROVE, pairing, now, working_days=days)
        case State.SUSPENDED:
            tasks.hand_over(session, Matter.SAFETY, pairing, now)
    moot = [matter for matter, states in STANDS.items() if before in states and pairing.state not in states]
    said = before in {State.OFFERED, State.ACCEPTED} and pairing.state not in {State.EXPIRED, State.WITHDRAWN}
    outcome = "answered" if said else str(pairing.state)
    tasks.settle(session, pairing, moot, outcome, actor, now)


def _dismiss_rivals(session: Session, pairing: Pairing, now: datetime) -> None:
    """Other suggestions for the same place make way for the offer."""
    request = session.get_one(Request, pairing.request_id, populate_existing=True)
    if request.live < request.places:
        return
    rivals = select(Pairing.id).where(Pairing.request_id == request.id, Pairing.state == State.SUGGESTED)
    for rival in session.exec(rivals).all():
        act(session, rival or 0, Action.DISMISS, SYSTEM, now, reason="better_match")


def _place(session: Session, pairing: Pairing, now: datetime) -> None:
    """Keep the request's state: placed while somebody accompanies it, else open with its old waiting time."""
    request = session.get_one(Request, pairing.request_id, populate_existing=True)
    if request.state is RequestState.CLOSED:
        return
    query = select(Pairing.id).where(Pairing.request_id == request.id, col(Pairing.state).in_(PLACED))
    placed = session.exec(query).first() is not None
    if pairing.state is State.COMPLETED and request.live == 0:
        request.state, request.closed_at, request.close_reason = RequestState.CLOSED, now, "goal_reached"
        session.add(request)
        return
    request.state = RequestState.PLACED if placed else RequestState.OPEN
    request.placed_at = (request.placed_at or now) if placed else None
    if placed:
        tasks.settle(session, request, {Matter.UNMATCHED, Matter.NOBODY_LEFT}, "paired", SYSTEM, now)
    request.matched_on = None
    session.add(request)


def _office(session: Session, pairing: Pairing) -> Municipality:
    return session.get_one(Municipality, pairing.municipality_id)


def history(session: Session, pairing: Pairing) -> list[Event]:
    """Return what happened to `pairing`, oldest first."""
    return list(
        session.exec(select(Event).where(Event.pairing_id == pairing.id).order_by(col(Event.at), col(Event.id)))
    )


def person_of(session: Session, pairing: Pairing, side: Side) -> Person:
    """Return the newcomer or the guide of `pairing`."""
    found = notices.recipient(session, pairing, side)
    assert isinstance(found, Person)
    return found
