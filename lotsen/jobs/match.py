"""Every night, and whenever somebody asks: propose for everybody who waits; every minute runs that were asked for.

What takes long is worked out from a reading session; each note of progress, and the result, is a short transaction.
"""

from collections.abc import Callable
from datetime import datetime
from threading import Event
from typing import Final

import structlog
from flask import Flask

from lotsen import db
from lotsen.jobs.outcome import Outcome
from lotsen.models import MatchRun, Stage
from lotsen.services import batch, match_runs
from lotsen.services.actor import SYSTEM

Clock = Callable[[], datetime]
#: Where a command puts a function that hears of each stage.
LISTENER: Final = "lotsen_match_listener"
_log = structlog.get_logger()


def match(app: Flask, clock: Clock, stop: Event) -> Outcome:
    """Ask for a run for all municipalities, and carry it out."""
    with app.app_context(), db.transaction() as session:
        match_runs.queue(session, SYSTEM, clock())
    return match_asked(app, clock, stop)


def match_asked(app: Flask, clock: Clock, stop: Event) -> Outcome:
    """Carry out the runs that wait, the oldest first; done are the pairings suggested."""
    done, errors = 0, list[str]()
    with app.app_context():
        with db.transaction() as session:
            match_runs.queue_lost(session, "match", clock())
        while not stop.is_set():
            with db.transaction() as session:
                run = match_runs.claim(session, clock())
            if run is None:
                break
            try:
                done += _carry_out(app, run, clock, errors)
            except Exception as error:
                kind = type(error).__name__
                _log.error("matching run failed", kind=kind)
                errors.append(kind)
                with db.transaction() as session:
                    match_runs.reach(session, run.id or 0, Stage.FAILED, clock(), error=kind)
    return Outcome(done, len(errors), errors[0] if errors else None)


def _carry_out(app: Flask, run: MatchRun, clock: Clock, errors: list[str]) -> int:
    from lotsen.services import match_report, planning, proposals, tuning  # noqa: PLC0415 -- they load the matcher

    def tell(stage: Stage) -> None:
        with db.transaction() as session:
            match_runs.reach(session, run.id or 0, stage, clock())
        app.extensions.get(LISTENER, lambda _stage: None)(stage)

    now = clock()
    tell(Stage.READING)
    with db.transaction() as session:
        gone = proposals.dismiss_stale(session, now, run.municipality_id)
    with db.database().reading() as reading:
        requests = proposals.waiting(reading, run.municipality_id)
        this = planning.Round.read(reading, requests, now, reconsider=True)
    tell(Stage.MATCHING)
    config = app.extensions["lotsen_config"]
    with tuning.working(config.match_backend, config.match_jobs, config.match_scheduler):
        plan = planning.solve(this, {})
    tell(Stage.WRITING)
    with db.transaction() as session:
        changes = proposals.carry_out(session, plan, clock(), read_by=reading)
        errors += batch.failures(session)
    changes.dropped.update(gone)
    tell(Stage.REPORTING)
    whole, parts = match_report.report(plan, run.municipality_id, changes, (clock() - now).total_seconds())
    with db.transaction() as session:
        match_runs.finish(session, run, clock(), whole, parts)
    app.extensions.get(LISTENER, lambda _stage: None)(Stage.DONE)
    return changes.new.total()
