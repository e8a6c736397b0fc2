"""`flask doctor`: look at a whole installation and say what is wrong, what to do about it, and what is well.

Nothing is changed and nobody is written to. A configuration that cannot be used at all does not get this far: `wsgi`
says why and ends. What each check looks at stands in its own function.
"""

import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path
from typing import Final, NamedTuple

import click
from flask import current_app
from flask.cli import with_appcontext
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, func, select

from lotsen import clock, db, documents, mailer, revisions
from lotsen.config import Config
from lotsen.jobs.schedule import JOBS
from lotsen.models import Account, MailState, Municipality
from lotsen.rules.vocabulary import Role
from lotsen.services import keys, model, operation

#: A backup a day, and some hours for whatever made it late.
FRESH: Final = timedelta(hours=26)
#: Sessions and links end by the clock, and slots of jobs begin by it: so far may two clocks of ours be apart.
APART: Final = timedelta(seconds=5)
#: A mail that waits longer tells of a server that takes none.
WAITING: Final = timedelta(minutes=15)
#: So much of a disk must be free: below, a database stops taking anything at some moment of its own choice.
FREE: Final = 0.10


class Level(StrEnum):
    """How a check went."""

    OK = "ok"
    WARNING = "warning"
    PROBLEM = "problem"


class Finding(NamedTuple):
    """What a check found, in a sentence, with what to do where something is wrong."""

    check: str
    level: Level
    text: str


Said = Iterator[tuple[Level, str]]


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="Print a JSON list of {check, level, text} instead of sentences.")
@with_appcontext
def doctor(as_json: bool) -> None:
    """Check configuration, database, mail server, jobs, disk and backups; exit status 1 where there is a problem."""
    config: Config = current_app.extensions["lotsen_config"]
    findings = list(examine(config, clock.now()))
    if as_json:
        click.echo(json.dumps([finding._asdict() for finding in findings], indent=2))
    else:
        for finding in findings:
            click.echo(f"{finding.level:<8} {finding.check}: {finding.text}")
    sys.exit(1 if any(finding.level is Level.PROBLEM for finding in findings) else 0)


def examine(config: Config, now: datetime) -> Iterator[Finding]:
    """Yield what every check finds. Those that need the database follow where it answers and is migrated."""
    yield from _named("settings", settings(config))
    yield from _named("files", files(config))
    yield from _named("disk", disk(config))
    yield from _named("mail server", mail_server(config))
    yield from _named("backups", backups(config, now))
    yield from _named("documents", paper())
    found = list(_named("database", database(config)))
    yield from found
    if all(finding.level is Level.OK for finding in found):
        session = db.reading()
        checks: tuple[tuple[str, Callable[[], Said]], ...] = (
            ("clock", lambda: clocks(session, now)),
            ("data key", lambda: data_key(session)),
            ("people", lambda: people(session, config)),
            ("jobs", lambda: jobs(session, now)),
            ("outbox", lambda: outbox(session, now)),
            ("model", learned),
        )
        for name, check in checks:
            yield from _named(name, check())


def _named(check: str, said: Said) -> Iterator[Finding]:
    return (Finding(check, level, sentence) for level, sentence in said)


def settings(config: Config) -> Said:
    """What may be started with, and is still not right for real people."""
    if not config.production:
        yield Level.WARNING, "LOTSEN_ENVIRONMENT is development: fit for a trial, not for real people."
        return
    wanted = {
        "proxies": (config.proxies != "0", "LOTSEN_PROXIES is 0: behind a reverse proxy all people would share one "
                    "address, and be throttled together. Set how many proxies stand before the server."),
        "operator": (bool(config.operator), "LOTSEN_OPERATOR is empty: the imprint must name who runs this "
                     "(DDG section 5)."),
        "contact": (bool(config.security_contact), "LOTSEN_SECURITY_CONTACT is empty: nobody learns whom to tell of a "
                    "weakness."),
        "sender": ("." in parseaddr(config.mail_from)[1].rpartition("@")[2], "LOTSEN_MAIL_FROM has no real domain: "
                   "other mail servers refuse such senders."),
        "metrics": (not config.metrics_token or len(config.metrics_token) >= 32, "LOTSEN_METRICS_TOKEN is shorter than "
                    "32 characters."),
    }  # fmt: skip
    wrong = [sentence for holds, sentence in wanted.values() if not holds]
    yield from ((Level.WARNING, sentence) for sentence in wrong)
    if not wrong:
        yield Level.OK, f"production at {config.base_url}."


