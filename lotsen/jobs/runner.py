"""Carries out jobs: each slot once, however many processes try, and each run noted.

The claim of a slot is a row that is inserted in the transaction that does the work. A process that dies takes its claim
with it, and the next one that tries runs the slot. A run that fails leaves the slot unclaimed: it is tried again.
"""

import logging
import signal
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any, Final

import structlog
from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.schedulers.blocking import BlockingScheduler
from flask import Flask
from sqlalchemy.exc import IntegrityError
from sqlmodel import Session, col, delete, select

from lotsen import clock, db
from lotsen.jobs.outcome import Outcome
from lotsen.jobs.schedule import JOBS, Job
from lotsen.models import JobRun
from lotsen.services import batch

#: So long after a run that failed for somebody, what failed is tried again.
RETRY: Final = timedelta(minutes=15)
#: How long runs are remembered.
KEPT: Final = timedelta(days=30)
_log = structlog.get_logger()


def run(app: Flask, job: Job, slot: datetime, now: datetime, stop: Event | None = None) -> Outcome | None:
    """Run one slot of a job; None where somebody else has it. Never raises: what goes wrong is in the outcome."""
    with app.app_context():
        try:
            return _outside(app, job, slot, now, stop or Event()) if job.outside else _inside(job, slot, now)
        except Exception as error:
            kind = type(error).__name__
            _log.error("job failed", job=job.name, kind=kind)
            outcome = Outcome(failed=1, error=kind)
            _note_failure(job, now, outcome)
            return outcome


def _inside(job: Job, slot: datetime, now: datetime) -> Outcome | None:
    assert job.run is not None
    with db.transaction() as session:
        claimed = _claim(session, job, slot, now)
        if claimed is None:
            return None
        done = job.run(session, now)
        failures = batch.failures(session)
        outcome = Outcome(done, len(failures), failures[0] if failures else None)
        _finish(session, claimed, outcome)
    return outcome


def _outside(app: Flask, job: Job, slot: datetime, now: datetime, stop: Event) -> Outcome | None:
    assert job.outside is not None
    with db.transaction() as session:
        claimed = _claim(session, job, slot, now)
    if claimed is None:
        return None
    outcome = job.outside(app, clock.now, stop)
    with db.transaction() as session:
        _finish(session, claimed, outcome)
    return outcome


def _claim(session: Session, job: Job, slot: datetime, now: datetime) -> JobRun | None:
    """Insert the slot's row; None where it is there. A rival's insert is waited for."""
    session.exec(delete(JobRun).where(col(JobRun.job) == job.name, col(JobRun.slot) < now - KEPT))
    row = JobRun(job=job.name, slot=slot, started_at=now)
    try:
        with session.begin_nested():
            session.add(row)
    except IntegrityError:
        return None
    return row


def _finish(session: Session, row: JobRun, outcome: Outcome) -> None:
    row.finished_at, row.done, row.failed, row.error = clock.now(), outcome.done, outcome.failed, outcome.error
    session.add(row)


def _note_failure(job: Job, now: datetime, outcome: Outcome) -> None:
    """Note a run that left nothing behind, beside its slot, which stays free for the next try."""
    try:
        with db.transaction() as session:
            _finish(session, JobRun(job=job.name, slot=clock.now(), started_at=now), outcome)
    except Exception as error:
        _log.error("failure cannot be noted", job=job.name, kind=type(error).__name__)


def last_run(session: Session, job: Job) -> JobRun | None:
    """Return what was noted last about `job`."""
    newest = col(JobRun.started_at).desc(), col(JobRun.slot).desc()
    return session.exec(select(JobRun).where(JobRun.job == job.name).order_by(*newest).limit(1)).first()


def tick(app: Flask, jobs: Iterable[Job], stop: Event, now: Callable[[], datetime] = clock.now) -> None:
    """Run the jobs whose newest slot nobody has run, and those that failed for somebody a while ago."""
    for job in jobs:
        moment = now()
        slot = job.schedule.slot(moment)
        if not stop.is_set():
            due = _due(app, job, slot, moment)
            if due is not None:
                run(app, job, due, moment, stop)


def _due(app: Flask, job: Job, slot: datetime, now: datetime) -> datetime | None:
    """Return the slot to run: the newest one, or a later try at what failed in it; None where there is nothing to do.

    Reads without waiting for a lock, and returns the newest slot where the database does not answer. Later tries have
    slots of their own, `RETRY` apart, so that several processes share them, too.
    """
    try:
        with app.app_context(), db.database().reading() as session:
            if session.get(JobRun, (job.name, slot)) is None:
                return slot
            again = slot + RETRY * ((now - slot) // RETRY)
            last = last_run(session, job)
            failed = last is not None and last.finished_at is not None and last.failed and last.slot < again
            return again if failed and session.get(JobRun, (job.name, again)) is None else None
    except Exception:
        return slot


def serve(app: Flask) -> None:
    """Tick every minute until SIGTERM or SIGINT, and finish what has begun.

    What takes long has a thread of its own: neither a slow mail server nor the matcher may hold up the other jobs. A
    tick that comes late still comes, ticks that have piled up are one, and nothing is random: due-ness is in the data.
    """
    stop = Event()
    apart = [[job] for job in JOBS if job.outside]
    logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a tick that outlasts its minute is no news
    scheduler = BlockingScheduler(timezone=UTC, executors={"default": ThreadPoolExecutor(1 + len(apart))})
    options: dict[str, Any] = {"minute": "*", "misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    for jobs in ([job for job in JOBS if job.run], *apart):
        scheduler.add_job(tick, "cron", args=(app, jobs, stop), next_run_time=clock.now(), **options)

    def end(_signal: int, _frame: object) -> None:
        stop.set()
        scheduler.shutdown(wait=True)

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, end)
    scheduler.start()
