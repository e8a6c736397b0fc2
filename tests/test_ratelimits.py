"""Tries are counted once, however many processes count; whoever forgot a password waits minutes, not days."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from flask import Flask
from limits import parse
from limits.strategies import FixedWindowRateLimiter

from lotsen.app import create_app
from lotsen.config import ROOT
from lotsen.ratelimits import URL, DatabaseStorage
from lotsen.rules.vocabulary import Role
from lotsen.services import counters
from tests import factories as make
from tests.client import CheckedClient

#: Counts in a process of its own, as another worker does.
WORKER = """
import sys
from lotsen import crypto
from lotsen.db import Database
from lotsen.ratelimits import URL, DatabaseStorage
from limits import parse
from limits.strategies import FixedWindowRateLimiter
crypto.configure((sys.argv[2],), sys.argv[3])
limiter = FixedWindowRateLimiter(DatabaseStorage(URL, database=Database(sys.argv[1])))
print(sum(limiter.hit(parse("30 per hour"), "door", "somebody") for _try in range(25)))
"""


def test_a_window_counts_and_ends(session):
    minute = timedelta(minutes=1)
    assert [counters.count(session, "door", minute, make.SPRING) for _try in range(3)] == [1, 2, 3]
    assert counters.look(session, "door", make.SPRING) == (3, make.SPRING + minute)
    assert counters.look(session, "door", make.SPRING + minute) == (0, make.SPRING + minute)
    assert counters.count(session, "door", minute, make.SPRING + minute) == 1
    assert counters.count(session, "door", minute, make.SPRING + minute, -1) == 0
    counters.forget(session, "door")
    assert counters.look(session, "door", make.SPRING + minute)[0] == 0


def test_whose_tries_they_are_cannot_be_read(session):
    counters.count(session, "login/kim@example.org", timedelta(minutes=1), make.SPRING)
    stored = session.connection().exec_driver_sql("SELECT key FROM counter").scalar_one()
    assert "kim" not in stored
    assert len(stored) == 64


def test_simultaneous_tries_are_all_counted(database):
    limiter = FixedWindowRateLimiter(DatabaseStorage(URL, database=database))
    with ThreadPoolExecutor(8) as pool:
        passed = list(pool.map(lambda _try: limiter.hit(parse("20 per hour"), "door"), range(60)))
    assert sum(passed) == 20


@pytest.mark.slow
def test_processes_count_together(database_url):
    from tests.conftest import DATA_KEY, SECRET_KEY  # noqa: PLC0415 -- keys of this run

    command = [sys.executable, "-c", WORKER, database_url, DATA_KEY, SECRET_KEY]
    running = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _process in range(3)]
    assert sum(int(process.communicate()[0]) for process in running) == 30


@pytest.fixture
def kim(app: Flask) -> str:
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        account = make.account(session, Role.COORDINATOR, make.municipality(session), email="kim@example.org")
    return str(account.email)


def tried(client: Any, email: str, password: str, network: str = "192.0.2.1") -> int:
    """Try to sign in, from a network."""
    client.get("/login")
    data = {"email": email, "password": password}
    return int(client.post("/login", data=data, environ_base={"REMOTE_ADDR": network}).status_code)


def test_two_workers_slow_down_the_same_guesser_and_nobody_else(app, client, kim, config):
    second = create_app(config)
    second.testing, second.test_client_class = True, CheckedClient
    workers = (client, second.test_client())
    with time_machine.travel("2026-03-11T09:00:00+00:00", tick=False) as clock:
        assert [tried(workers[number % 2], kim, "wrong") for number in range(6)] == [422] * 5 + [429]
        assert tried(client, kim.upper(), make.PASSWORD) == 429
        assert tried(workers[1], kim, make.PASSWORD, "192.0.2.9") == 302  # the owner, at home
        clock.shift(timedelta(seconds=61))
        assert tried(workers[0], kim, make.PASSWORD) == 302
    second.extensions["lotsen_db"].engine.dispose()


def test_known_and_unknown_addresses_are_slowed_down_alike(client, kim):
    known = [tried(client, kim, "wrong") for _try in range(6)]
    unknown = [tried(client, "nobody@example.org", "wrong") for _try in range(6)]
    assert known == unknown == [422] * 5 + [429]


def test_a_household_is_one_network_whatever_its_ipv6_addresses(client, kim):
    addresses = [f"2001:db8:1:1::{number}" for number in range(1, 7)]
    assert [tried(client, kim, "wrong", address) for address in addresses][-1] == 429
    assert tried(client, kim, "wrong", "2001:db8:2:2::1") == 422


def test_the_right_password_is_not_counted_against_a_house_with_one_address(app, client, kim):
    for _colleague in range(7):
        assert tried(client, kim, make.PASSWORD) == 302
        client.get("/account")
        client.post("/logout")


def test_an_owner_whose_account_is_attacked_from_everywhere_comes_in_by_mail(app, client, kim):
    for number in range(31):
        tried(client, kim, "wrong", f"198.51.100.{number}")
    assert tried(client, kim, make.PASSWORD, "192.0.2.9") == 429
    client.get("/login/link")
    assert client.post("/login/link", data={"email": kim}).location == "/login/sent"
    with app.extensions["lotsen_db"].reading() as session:
        key = session.connection().exec_driver_sql("SELECT template FROM mail").scalar_one()
    assert key == "office_new_password"
