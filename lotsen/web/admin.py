"""For whoever runs Lotsen: jobs, outbox, database, disk. Nothing here names a person."""

import platform
import shutil
from collections.abc import Mapping
from datetime import datetime
from importlib.metadata import version
from typing import Any, Final, NamedTuple

from babel.dates import get_day_names
from flask import Blueprint, abort, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import get_locale
from flask_babel import gettext as _

from lotsen import db, documents, revisions, words
from lotsen.access import audience
from lotsen.clock import now
from lotsen.config import Config
from lotsen.models import JobRun
from lotsen.rules.vocabulary import Role
from lotsen.services import model, operation
from lotsen.web.use_case import attempt

bp = Blueprint("admin", __name__, url_prefix="/admin")

_PACKAGES: Final = ("Flask", "SQLAlchemy", "scikit-learn", "ortools", "gunicorn")
#: Above that share of the disk in use, somebody should act.
DISK_FULL: Final = 0.9


class JobLine(NamedTuple):
    """A job, its last run and its next one."""

    name: str
    schedule: Any
    last: JobRun | None
    next_at: datetime
    overdue: bool


class Disk(NamedTuple):
    """The disk that holds the instance folder, in bytes."""

    free: int
    total: int

    @property
    def full(self) -> bool:
        """Whether somebody should act."""
        return self.free < (1 - DISK_FULL) * self.total


@bp.get("/")
@audience(Role.ADMIN)
def overview() -> ResponseReturnValue:
    """Show how Lotsen runs."""
    config: Config = current_app.extensions["lotsen_config"]
    session, moment = db.reading(), now()
    usage = shutil.disk_usage(config.instance)
    return render_template(
        "pages/admin/overview.html",
        jobs=jobs(moment),
        schedule=schedule,
        outbox=operation.outbox(session),
        oldest=operation.oldest_due(session, moment),
        dead=operation.dead_letters(session),
        sealed=operation.SEALED,
        disk=Disk(usage.free, usage.total),
        database=session.connection().dialect.name,
        current=revisions.is_current(session.connection()),
        revision=revisions.head(),
        versions={"Python": platform.python_version()} | {name: version(name) for name in _PACKAGES},
        production=config.production,
        model=model.status(),
        pdf=documents.available(),
    )


@bp.get("/jobs/<name>")
@audience(Role.ADMIN)
def job(name: str) -> ResponseReturnValue:
    """Show a job's last runs: when, how long, how many, what failed."""
    known = {each.name: each for each in current_app.extensions["lotsen_jobs"]}
    if name not in known:
        abort(404)
    [line] = [each for each in jobs(now()) if each.name == name]
    runs = operation.runs(db.reading(), name)
    return render_template("pages/admin/job.html", job=line, runs=runs, schedule=schedule)


@bp.post("/mails/<int:mail_id>/retry")
@audience(Role.ADMIN)
def retry(mail_id: int) -> ResponseReturnValue:
    """Queue a dead letter again."""
    attempt(lambda session: operation.retry(session, mail_id, now()), _("The mail goes out again."), _refusal)
    return redirect(url_for("admin.overview", _anchor="dead"))


def _refusal(code: str, details: Mapping[str, Any]) -> str:
    if code == operation.CodeGone.code:
        return str(_("This mail carried a code or a link, which is not kept. The person gets a new one."))
    return words.error_text(code, details)


def jobs(moment: datetime) -> list[JobLine]:
    """Return each job with its last and next run; overdue where the newest slot has not been run in ten minutes."""
    known = current_app.extensions["lotsen_jobs"]
    last = operation.last_runs(db.reading(), [job.name for job in known])
    return [
        JobLine(
            job.name,
            job.schedule,
            last.get(job.name),
            job.schedule.next(moment),
            operation.overdue(last.get(job.name), job.schedule.slot(moment), moment),
        )
        for job in known
    ]


def schedule(rule: Any) -> str:
    """Return when a job runs, in the reader's words; the clock is Germany's."""
    if not hasattr(rule, "at"):
        return str(_("every minute"))
    time = f"{rule.at:%H:%M}"
    if not hasattr(rule, "day"):
        return str(_("every day at %(time)s", time=time))
    day = get_day_names("wide", locale=get_locale())[rule.day]
    return str(_("every week on %(day)s at %(time)s", day=day, time=time))
