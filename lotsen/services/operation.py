"""What the administrator watches: jobs, the outbox, dead letters. Nothing here names a person."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, func, select, update

from lotsen.models import JobRun, Mail, MailState
from lotsen.rules.errors import Conflict, DomainError, NotFound
from lotsen.services import links

#: Mails that carry a status code or a link: it is wiped with the mail server's first answer, so they go out once.
SEALED: Final = frozenset({"request_received", *links.TEMPLATES})
#: So late may a job's run begin before somebody should look.
PATIENCE: Final = timedelta(minutes=10)
#: So many dead letters, or runs of a job, are listed.
LISTED: Final = 50


class CodeGone(DomainError):
    """The mail's code or link is wiped; the person gets a new one."""

    code = "code_gone"


def last_runs(session: Session, names: Iterable[str]) -> dict[str, JobRun]:
    """Return the newest run of each job that has ever run."""
    newest = (
        select(JobRun.job, func.max(JobRun.started_at).label("at"))
        .where(col(JobRun.job).in_(list(names)))
        .group_by(JobRun.job)
        .subquery()
    )
    query = select(JobRun).join(newest, (col(JobRun.job) == newest.c.job) & (col(JobRun.started_at) == newest.c.at))
    return {run.job: run for run in session.exec(query)}


def runs(session: Session, job: str) -> list[JobRun]:
    """Return a job's newest runs."""
    newest = col(JobRun.started_at).desc(), col(JobRun.slot).desc()
    return list(session.exec(select(JobRun).where(JobRun.job == job).order_by(*newest).limit(LISTED)))


def outbox(session: Session) -> dict[MailState, int]:
    """Return how many mails stand in which state; every state is there."""
    counted = session.exec(select(Mail.state, func.count()).group_by(Mail.state))
    return dict.fromkeys(MailState, 0) | {MailState(state): count for state, count in counted}


def oldest_due(session: Session, now: datetime) -> datetime | None:
    """Return since when a mail waits that should have gone out; None where nothing waits."""
    waiting = select(func.min(Mail.due_at)).where(Mail.state == MailState.QUEUED, col(Mail.due_at) <= now)
    return session.exec(waiting).one()


def dead_letters(session: Session) -> list[Mail]:
    """Return the newest mails that were given up."""
    query = select(Mail).where(Mail.state == MailState.DEAD).order_by(col(Mail.created_at).desc(), col(Mail.id).desc())
    return list(session.exec(query.limit(LISTED)))


def retry(session: Session, mail_id: int, now: datetime) -> None:
    """Queue a dead letter again, with fresh tries. Raises `NotFound`, `Conflict` (not dead any more), `CodeGone`."""
    mail = session.get(Mail, mail_id)
    if mail is None:
        raise NotFound
    if mail.template in SEALED and mail.secret is None:
        raise CodeGone
    dead = update(Mail).where(col(Mail.id) == mail_id, col(Mail.state) == MailState.DEAD)
    if session.exec(dead.values(state=MailState.QUEUED, due_at=now, attempts=0, created_at=now)).rowcount != 1:
        raise Conflict


def overdue(last: JobRun | None, slot: datetime, now: datetime) -> bool:
    """Whether a job's newest slot began more than `PATIENCE` ago and has not been run, or the last run failed."""
    if last is not None and last.error is not None:
        return True
    return now - slot > PATIENCE if last is None else last.started_at < slot and now - slot > PATIENCE