def files(config: Config) -> Said:
    """Nobody else on this machine may read keys, mails or the database."""
    own = (config.instance / "lotsen.cfg", config.instance / "mail", *_database_files(config))
    open_ones = [path for path in own if path.exists() and path.stat().st_mode & 0o007]
    for path in open_ones:
        level = Level.PROBLEM if config.production else Level.WARNING
        yield level, f"{path} is open to every user of this machine: chmod o-rwx {path}"
    if not os.access(config.instance, os.W_OK):
        yield Level.PROBLEM, f"{config.instance} cannot be written: models and mails would have no place."
    elif not open_ones:
        yield Level.OK, f"what lies in {config.instance} is ours alone."


def _database_files(config: Config) -> list[Path]:
    return [Path(config.database_url.removeprefix("sqlite:///"))] if config.database_url.startswith("sqlite") else []


def disk(config: Config) -> Said:
    """A full disk stops everything."""
    for place in sorted({config.instance, *(path.parent for path in _database_files(config))}):
        if not place.is_dir():
            yield Level.PROBLEM, f"{place} does not exist."
            continue
        usage = shutil.disk_usage(place)
        share = usage.free / usage.total
        level = Level.OK if share >= FREE else Level.PROBLEM
        yield level, f"{share:.0%} of the disk under {place} is free ({usage.free / 2**30:.1f} GiB)."


def mail_server(config: Config) -> Said:
    """The server must let us in; no mail is sent."""
    try:
        mailer.probe(config.mail_url)
    except mailer.Unreachable as error:
        yield Level.PROBLEM, f"the mail server cannot be used ({error}): look at LOTSEN_MAIL_URL. Mails wait meanwhile."
        return
    if config.mail_url.startswith("file:"):
        level = Level.PROBLEM if config.production else Level.WARNING
        yield level, "mails become files and reach nobody: set LOTSEN_MAIL_URL to smtp://… or smtps://…"
    else:
        yield Level.OK, "the mail server lets us in."


def backups(config: Config, now: datetime) -> Said:
    """A backup of today lies where LOTSEN_BACKUP_FOLDER says."""
    if not config.backup_folder:
        level = Level.WARNING if config.production else Level.OK
        yield level, "LOTSEN_BACKUP_FOLDER is empty, so that nobody can tell whether there are backups."
        return
    written = [file.stat().st_mtime for file in Path(config.backup_folder).glob("*.zip")]
    newest = datetime.fromtimestamp(max(written), UTC) if written else None
    if newest is None or now - newest > FRESH:
        last = f"the newest is of {newest:%Y-%m-%d %H:%M} UTC" if newest else "there is none"
        yield (
            Level.PROBLEM,
            f"no backup of the last {FRESH // timedelta(hours=1)} hours in {config.backup_folder}: {last}.",
        )
    else:
        yield Level.OK, f"{len(written)}, the newest of {newest:%Y-%m-%d %H:%M} UTC."


def paper() -> Said:
    """Letters, agreements and certificates are PDF only with Pango."""
    if documents.available():
        yield Level.OK, "PDF can be written."
    else:
        yield (
            Level.WARNING,
            "Pango is missing (Debian: libpangoft2-1.0-0 libharfbuzz-subset0): pages to print instead of PDF.",
        )


