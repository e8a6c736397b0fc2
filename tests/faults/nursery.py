"""A process that has imported and read everything and forks workers: one more costs milliseconds.

`python -m tests.faults.nursery KIND ARGUMENT` reads lines: each line starts a worker, and its number is the answer.
Workers run the real jobs through the real runner, until they are killed or have nothing left to do.
"""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from threading import Event

from flask import Flask
from sqlmodel import Session, col, func, select

from lotsen import clock, config, i18n, mail_samples, mailer
from lotsen.app import create_app
from lotsen.jobs import runner
from lotsen.jobs.deliver import deliver
from lotsen.jobs.schedule import JOBS, EveryMinute, Job
from lotsen.models import JobRun
from lotsen.rules.calendar import is_working_day, local_date
from tests import factories as make

#: Linux' PR_SET_PDEATHSIG: no worker outlives its test.
_DIE_WITH_PARENT = 1
#: The jobs that act on what is due, in their order; those that fit a model or search for candidates would only be slow.
FOLLOW_UP = tuple(job for job in JOBS if job.run is not None and job.name not in {"learn", "next", "unmatched"})
COUNTED = "counted"
#: After the jobs of the morning.
LATER = timedelta(hours=1)


def live(app: Flask, days: Iterable[datetime]) -> None:
    """Live through some mornings: what is due is done, and what was written is sent."""
    for day in days:
        runner.tick(app, FOLLOW_UP, Event(), lambda day=day: day)  # type: ignore[misc]
        deliver(app, lambda day=day: day + LATER, Event())  # type: ignore[misc]


def go_on(app: Flask, begin: datetime) -> None:
    """Live on from where the last worker was killed."""
    with app.extensions["lotsen_db"].reading() as session:
        newest = session.exec(select(func.max(JobRun.slot)).where(col(JobRun.slot) >= begin)).one()
    reached = (newest - begin).days if newest else 0
    live(app, (begin + timedelta(days=day) for day in range(max(reached - 1, 0), 10_000)))


def count(app: Flask, begin: datetime, slots: int) -> None:
    """Run each of so many slots of a job that would not survive being run twice: its row's number is the slot's."""
    for number in range(slots):
        slot = begin + timedelta(minutes=number)

        def work(session: Session, _now: datetime, number: int = number) -> int:
            make.municipality(session, f"{number:08}", "Run")
            return 1

        runner.tick(app, [Job(COUNTED, EveryMinute(), work)], Event(), lambda slot=slot: slot)  # type: ignore[misc]


def send(app: Flask) -> None:
    """Send mails and do what is due, every few milliseconds, whatever the database says, until told to stop."""
    number = 0
    while True:
        number += 1
        for job in (Job("send", EveryMinute(), outside=deliver), *FOLLOW_UP):
            runner.run(app, job, clock.now() + timedelta(days=1, microseconds=number), clock.now())
        time.sleep(0.01)


def work(app: Flask, kind: str, begin: datetime, slots: int) -> None:
    """Do what this kind of worker does."""
    if kind == "live":
        go_on(app, begin)
    elif kind == "count":
        count(app, begin, slots)
    else:
        send(app)


def warm(app: Flask) -> None:
    """Read the holidays and every mail's template, which each worker would else read for itself."""
    is_working_day(local_date(mail_samples.WRITTEN))
    for template in mail_samples.TEMPLATES:
        mailer.build(app, mail_samples.letter(template, i18n.DEFAULT), mail_samples.WRITTEN)
    app.extensions["lotsen_db"].engine.dispose()  # own words were looked for: no two workers may share a connection


def main(kind: str, begin: str, slots: str = "0") -> None:
    """Fork a worker for each line."""
    app = create_app(config.load())
    warm(app)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for _line in sys.stdin:
        child = os.fork()
        if child == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGKILL)
            work(app, kind, datetime.fromisoformat(begin), int(slots))
            os._exit(0)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
