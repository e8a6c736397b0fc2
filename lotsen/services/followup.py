"""What jobs do about pairings that wait: remind, expire, escalate; and the office's morning digest."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel import Session, col, select, update

from lotsen.models import Account, Guide, Municipality, Pairing, Request, Task
from lotsen.rules import eligibility
from lotsen.rules.calendar import BERLIN, add_working_days, is_working_day, local_date
from lotsen.rules.errors import Conflict
from lotsen.rules.handover import Matter, lead_on
from lotsen.rules.pairing import Action, Side, State
from lotsen.services import events, mails, notices, offices, tasks, worklist
from lotsen.services import pairing as pairings
from lotsen.services.actor import SYSTEM

#: Whose answer is awaited in which state, and the mail that reminds them.
_ASKED: Final = {
    State.OFFERED: (Side.GUIDE, "offer_reminder"),
    State.ACCEPTED: (Side.NEWCOMER, "question_reminder"),
}


def to_remind(session: Session, now: datetime, tried: Municipality | None = None) -> Iterator[Pairing]:
    """Return the offers and questions that wait long enough for a reminder, and not too long."""
    for office in offices.each(session, tried):
        days = office.settings.remind_after_days, office.settings.expire_after_days
        remind, expire = (now - timedelta(days=count) for count in days)
        query = _waiting_since(office, remind).where(col(Pairing.state_since) > expire)
        yield from session.exec(query.where(col(Pairing.reminded_at).is_(None))).all()


def to_expire(session: Session, now: datetime, tried: Municipality | None = None) -> Iterator[Pairing]:
    """Return the offers and questions whose time is over."""
    for office in offices.each(session, tried):
        expire = now - timedelta(days=office.settings.expire_after_days)
        yield from session.exec(_waiting_since(office, expire)).all()


def _waiting_since(office: Municipality, since: datetime) -> Any:
    return select(Pairing).where(
        Pairing.municipality_id == office.id, col(Pairing.state).in_(_ASKED), col(Pairing.state_since) <= since
    )


def remind(session: Session, pairing: Pairing, now: datetime) -> None:
    """Remind whoever is asked, once. Raises `Conflict` where they have just answered."""
    side, template = _ASKED[pairing.state]
    _mark(session, pairing, "reminded_at", now)
    event = events.record(session, "remind", pairing, SYSTEM, now)
    session.flush()
    notices.write(session, pairing, template, side, now, occasion=f"event:{event.id}")


def expire(session: Session, pairing: Pairing, now: datetime) -> None:
    """Close an offer or a question that nobody answered; a guide's place is free again.

    A guide who leaves offers unanswered gets a break and the office a task; so it does where the newcomer is silent.
    """
    asked = pairing.state
    pairings.act(session, pairing.id or 0, Action.EXPIRE, SYSTEM, now)
    if asked is State.OFFERED:
        _count_silence(session, session.get_one(Guide, pairing.guide_id), now)
    else:
        tasks.hand_over(session, Matter.NEWCOMER_SILENT, session.get_one(Request, pairing.request_id), now)


def _count_silence(session: Session, guide: Guide, now: datetime) -> None:
    session.exec(update(Guide).where(col(Guide.id) == guide.id).values(expiries=col(Guide.expiries) + 1))
    session.refresh(guide)
    limit = session.get_one(Municipality, guide.municipality_id).settings.expiries_until_pause
    if guide.expiries < limit or eligibility.paused(guide, local_date(now)):
        return
    guide.paused, guide.paused_until = True, None
    session.add(guide)
    events.record(session, "guide_paused", guide, SYSTEM, now, reason="offers_unanswered")
    why = [{"code": "offers_unanswered", "value": str(guide.expiries)}]
    tasks.hand_over(session, Matter.GUIDE_SILENT, guide, now, why=why)


def to_escalate(session: Session, now: datetime, tried: Municipality | None = None) -> Iterator[Pairing]:
    """Return the agreed pairings that their office has left unapproved for too many working days."""
    for office in offices.each(session, tried):
        query = select(Pairing).where(
            Pairing.municipality_id == office.id, Pairing.state == State.AGREED, col(Pairing.escalated_at).is_(None)
        )
        days = office.settings.escalate_after_working_days
        yield from (each for each in session.exec(query).all() if now >= working_days_later(each.state_since, days))


def working_days_later(since: datetime, days: int) -> datetime:
    """Return the same time of day in Germany, `days` working days later."""
    local = since.astimezone(BERLIN)
    return datetime.combine(add_working_days(local.date(), days), local.time(), BERLIN)


def escalate(session: Session, pairing: Pairing, now: datetime) -> None:
    """Give an overdue approval to the office's lead, once; to the office's own address where nobody leads."""
    _mark(session, pairing, "escalated_at", now)
    events.record(session, "escalate", pairing, SYSTEM, now)
    path = f"/office/pairings/{pairing.id}"
    leads = tell_leads(
        session, pairing.municipality_id, "office_overdue", f"escalated:pairing:{pairing.id}", now, path=path
    )
    task = session.exec(
        select(Task).where(Task.pairing_id == pairing.id, Task.kind == Matter.APPROVE, col(Task.closed_at).is_(None))
    ).first()
    if task is not None and leads:
        task.assignee_id = leads[0].id
        session.add(task)


def tell_leads(
    session: Session, municipality_id: int, template: str, occasion: str, now: datetime, **params: Any
) -> list[Account]:
    """Write to an office's leads, to its own address where nobody leads; return the leads."""
    leads = [account for account in worklist.staff(session, municipality_id) if account.is_lead]
    to: list[Account | Municipality] = [*leads] or [session.get_one(Municipality, municipality_id)]
    for recipient in to:
        key = f"{occasion}:{type(recipient).__name__.lower()}:{recipient.id}"
        mails.enqueue(session, template, recipient, key, now, **params)
    return leads


