"""Several hand-overs at once: given to a colleague, put off, closed. Nothing here decides about people."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select

from lotsen.models import Guide, Pairing, Request, Task
from lotsen.rules.calendar import local_date
from lotsen.rules.errors import Conflict, DomainError, NotAllowed, NotFound, ReasonMissing
from lotsen.rules.handover import UNDELAYED, Matter
from lotsen.rules.vocabulary import POSTPONE_REASONS, REFERRED_ON
from lotsen.services import events, handovers, worklist
from lotsen.services.actor import Actor

#: Nothing is put off further than this.
LATEST: Final = timedelta(days=90)


class NotThen(DomainError):
    """Tasks are put off to a day to come, and not for ever."""

    code = "not_then"


def assign(session: Session, task_ids: Iterable[int], actor: Actor, assignee_id: int | None) -> int:
    """Give tasks to a colleague, or to nobody; return how many. Raises as `_open` does."""
    colleagues = {account.id for account in worklist.staff(session, actor.municipality_id)}
    if assignee_id is not None and assignee_id not in colleagues:
        raise NotFound
    tasks = _open(session, task_ids, actor)
    for task in tasks:
        task.assignee_id = assignee_id
        session.add(task)
    return len(tasks)


def postpone(
    session: Session, task_ids: Iterable[int], actor: Actor, now: datetime, *, due_on: date, reason: str
) -> int:
    """Put tasks off to a later day; the reason stands with each, and in its case's history.

    Raises as `_open` does, `NotAllowed` for matters that cannot wait, `ReasonMissing`, `NotThen`.
    """
    if reason not in POSTPONE_REASONS:
        raise ReasonMissing
    if not local_date(now) < due_on <= local_date(now) + LATEST:
        raise NotThen
    tasks = _open(session, task_ids, actor)
    if any(Matter(task.kind) in UNDELAYED for task in tasks):
        raise NotAllowed("cannot_wait")
    for task in tasks:
        earlier = [each for each in task.why if each["code"] != "postponed"]
        why = [*earlier, {"code": "postponed", "value": reason}]
        if (task.due_on, task.why) == (due_on, why):
            continue  # the same form sent twice
        task.due_on, task.why = due_on, why
        session.add(task)
        if (about := _about(session, task)) is not None:
            events.record(session, "postponed", about, actor, now, reason=reason)
    return len(tasks)


def close(
    session: Session, task_ids: Iterable[int], actor: Actor, now: datetime, *, outcome: str, note: str | None = None
) -> int:
    """Close tasks of one kind with one outcome; return how many.

    Raises as `_open` and `handovers.close` do, `NotAllowed` for different kinds, and for passing on to counselling:
    that takes each person's own consent.
    """
    if outcome == REFERRED_ON:
        raise NotAllowed("one_by_one")
    tasks = _open(session, task_ids, actor)
    if len({task.kind for task in tasks}) > 1:
        raise NotAllowed("different_kinds")
    for task in tasks:
        handovers.close(session, task.id or 0, actor, now, outcome=outcome, note=note)
    return len(tasks)


def _open(session: Session, task_ids: Iterable[int], actor: Actor) -> list[Task]:
    """Return the open ones, locked. Raises `NotFound` for foreign ones, `Conflict` where all are closed."""
    wanted = set(task_ids)
    query = select(Task).where(col(Task.id).in_(wanted), Task.municipality_id == actor.municipality_id)
    found = session.exec(query.order_by(col(Task.id)).with_for_update()).all()
    if not wanted or len(found) != len(wanted):
        raise NotFound
    left = [task for task in found if task.closed_at is None]
    if not left:
        raise Conflict("already_closed")
    return left


def _about(session: Session, task: Task) -> Pairing | Request | Guide | None:
    if task.pairing_id:
        return session.get_one(Pairing, task.pairing_id)
    if task.request_id:
        return session.get_one(Request, task.request_id)
    return session.get_one(Guide, task.guide_id) if task.guide_id else None