def database(config: Config) -> Said:
    """It answers, and its schema is this version's."""
    if not all(path.exists() for path in _database_files(config)):  # connecting would make an empty one
        yield Level.PROBLEM, "there is none yet: flask --app wsgi db upgrade"
        return
    try:
        with db.database().engine.connect() as connection:
            kind, here, ours = connection.dialect.name, revisions.revision_of(connection), revisions.head()
    except DBAPIError as error:
        yield Level.PROBLEM, f"it does not answer ({type(error.orig).__name__}): look at LOTSEN_DATABASE_URL."
        return
    if here != ours:
        yield Level.PROBLEM, f"its schema is {here}, this version's is {ours}: flask --app wsgi db upgrade"
    else:
        yield Level.OK, f"{kind} answers; the schema is {ours}."


def clocks(session: Session, now: datetime) -> Said:
    """This machine and the database's agree on the time; on SQLite they are one."""
    there: datetime = now
    if session.connection().dialect.name == "postgresql":
        there = session.connection().execute(text("SELECT clock_timestamp()")).scalar_one()
    apart = abs(there - clock.now()) if there is not now else timedelta()
    if apart > APART:
        yield Level.PROBLEM, f"this machine's and the database's differ by {apart.total_seconds():.0f} s: use NTP."
    else:
        yield Level.OK, f"{now:%Y-%m-%d %H:%M} UTC."


def data_key(session: Session) -> Said:
    """The keys in use read what is stored."""
    foreign = keys.unreadable(session)
    if foreign:
        where = ", ".join(foreign)
        yield (
            Level.PROBLEM,
            f"texts in {where} fit no key of LOTSEN_DATA_KEY: bring back the one they were written under.",
        )
    else:
        yield Level.OK, "it reads what is stored."


def people(session: Session, config: Config) -> Said:
    """Somebody administers, and the people are real ones."""
    administers = Account.role == Role.ADMIN, col(Account.active)
    if not session.exec(select(func.count()).select_from(Account).where(*administers)).one():
        yield Level.PROBLEM, "no administrator has an account: flask --app wsgi accounts invite-admin ADDRESS"
    municipalities = session.exec(select(func.count()).select_from(Municipality)).one()
    demo = session.exec(select(func.count()).select_from(Municipality).where(col(Municipality.demo))).one()
    if demo and config.production:
        yield (
            Level.PROBLEM,
            "demo data stands among the real: its passwords are known to everybody. Use an empty database.",
        )
    if not municipalities:
        yield Level.WARNING, "there is no municipality yet: the administrator adds them in the browser."
    else:
        yield Level.OK, f"{municipalities} municipalities."


def jobs(session: Session, now: datetime) -> Said:
    """Every job has had its turn."""
    last = operation.last_runs(session, [job.name for job in JOBS])
    late = [job.name for job in JOBS if operation.overdue(last.get(job.name), job.schedule.slot(now), now)]
    if not last:
        yield Level.PROBLEM, "none has ever run: start the job runner (flask --app wsgi jobs run)."
    elif late:
        yield Level.PROBLEM, f"overdue or failed: {', '.join(late)}. `jobs list` says more; does the job runner run?"
    else:
        yield Level.OK, f"{len(JOBS)}, all in time."


def outbox(session: Session, now: datetime) -> Said:
    """Mails leave."""
    dead = operation.outbox(session)[MailState.DEAD]
    oldest = operation.oldest_due(session, now)
    if dead:
        yield Level.WARNING, f"{dead} mails were given up: the administrator's page lists them, with why."
    if oldest and now - oldest > WAITING:
        yield (
            Level.PROBLEM,
            f"a mail waits since {oldest:%Y-%m-%d %H:%M} UTC: the job runner or the mail server stands still.",
        )
    elif not dead:
        yield Level.OK, "nothing waits too long."


def learned() -> Said:
    """The model's file was not refused."""
    if model.refused():
        yield Level.WARNING, f"{model.folder() / model.NAME} was refused; the one before, or the prior, serves instead."
    else:
        yield Level.OK, f"{model.version()} serves."
