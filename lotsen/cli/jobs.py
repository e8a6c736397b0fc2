"""`flask jobs …`: the scheduler process, what ran and what runs next, one job now."""

import json
import sys
from datetime import datetime
from typing import Any, cast

import click
from flask import Flask, current_app
from flask.cli import with_appcontext

from lotsen import clock, db
from lotsen.jobs import runner, schedule
from lotsen.jobs.match import LISTENER
from lotsen.jobs.schedule import Job
from lotsen.models import JobRun, Stage
from lotsen.services import match_runs, operation

group = click.Group("jobs", help="Scheduled jobs.")


@group.command("run")
@with_appcontext
def run() -> None:
    """Run jobs when they are due, until told to stop; several such processes share the work."""
    runner.serve(_app())


@group.command("list")
@with_appcontext
def list_() -> None:
    """Print all jobs as JSON: when they run next, and what their last run did."""
    click.echo(json.dumps([_described(job) for job in schedule.JOBS], indent=2))


@group.command("once")
@click.argument("name")
@with_appcontext
def once(name: str) -> None:
    """Run the job NAME now and print what it did as JSON."""
    job = schedule.find(name)
    if job is None:
        known = ", ".join(each.name for each in schedule.JOBS)
        click.echo(f"There is no job {name}. Known jobs: {known}", err=True)
        sys.exit(2)
    now, app = clock.now(), _app()
    app.extensions[LISTENER] = _progress
    outcome = runner.run(app, job, now, now)
    assert outcome is not None
    click.echo(json.dumps({
        "name": job.name, "done": outcome.done, "failed": outcome.failed, "error": outcome.error,
    }))  # fmt: skip
    sys.exit(1 if outcome.failed else 0)


def _progress(stage: Stage) -> None:
    """Say on standard error how far a matching run is."""
    click.echo(f"{match_runs.PROGRESS[stage]:3d} % {stage}", err=True)


def _app() -> Flask:
    """Return the application itself, for other threads."""
    return cast(Flask, cast(Any, current_app)._get_current_object())


def _described(job: Job) -> dict[str, Any]:
    last, now = runner.last_run(db.reading(), job), clock.now()
    return {
        "name": job.name,
        "schedule": str(job.schedule),
        "next_run": job.schedule.next(now).isoformat(),
        "overdue": operation.overdue(last, job.schedule.slot(now), now),
        "last": _last(last),
    }


def _last(run: JobRun | None) -> dict[str, Any] | None:
    if run is None:
        return None
    return {
        "slot": run.slot.isoformat(),
        "started_at": run.started_at.isoformat(),
        "finished_at": _iso(run.finished_at),
        "seconds": run.seconds,
        "done": run.done,
        "failed": run.failed,
        "error": run.error,
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
