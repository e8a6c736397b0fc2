"""The matcher's runs: asked for, claimed by one process, followed, kept. Nothing here loads the matcher."""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import CursorResult
from sqlmodel import Session, and_, col, func, or_, select, update

from lotsen.models import JobRun, MatchRun, Stage
from lotsen.rules.errors import NotFound
from lotsen.services.actor import SYSTEM, Actor

#: A run whose process has been silent that long is started again by another one.
LEASE: Final = timedelta(minutes=10)
#: After that time a claimed slot should have queued its run.
_SETTLED: Final = timedelta(minutes=1)
#: How far a run is when a stage begins, in percent.
PROGRESS: Final = {
    Stage.QUEUED: 0,
    Stage.READING: 10,
    Stage.MATCHING: 30,
    Stage.WRITING: 65,
    Stage.REPORTING: 80,
    Stage.DONE: 100,
    Stage.FAILED: 100,
}
ENDED: Final = (Stage.DONE, Stage.FAILED)
#: So many runs are listed.
LISTED: Final = 20


def queue(session: Session, actor: Actor, now: datetime) -> MatchRun:
    """Ask for a run: an office for its own municipality, the system for all; one that is open already is returned."""
    own = col(MatchRun.municipality_id) == actor.municipality_id
    if actor.municipality_id is None:
        own = col(MatchRun.municipality_id).is_(None)
    waiting = select(MatchRun).where(own, MatchRun.stage == Stage.QUEUED)
    found = session.exec(waiting).first()
    if found is not None:
        return found
    run = MatchRun(municipality_id=actor.municipality_id, asked_by_id=actor.account_id, queued_at=now)
    session.add(run)
    session.flush()
    return run


def queue_lost(session: Session, job: str, now: datetime) -> None:
    """Queue a run for all again whose process died after it had claimed the slot of `job`, and before it queued it."""
    claimed = session.exec(select(func.max(col(JobRun.started_at))).where(JobRun.job == job)).one()
    queued = session.exec(select(func.max(MatchRun.queued_at)).where(col(MatchRun.municipality_id).is_(None))).one()
    if claimed is not None and claimed < now - _SETTLED and (queued is None or queued < claimed):
        queue(session, SYSTEM, now)


def claim(session: Session, now: datetime) -> MatchRun | None:
    """Take the oldest run that waits, or whose process has fallen silent; None where there is none."""
    silent = and_(col(MatchRun.stage).not_in((Stage.QUEUED, *ENDED)), col(MatchRun.seen_at) < now - LEASE)
    free = or_(col(MatchRun.stage) == Stage.QUEUED, silent)
    number = session.exec(select(MatchRun.id).where(free).order_by(col(MatchRun.id)).limit(1)).first()
    taken = update(MatchRun).where(col(MatchRun.id) == number, free)
    values = {"stage": Stage.READING, "progress": PROGRESS[Stage.READING], "started_at": now, "seen_at": now}
    result: CursorResult[Any] = session.exec(taken.values(**values))
    return session.get_one(MatchRun, number, populate_existing=True) if result.rowcount == 1 else None


def reach(session: Session, run_id: int, stage: Stage, now: datetime, **values: Any) -> None:
    """Note that a run has reached a stage; `values` are further columns."""
    ended = {"finished_at": now} if stage in ENDED else {}
    found = update(MatchRun).where(col(MatchRun.id) == run_id)
    session.exec(found.values(stage=stage, progress=PROGRESS[stage], seen_at=now, **ended, **values))


def finish(
    session: Session, run: MatchRun, now: datetime, whole: dict[str, Any], parts: dict[int, dict[str, Any]]
) -> None:
    """Note what came of a run: `whole` for all it was for, `parts` by municipality where it was for several."""
    reach(session, run.id or 0, Stage.DONE, now, **whole)
    for municipality_id, columns in parts.items():
        session.add(
            MatchRun(
                municipality_id=municipality_id, part_of_id=run.id, queued_at=run.queued_at, started_at=run.started_at,
                finished_at=now, stage=Stage.DONE, progress=100, **columns,
            )
        )  # fmt: skip


def of_office(session: Session, run_id: int, actor: Actor) -> MatchRun:
    """Return a run of the actor's own office. Raises `NotFound` for others'."""
    run = session.get(MatchRun, run_id)
    if run is None or actor.municipality_id is None or run.municipality_id != actor.municipality_id:
        raise NotFound
    return run


def history(session: Session, actor: Actor) -> list[MatchRun]:
    """Return the newest runs of the actor's own office, open ones too."""
    query = select(MatchRun).where(MatchRun.municipality_id == actor.municipality_id)
    return list(session.exec(query.order_by(col(MatchRun.queued_at).desc(), col(MatchRun.id).desc()).limit(LISTED)))


def newest(session: Session, actor: Actor) -> MatchRun | None:
    """Return the actor's own office's last run that came to its end."""
    query = select(MatchRun).where(MatchRun.municipality_id == actor.municipality_id, MatchRun.stage == Stage.DONE)
    return session.exec(query.order_by(col(MatchRun.queued_at).desc(), col(MatchRun.id).desc()).limit(1)).first()


def before(session: Session, run: MatchRun) -> MatchRun | None:
    """Return the finished run of the same office before `run`."""
    query = select(MatchRun).where(
        MatchRun.municipality_id == run.municipality_id,
        MatchRun.stage == Stage.DONE,
        col(MatchRun.id) < run.id,
    )
    return session.exec(query.order_by(col(MatchRun.id).desc()).limit(1)).first()
