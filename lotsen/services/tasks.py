"""Hand-overs: opened once a matter, settled when what they wait for has happened. `handovers` closes them by hand."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from lotsen.models import Guide, Municipality, Pairing, Request, Task
from lotsen.rules.calendar import local_date
from lotsen.rules.errors import Conflict, NotFound
from lotsen.rules.handover import Matter, due_on
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


def add(session: Session, kind: Matter, about: Pairing | Request | Guide, now: datetime, why: dict[str, Any]) -> Task:
    """Open a task, or add one more reason to the one that is open."""
    task = hand_over(session, kind, about, now, why=[why])
    if task is None:
        task = open_task(session, f"{kind}:{type(about).__name__.lower()}:{about.id}")
        assert task is not None
        if why not in task.why:
            task.why = [*task.why, why]
            session.add(task)
    return task


def open_task(session: Session, matter: str) -> Task | None:
    """Return the open task about `matter`, if there is one."""
    return session.exec(select(Task).where(Task.matter == matter, col(Task.closed_at).is_(None))).first()


def settle(
    session: Session,
    about: Pairing | Request | Guide,
    kinds: Iterable[Matter],
    outcome: str,
    actor: Actor,
    now: datetime,
) -> None:
    """Close the open tasks of these kinds: what they waited for has happened."""
    column = {Pairing: Task.pairing_id, Request: Task.request_id, Guide: Task.guide_id}[type(about)]
    query = select(Task).where(column == about.id, col(Task.kind).in_(list(kinds)), col(Task.closed_at).is_(None))
    for task in session.exec(query):
        task.closed_at, task.closed_by_id, task.outcome = now, actor.account_id, outcome
        session.add(task)


def assign(session: Session, task_id: int, actor: Actor, assignee_id: int | None) -> Task:
    """Give an open task to a colleague, or to nobody. Raises `NotFound` for foreign tasks, `Conflict` for closed."""
    task = session.get(Task, task_id, with_for_update=True)
    if task is None or task.municipality_id != actor.municipality_id:
        raise NotFound
    if task.closed_at is not None:
        raise Conflict("already_closed")
    task.assignee_id = assignee_id
    session.add(task)
    return task
