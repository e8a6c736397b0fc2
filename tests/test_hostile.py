"""Every form of every page, for everybody who sees it, filled in as nobody should: a page with a way on, and no harm.

What is refused changes nothing at all. `LOTSEN_TRIALS=1` tries each form a hundred times, and forms and
everybody's queries on both databases.
"""

import os
import re
import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from flask import Flask
from flask.testing import FlaskClient
from hypothesis import HealthCheck, Phase, given, settings
from werkzeug.test import TestResponse

from lotsen import access
from lotsen.rules.vocabulary import Role
from tests import factories as make
from tests.hostile import TYPED, Form, Sent
from tests.houses import House, address, addresses, methods, worlds

TRIALS = bool(os.environ.get("LOTSEN_TRIALS"))
FEW = settings(
    max_examples=100 if TRIALS else 4, phases=[Phase.generate], deadline=None,
    suppress_health_check=list(HealthCheck), database=None,
)  # fmt: skip
#: Tables that a refusal may write to: tries are counted, the use of a session is noted.
_NOTES = ('INSERT INTO "counter"', 'INSERT INTO "signin"')
#: Beyond what a database counts to, and what PostgreSQL takes in no text.
IN_QUERIES = ("9" * 20, "a\x00b\u202e")
pytestmark = pytest.mark.slow
ROLES = pytest.mark.parametrize("role", [None, *Role])


@pytest.fixture
def own(app: Flask, client: FlaskClient, role: Role | None) -> House:
    """The house of somebody in `role`, who is signed in."""
    own = worlds(app)[0]
    app.config["RATELIMIT_ENABLED"] = False
    if role:
        client.sign_in(own.accounts[role].email, make.PASSWORD)
    return own


def pages(app: Flask, client: FlaskClient, own: House, role: Role | None) -> list[Sent]:
    """Every page that opens for whoever is signed in."""
    found = []
    for rule in addresses(app):
        if "GET" in methods(rule):
            path = address(app, rule, own, role or Role.ADMIN)
            answer = client.get(path)
            if answer.status_code == 200 and answer.mimetype == "text/html":
                found.append(Sent(answer.text, path))
    return found


def different(app: Flask, found: list[Sent], role: Role | None) -> list[Form]:
    """One form of each kind, the same view and the same fields, of those that are tried for `role`.

    What is for everybody is tried for whoever is signed out, what is for whoever is signed in for newcomers.
    """
    forms: dict[Any, Form] = {}
    shared = access.PUBLIC if role else access.SYSTEM, access.SYSTEM if role is Role.NEWCOMER else access.SIGNED_IN
    with app.test_request_context():
        for form in (form for page in found for form in page.forms if form.method == "post"):
            endpoint, _numbers = app.url_map.bind("127.0.0.1").match(urlsplit(form.action).path, method="POST")
            if not access.audience_of(endpoint) & set(shared):
                forms.setdefault((endpoint, tuple(sorted(form.kinds))), form)
    return list(forms.values())


class World:
    """The database and the cookies as they were: what somebody changed is taken back before the next try."""

    def __init__(self, app: Flask, client: FlaskClient) -> None:
        self.app, self.client, self.database = app, client, app.extensions["lotsen_db"]
        self.file = Path(self.database.engine.url.database)
        with self.database.engine.connect() as connection:
            connection.exec_driver_sql("COMMIT")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            connection.exec_driver_sql("BEGIN")
        self.kept = Path(shutil.copy(self.file, self.file.with_suffix(".kept")))
        self.cookies, self.rows = dict(client._cookies), self.stored()

    def stored(self) -> list[str]:
        """All rows, as they are stored."""
        with closing(sqlite3.connect(self.file)) as connection:
            return [row for row in connection.iterdump() if not row.startswith(_NOTES)]

    def restore(self) -> None:
        """Put everything back."""
        self.database.engine.dispose()
        for suffix in ("-wal", "-shm"):
            self.file.with_name(self.file.name + suffix).unlink(missing_ok=True)
        shutil.copy(self.kept, self.file)


@pytest.mark.parametrize("database_url", ["sqlite", "postgresql"] if TRIALS else ["postgresql"], indirect=True)
@pytest.mark.parametrize("role", [None, *Role] if TRIALS else [Role.COORDINATOR])
def test_no_number_and_no_query_breaks_a_page(app, client, own, role):
    named: dict[str, set[str]] = {}
    for page in pages(app, client, own, role):
        gets = {urlsplit(form.action).path: set(form.kinds) for form in page.forms if form.method == "get"}
        for path, names in (page.queries | gets).items():
            named.setdefault(re.sub("/[0-9]+", "/1", path), set()).update(names)
    asked = [(path, {name: value}) for path, names in named.items() for name in names for value in IN_QUERIES]
    asked += [(path.replace("/1", f"/{number}"), {}) for path in named if "/1" in path for number in (2**31, 2**64)]
    assert [each for each in asked if client.get(each[0], query_string=each[1]).status_code >= 500] == []


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@ROLES
def test_no_form_breaks_and_what_is_refused_changes_nothing(app, client, own, role):
    forms = different(app, pages(app, client, own, role), role)
    world = World(app, client)

    faults: list[str] = []

    def send(form: Form) -> Callable[[dict[str, Any]], None]:
        def post(data: dict[str, Any]) -> None:
            client._cookies = dict(world.cookies)
            answer = client.post(form.action, data=data)
            if fault := wrong(form, data, answer, world):
                faults.append(f"{form.action} {data}: {answer.status_code} {fault}")
            if answer.status_code < 400 or fault:
                world.restore()

        return post

    assert forms
    for form in forms:
        FEW(given(form.answers())(send(form)))()
    assert faults == []


@pytest.mark.skipif(not TRIALS, reason="what is refused is the same on both; what breaks only there is rare")
@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
@ROLES
def test_no_form_breaks_on_postgresql_either(app, client, own, role):
    cookies, broken = dict(client._cookies), list[str]()

    def send(form: Form) -> Callable[[dict[str, Any]], None]:
        def post(data: dict[str, Any]) -> None:
            client._cookies = dict(cookies)
            if client.post(form.action, data=data).status_code >= 500:
                broken.append(f"{form.action} {data}")

        return post

    forms = different(app, pages(app, client, own, role), role)
    assert forms
    for form in forms:
        FEW(given(form.answers())(send(form)))()
    assert broken == []


def wrong(form: Form, data: dict[str, Any], answer: TestResponse, world: World) -> str:
    """Say what is wrong with an answer; nothing where all is well."""
    if answer.status_code >= 500:
        return "breaks"
    if answer.status_code >= 400 and world.stored() != world.rows:
        return "is refused, and yet changes something"
    typed = [name for name in data if form.kinds.get(name) in {"text", "textarea"} and data[name] == TYPED]
    if answer.status_code == 422 and typed and TYPED not in answer.text:
        return f"loses what was typed: {typed}"
    return ""
