"""Each slot runs once, whoever tries, whatever dies."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from signal import SIGKILL, SIGTERM

import pytest
from sqlmodel import col, func, select

from lotsen import clock
from lotsen.app import create_app
from lotsen.jobs import runner
from lotsen.jobs.outcome import Outcome
from lotsen.jobs.schedule import JOBS, Daily, EveryMinute, Job
from lotsen.models import JobRun, Mail, Municipality
from lotsen.rules.vocabulary import Role
from lotsen.services import batch
from tests import factories as make


def counting(job="test", schedule=EveryMinute()):  # noqa: B008 -- frozen
    """A job that adds a municipality: what it did can be counted in the database."""

    def work(session, now):
        number = session.exec(select(func.count(col(Municipality.id)))).one()
        make.municipality(session, f"{number + 1:08}", "Run")
        return 1

    return Job(job, schedule, work)


def done(app):
    with app.extensions["lotsen_db"].reading() as session:
        return session.exec(select(func.count(col(Municipality.id)))).one()


def runs(app, job="test"):
    with app.extensions["lotsen_db"].reading() as session:
        return session.exec(select(JobRun).where(JobRun.job == job).order_by(col(JobRun.started_at))).all()


def test_a_slot_runs_once_and_its_run_is_noted(app, now):
    job = counting()
    assert runner.run(app, job, now, now) == Outcome(done=1)
    assert runner.run(app, job, now, now) is None
    [run] = runs(app)
    assert (run.slot, run.done, run.failed, run.error) == (now, 1, 0, None)
    assert run.finished_at is not None
    assert done(app) == 1


def test_each_of_thirty_slots_runs_once_when_three_runners_try_at_the_same_time(app, config, now):
    apps = [app, create_app(config), create_app(config)]
    slots = [now + timedelta(minutes=count) for count in range(30)]
    start = threading.Barrier(3)

    def work(own):
        start.wait()
        return sum(runner.run(own, counting(), slot, slot) == Outcome(done=1) for slot in slots)

    with ThreadPoolExecutor(3) as pool:
        ran = list(pool.map(work, apps))
    assert sum(ran) == done(app) == len(runs(app)) == 30
    for each in apps[1:]:
        each.extensions["lotsen_db"].engine.dispose()


def test_a_run_that_fails_leaves_nothing_behind_is_noted_and_tried_again(app, now):
    job, broken = counting(), counting()

    def fail(session, moment):
        broken.run(session, moment)
        raise RuntimeError("Samira does not fit")

    assert runner.run(app, Job("test", EveryMinute(), fail), now, now) == Outcome(failed=1, error="RuntimeError")
    assert done(app) == 0
    assert [run.error for run in runs(app)] == ["RuntimeError"]
    assert runner.run(app, job, now, now) == Outcome(done=1)
    with app.app_context(), app.extensions["lotsen_db"].reading() as session:
        assert runner.last_run(session, job).error in {None, "RuntimeError"}


def test_an_error_for_one_leaves_the_others_done_and_shows_up(app, now):
    def work(session, _now):
        def one(number):
            make.municipality(session, f"{number:08}", "One")
            if number == 2:
                raise ValueError("Samira")

        return batch.each(session, range(5), one)

    assert runner.run(app, Job("test", EveryMinute(), work), now, now) == Outcome(4, 1, "ValueError")
    assert done(app) == 4
    [run] = runs(app)
    assert (run.done, run.failed, run.error) == (4, 1, "ValueError")


def test_an_outage_of_two_days_is_one_run(app, now):
    job, stop = counting(schedule=Daily(now.time().replace(hour=2))), threading.Event()
    for moment in (now, now, now + timedelta(days=3), now + timedelta(days=3, hours=1)):
        runner.tick(app, [job], stop, lambda moment=moment: moment)
    assert done(app) == 2


def test_what_failed_for_somebody_is_tried_again_a_quarter_of_an_hour_later_once(app, now):
    slot, seen = now.replace(hour=1, minute=0), []

    def work(session, moment):
        seen.append(moment)
        if len(seen) < 3:
            return batch.each(session, [1, 2], lambda each: 1 // (each - 1))
        return 1

    job, stop = Job("test", Daily(slot.time().replace(hour=2)), work), threading.Event()
    for minutes in (0, 1, 14, 15, 16, 31, 45, 60, 61):
        runner.tick(app, [job], stop, lambda minutes=minutes: slot + timedelta(minutes=minutes))
    assert [(moment - slot).seconds // 60 for moment in seen] == [0, 15, 31]
    assert [(run.done, run.failed, run.error) for run in runs(app)] == [
        (1, 1, "ZeroDivisionError"), (1, 1, "ZeroDivisionError"), (1, 0, None),
    ]  # fmt: skip


def test_a_stopping_runner_starts_nothing_more(app, now):
    stop = threading.Event()
    stop.set()
    runner.tick(app, [counting()], stop, lambda: now)
    assert done(app) == 0


def test_runs_are_remembered_for_a_month(app, now):
    for days in (0, 20, 40):
        runner.run(app, counting(), now + timedelta(days=days), now + timedelta(days=days))
    assert [run.slot for run in runs(app)] == [now + timedelta(days=20), now + timedelta(days=40)]


HOLD = """
import sys, time
from datetime import datetime
from wsgi import app
from lotsen.jobs import runner
from lotsen.jobs.schedule import EveryMinute, Job

