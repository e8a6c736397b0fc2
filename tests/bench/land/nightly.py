"""Each job once, in the order in which a night and a morning run them."""

import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Event, Timer
from typing import Final, NamedTuple

from flask import Flask

from lotsen.clock import now
from lotsen.jobs import runner
from lotsen.jobs.schedule import JOBS, Job

#: The mails of a whole Land leave for longer than anybody wants to watch: so many seconds of them are enough.
WATCHED: Final = 30.0
#: A job that takes more seconds is stopped, and leaves nothing behind.
LONGEST: Final = 200
_LONG: Final = frozenset({"deliver"})


class TooLong(BaseException):
    """No `Exception`: jobs go on with the next one after these."""


class Ran(NamedTuple):
    """A job's run: how many seconds it took, how many of them its process worked; what it did (-1: stopped)."""

    name: str
    took: float
    worked: float
    done: int
    failed: int


def run_all(app: Flask) -> list[Ran]:
    """Run every job once on what nobody has run a job on before: three years of it are due on one day."""
    return [_run(app, job) for job in JOBS]


def _run(app: Flask, job: Job) -> Ran:
    moment, stop = now(), Event()
    timer = Timer(WATCHED, stop.set)
    if job.name in _LONG:
        timer.start()
    began, worked = time.perf_counter(), time.process_time()
    done, failed = -1, 0
    try:
        with _at_most(LONGEST):
            outcome = runner.run(app, job, job.schedule.slot(moment), moment, stop)
            assert outcome is not None, job.name
            done, failed = outcome.done, outcome.failed
    except TooLong:
        pass
    timer.cancel()
    return Ran(job.name, time.perf_counter() - began, time.process_time() - worked, done, failed)


@contextmanager
def _at_most(seconds: int) -> Iterator[None]:
    def stop(_signal: int, _frame: object) -> None:
        raise TooLong

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
