"""Hand-overs: opened once a matter, closed with an outcome."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from lotsen.models import Guide, Municipality, Pairing, Request, Task
from lotsen.rules.calendar import local_date
from lotsen.rules.errors import Conflict, NotAllowed, NotFound, ReasonMissing
from lotsen.rules.handover import DECIDED, Matter, due_on
from lotsen.rules.vocabulary import HAND_OVER_OUTCOMES
from lotsen.services.actor import Actor


def hand_over(
    session: Session,
    kind: Matter,
    about: Pairing | Request | Guide | Municipality,
    now: datetime,
    *,
    why: list[dict[str, Any]] | None = None,
    working_days: int | None = None,
) -> Task | None:
    """Open a task about a pairing, a request, a guide or the office itself; None where it is open already."""
    matter = f"{kind}:{type(about).__name__.lower()}:{about.id}"
    if open_task(session, matter) is not None:
        return None
    task = Task(
        municipality_id=(about.id or 0) if isinstance(about, Municipality) else about.municipality_id,
        kind=kind,
        matter=matter,
        why=why or [],
        due_on=due_on(kind, local_date(now), working_days),
        opened_at=now,
    )
    if isinstance(about, Pairing):
        task.pairing_id, task.request_id, task.guide_id = about.id, about.request_id, about.guide_id
    elif isinstance(about, Request):
        task.request_id = about.id
    elif isinstance(about, Guide):
        task.guide_id = about.id
    session.add(task)
    session.flush()
    return task


def open_task(session: Session, matter: str) -> Task | None:
    """Return the open task about `matter`, if there is one."""
    return session.exec(select(Task).where(Task.matter == matter, col(Task.closed_at).is_(None))).first()


def settle(session: Session, pairing: Pairing, kinds: set[Matter], outcome: str, actor: Actor, now: datetime) -> None:
    """Close the open tasks of these kinds about `pairing`: what they waited for has happened."""
    query = select(Task).where(Task.pairing_id == pairing.id, col(Task.kind).in_(kinds), col(Task.closed_at).is_(None))
    for task in session.exec(query):
        task.closed_at, task.closed_by_id, task.outcome = now, actor.account_id, outcome
        session.add(task)


def close(
    session: Session, task_id: int, actor: Actor, now: datetime, *, outcome: str, note: str | None = None
) -> Task:
    """Close a task of the actor's office with an outcome.

    Raises `NotFound` for foreign tasks, `NotAllowed` where a decision closes it, `ReasonMissing` without a known
    outcome, `Conflict` where it is closed already.
    """
    task = session.get(Task, task_id, with_for_update=True)
    if task is None or task.municipality_id != actor.municipality_id:
        raise NotFound
    if task.closed_at is not None:
        raise Conflict("already_closed")
    if task.kind in DECIDED:
        raise NotAllowed("decide_instead")
    if outcome not in HAND_OVER_OUTCOMES:
        raise ReasonMissing
    task.closed_at, task.closed_by_id, task.outcome, task.note = now, actor.account_id, outcome, note
    session.add(task)
    return task


def assign(session: Session, task_id: int, actor: Actor, assignee_id: int | None) -> Task:
    """Give a task to a colleague, or to nobody. Raises `NotFound` for foreign tasks."""
    task = session.get(Task, task_id)
    if task is None or task.municipality_id != actor.municipality_id:
        raise NotFound
    task.assignee_id = assignee_id
    session.add(task)
    return task