def work(session, now):
    print("working", flush=True)
    time.sleep(60)

slot = datetime.fromisoformat(sys.argv[1])
runner.run(app, Job("test", EveryMinute(), work), slot, slot)
"""


def test_whoever_waits_takes_over_at_once_when_a_runner_is_killed(app, now, start):
    process = start("-c", HOLD, now.isoformat())
    assert process.stdout.readline() == "working\n"
    killer = threading.Timer(0.5, process.send_signal, [SIGKILL])
    killer.start()
    began = time.monotonic()
    assert runner.run(app, counting(), now, now) == Outcome(done=1)
    assert time.monotonic() - began < 15  # the killed one would have held on for a minute
    assert len(runs(app)) == 1


def listens(process):
    """Whether a process has set its own handler for SIGTERM: the scheduler starts right after."""
    status = Path(f"/proc/{process.pid}/status").read_text(encoding="utf-8")
    caught = next(line.split()[1] for line in status.splitlines() if line.startswith("SigCgt"))
    return int(caught, 16) >> (SIGTERM - 1) & 1 == 1


def test_three_scheduler_processes_share_the_work_and_stop_when_told(app, start, mailbox):
    with app.extensions["lotsen_db"].transaction() as session:
        office = make.municipality(session)
        make.guide(session, office)
        make.request(session, office)
        account = make.account(session, Role.COORDINATOR, office)
        for number in range(10):
            session.add(Mail(
                template="office_agreed", key=str(number), account_id=account.id, params={"path": "/office/"},
                created_at=clock.now(), due_at=clock.now(),
            ))  # fmt: skip
    processes = [start("-m", "flask", "--app", "wsgi", "jobs", "run") for _ in range(3)]
    names = {job.name for job in JOBS}
    until = time.monotonic() + 120
    while time.monotonic() < until and not (
        all(any(run.finished_at for run in runs(app, name)) for name in names)
        and len(mailbox.mails) >= 10
        and all(listens(process) for process in processes)
    ):
        time.sleep(0.1)
    time.sleep(1)
    for process in processes:
        process.send_signal(SIGTERM)
    assert [process.wait(60) for process in processes] == [0, 0, 0]
    for process in processes:
        assert process.stderr.read() == ""
    everything = [run for name in names for run in runs(app, name)]
    assert all(run.finished_at and run.error is None for run in everything)
    assert sum(run.done for run in everything if run.job in {"match", "match_asked", "next"}) == 1
    assert len(mailbox.times) == len(mailbox.mails) >= 10


@pytest.fixture
def command(app):
    return app.test_cli_runner()


def test_the_list_says_when_each_job_runs_next_and_how_it_went(command):
    command.invoke(args=["jobs", "once", "match"])
    listed = {entry["name"]: entry for entry in json.loads(command.invoke(args=["jobs", "list"]).stdout)}
    assert list(listed) == [job.name for job in JOBS]
    assert listed["match"]["schedule"] == "daily at 02:00 (Europe/Berlin)"
    assert listed["match"]["next_run"] > clock.now().isoformat()
    assert listed["match"]["last"].items() >= {"done": 0, "failed": 0, "error": None}.items()
    assert listed["match"]["last"]["finished_at"] >= listed["match"]["last"]["started_at"]
    assert listed["remind"]["last"] is None


def test_once_runs_a_job_now_however_often_it_is_asked(command):
    for _ in range(2):
        result = command.invoke(args=["jobs", "once", "next"])
        assert result.exit_code == 0
        assert json.loads(result.stdout) == {"name": "next", "done": 0, "failed": 0, "error": None}


def test_an_unknown_job_is_refused_with_the_names_of_those_that_exist(command):
    result = command.invoke(args=["jobs", "once", "nothing"])
    assert result.exit_code == 2
    assert ", ".join(job.name for job in JOBS) in result.stderr


def test_once_ends_with_an_error_where_the_job_fails(app, command):
    with app.extensions["lotsen_db"].transaction() as session:
        office = make.municipality(session)
        session.add(Mail(
            template="office_agreed", key="1", municipality_id=office.id, params={"path": "/office/"},
            created_at=clock.now(), due_at=clock.now(),
        ))  # fmt: skip
    result = command.invoke(args=["jobs", "once", "deliver"])
    assert result.exit_code == 1
    assert json.loads(result.stdout)["error"] == "ConnectionRefusedError"