def overdue_tasks(session: Session, office: Municipality, now: datetime) -> list[Task]:
    """Return an office's tasks that nobody has done in time, and that its lead does not know of yet.

    Approvals have a way of their own (`to_escalate`); a safety report is the lead's on the first morning after.
    """
    today = local_date(now)
    query = select(Task).where(
        Task.municipality_id == office.id,
        Task.kind != Matter.APPROVE,
        col(Task.closed_at).is_(None),
        col(Task.escalated_at).is_(None),
        col(Task.due_on) < today,
    )
    patience = office.settings.overdue_working_days
    return [
        task
        for task in session.exec(query.order_by(col(Task.id)))
        if today >= lead_on(task.kind, task.due_on, patience)
    ]


def escalate_tasks(session: Session, office: Municipality, now: datetime) -> bool:
    """Give an office's overdue tasks to its lead: each once, with one mail a morning for all of them."""
    late = overdue_tasks(session, office, now)
    if not late:
        return False
    occasion = f"escalated:tasks:{local_date(now)}"
    leads = tell_leads(
        session, office.id or 0, "office_escalated", occasion, now, path="/office/?overdue=1", tasks=len(late)
    )
    for task in late:
        task.escalated_at = now
        task.assignee_id = leads[0].id if leads else task.assignee_id
        session.add(task)
    return True


def _mark(session: Session, pairing: Pairing, column: str, now: datetime) -> None:
    """Set a moment that is set once, while the pairing is still as it was read."""
    unmarked = update(Pairing).where(
        col(Pairing.id) == pairing.id, col(Pairing.state) == pairing.state, getattr(Pairing, column).is_(None)
    )
    if session.exec(unmarked.values({column: now})).rowcount != 1:
        raise Conflict
    session.refresh(pairing)


def digest(session: Session, account: Account, now: datetime) -> bool:
    """Tell a member of staff how much waits this morning; False where nothing does, or they were told today."""
    today = local_date(now)
    waiting = worklist.worklist(session, account.municipality_id or 0, account.id, today, worklist.Filters())
    if not waiting.all:
        return False
    mail = mails.enqueue(
        session, "office_digest", account, f"digest:{account.id}:{today}", now,
        path="/office/", waiting=waiting.all, overdue=waiting.overdue,
        approve=waiting.by_kind.get(Matter.APPROVE, 0), mine=waiting.mine,
    )  # fmt: skip
    return mail is not None


def morning(now: datetime, hour: int) -> bool:
    """Whether it is a working day and, in Germany, `hour` o'clock or later."""
    local = now.astimezone(BERLIN)
    return is_working_day(local.date()) and local.hour >= hour


def back_from_break(session: Session, guide: Guide, now: datetime) -> None:
    """End a break whose last day is over: proposals reach the guide again."""
    guide.paused, guide.paused_until, guide.expiries = False, None, 0
    session.add(guide)
    events.record(session, "guide_resumed", guide, SYSTEM, now)


def to_resume(session: Session, now: datetime) -> list[Guide]:
    """Return the guides whose break is over."""
    query = select(Guide).where(col(Guide.paused), col(Guide.paused_until) < local_date(now))
    return list(session.exec(query.with_for_update()))
