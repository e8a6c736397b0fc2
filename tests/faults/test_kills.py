"""kill -9 at random moments: what was done stays done, what was not is done later, and each of it once."""

import random
import shutil
from datetime import timedelta

import pytest
from sqlmodel import col, func, select

from lotsen.app import create_app
from lotsen.models import JobRun, Mail, MailState, Municipality
from tests.faults import nursery as worker
from tests.faults.figures import note
from tests.faults.story import BEGIN, check_counters, outcome, tell
from tests.faults.workers import alive, moment, nursery, times, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]
#: On each of two databases.
KILLS = times(15, 200)
SLOTS = times(150, 1000)
#: There must be much to disturb.
PEOPLE = times(50, 200)


@pytest.fixture
def database(app):
    return app.extensions["lotsen_db"]


@pytest.fixture
def elsewhere(config, sqlite_template, tmp_path):
    """A second, empty database with the same story, where nothing breaks; its mails are files."""
    path = tmp_path / "undisturbed.sqlite3"
    shutil.copy(sqlite_template, path)
    url, mails = f"sqlite:///{path}", f"file://{tmp_path / 'undisturbed'}"
    app = create_app(type(config)(**(vars_of(config) | {"database_url": url, "mail_url": mails})))
    yield app
    app.extensions["lotsen_db"].engine.dispose()


def vars_of(config):
    return {name: getattr(config, name) for name in type(config).__dataclass_fields__}


def days_reached(database):
    with database.reading() as session:
        newest = session.exec(select(func.max(JobRun.slot))).one()
    return (newest - BEGIN).days + 1 if newest else 0


def progress(database, mailbox):
    """How far it has come: days lived and mails taken. Both only grow; runs are forgotten after a month."""
    return days_reached(database) + len(mailbox.mails)


def test_a_job_process_killed_again_and_again_comes_to_the_same_as_one_that_was_left_alone(
    app, config, database, elsewhere, mailbox
):
    dice = random.Random(20260311)
    for each in (database, elsewhere.extensions["lotsen_db"]):
        with each.transaction() as session:
            tell(session, PEOPLE)
    hit = 0
    with nursery(config, "live", BEGIN.isoformat()) as workers:
        for _kill in range(KILLS):
            enough = progress(database, mailbox) + dice.randint(1, 3)
            number = workers.bear()
            wait_until(lambda enough=enough: progress(database, mailbox) >= enough)
            moment(dice, 0.02)
            hit += workers.kill(number)
    assert hit == KILLS
    last = days_reached(database) + 2
    worker.live(app, (BEGIN + timedelta(days=day) for day in range(max(last - 4, 0), last)))
    worker.live(elsewhere, (BEGIN + timedelta(days=day) for day in range(last)))

    broken, whole = outcome(database), outcome(elsewhere.extensions["lotsen_db"])
    assert broken == whole
    assert whole["events"].total() > KILLS / 2  # there was much to disturb
    check_counters(database)
    with database.reading() as session:
        assert set(session.exec(select(Mail.state))) == {MailState.SENT}
        written = session.exec(select(func.count(col(Mail.id)))).one()
    extra = len(mailbox.mails) - len(mailbox.times)
    assert len(mailbox.times) == written
    assert extra <= KILLS
    note(
        "job process killed at random moments, compared with one left alone", config.database_url,
        kills=KILLS, days_lived=last, events=whole["events"].total(), mails=written, lost=0, duplicates=extra,
    )  # fmt: skip


def test_three_job_processes_run_each_slot_once_while_one_after_the_other_is_killed(config, database):
    dice = random.Random(20260312)
    killed = 0

    def done():
        with database.reading() as session:
            return session.exec(select(func.count(col(JobRun.slot))).where(JobRun.job == worker.COUNTED)).one()

    with nursery(config, "count", BEGIN.isoformat(), str(SLOTS)) as workers:
        for _three in range(3):
            workers.bear()
        while done() < SLOTS * 0.8:
            before = done()
            killed += workers.kill(dice.choice(workers.born))
            workers.bear()
            wait_until(lambda before=before: done() > before)  # the others go on, and the next one takes over
            moment(dice, 0.1)
        wait_until(lambda: not any(alive(number) for number in workers.born))
    with database.reading() as session:
        runs = session.exec(select(JobRun).where(JobRun.job == worker.COUNTED)).all()
        codes = session.exec(select(Municipality.code)).all()
    assert sorted(codes) == [f"{number:08}" for number in range(SLOTS)]
    assert len(runs) == SLOTS
    assert all(run.finished_at and run.error is None and run.done == 1 for run in runs)
    assert killed > 0
    note(
        "three job processes at once, one killed now and then", config.database_url,
        slots=SLOTS, kills=killed, run_twice=0, left_out=0,
    )  # fmt: skip
