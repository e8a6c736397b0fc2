"""The disk takes no more, a rival holds the lock, the clock jumps: nothing is half done, and it goes on by itself."""

import resource
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from datetime import time, timedelta
from pathlib import Path
from threading import Event

import pytest
import time_machine
from flask import Flask
from sqlalchemy import event
from sqlmodel import func, select

from lotsen.jobs import runner
from lotsen.jobs.schedule import Daily, EveryMinute, Job
from lotsen.models import JobRun, Municipality
from lotsen.rules.pairing import State
from tests import factories as make
from tests.client import CheckedClient
from tests.faults.figures import note
from tests.planted import everything
from tests.web.offices import Desk
from tests.web.test_api import BODY, System

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@contextmanager
def full(app: Flask) -> Iterator[None]:
    """Let no file grow beyond a few pages of the database's log: the transaction runs into the end of the disk."""
    engine = app.extensions["lotsen_db"].engine
    with engine.connect() as connection:  # stays open: the log would be made anew
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        before = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (20_000, before[1]))
        try:
            yield
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, before)
        connection.exec_driver_sql("BEGIN")


@contextmanager
def locked(app: Flask) -> Iterator[None]:
    """Hold the lock for writing for longer than anybody waits; here that is a moment, in production 15 seconds."""
    engine = app.extensions["lotsen_db"].engine

    def be_impatient(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("PRAGMA busy_timeout = 200")

    event.listen(engine, "connect", be_impatient)
    engine.dispose()
    with closing(sqlite3.connect(Path(engine.url.database), isolation_level=None)) as rival:
        rival.execute("BEGIN IMMEDIATE")
        yield
        rival.execute("ROLLBACK")
    event.remove(engine, "connect", be_impatient)
    engine.dispose()


FAULTS: dict[str, Callable[[Flask], AbstractContextManager[None]]] = {"disk full": full, "database locked": locked}


def founding(schedule: Daily | EveryMinute) -> Job:
    """A job that founds an office each time: what it did can be counted."""

    def work(session, now):
        number = session.exec(select(func.count()).select_from(Municipality)).one()
        make.municipality(session, f"{number:08}", "Neu" * 1000)
        return 1

    return Job("founding", schedule, work)


def stored(app: Flask) -> list[str]:
    """All rows but tries, uses of sessions and what is noted about failed runs."""
    with app.extensions["lotsen_db"].reading() as session:
        return [
            row for row in everything(session).splitlines() if not row.startswith(("counter ", "signin ", "jobrun "))
        ]


@pytest.fixture
def client(app: Flask) -> CheckedClient:
    app.test_client_class = CheckedClient
    return app.test_client()  # type: ignore[return-value]  # of the class that was just named


@pytest.mark.parametrize("fault", FAULTS)
def test_nothing_is_half_done_and_it_works_again_by_itself(app, client, now, fault):
    desk, job = Desk(app, client), founding(EveryMinute())
    pairing_id = desk.pair(State.AGREED)
    assert client.get(f"/office/pairings/{pairing_id}?lang=en").status_code == 200
    before = stored(app)
    with FAULTS[fault](app):
        answer = desk.act(pairing_id, "approve")
        assert (answer.status_code, "Nothing was changed" in answer.text) == (503, True)
        assert answer.headers["Retry-After"] == "30"
        assert "Traceback" not in answer.text
        failed = runner.run(app, job, now, now)
        assert failed is not None
        assert (failed.done, failed.error) == (0, "OperationalError")
        assert client.get("/office/").status_code == 200, "what can be read is shown meanwhile"
        assert stored(app) == before
    desk.act(pairing_id, "approve")
    assert stored(app) != before
    again = runner.run(app, job, now, now)
    assert again is not None
    assert again.done == 1
    note(f"{fault} while an office approves and a job runs", "sqlite", half_done=0, worked_again_by_itself="yes")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_program_is_told_to_try_again_later(app, fault):
    with app.extensions["lotsen_db"].transaction() as session:
        system = System(app, make.token(session, make.referrer(session, make.municipality(session))))
    with FAULTS[fault](app):
        answer = system.send(BODY)
        assert (answer.status_code, answer.json["code"]) == (503, "service_unavailable")
        assert answer.headers["Retry-After"] == "30"
    assert system.send(BODY).status_code == 201, "the same key, for nothing was stored"


def test_a_clock_that_jumps_runs_no_slot_twice_and_leaves_none_out(app, now):
    job, days = founding(Daily(time(3))), timedelta(days=1)
    for moment in (now, now + 2 * days, now, now - days, now + days, now + 2 * days, now + 3 * days):
        runner.tick(app, [job], Event(), lambda moment=moment: moment)
    with app.extensions["lotsen_db"].reading() as session:
        slots = session.exec(select(JobRun.slot).order_by(JobRun.slot)).all()
        assert [(slot - slots[0]) // days for slot in slots] == [0, 1, 2, 3, 4]
        assert session.exec(select(func.count()).select_from(Municipality)).one() == len(slots)


def test_a_clock_that_jumps_lets_nobody_stay_longer_and_everybody_in_again(app, client, now):
    """A cookie from the future counts as none: whoever has one signs in once more."""
    with time_machine.travel(now, tick=False) as clock:
        Desk(app, client)
        for jump in (timedelta(hours=3), timedelta(hours=-1)):
            clock.move_to(now + jump)
            assert client.get("/office/").status_code == 302, jump
            client.sign_in("kim@example.org", make.PASSWORD)
            assert client.get("/office/").status_code == 200, jump
