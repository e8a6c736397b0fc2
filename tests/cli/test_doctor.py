"""Each thing that the doctor looks at is broken for real; on a healthy installation there is nothing to say."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from flask import Flask

from lotsen import clock, crypto
from lotsen.app import create_app
from lotsen.cli.doctor import Level, examine
from lotsen.config import Config
from lotsen.jobs.schedule import JOBS
from lotsen.models import JobRun, Mail, MailState
from lotsen.rules.vocabulary import Role
from lotsen.services import model
from tests import factories as make
from tests.conftest import DATA_KEY, SECRET_KEY
from tests.ports import free_port
from tests.smtp import Mailbox, serve


@pytest.fixture(scope="module")
def mail_url() -> Iterator[str]:
    port = free_port()
    server = serve(Mailbox(), port)
    yield f"smtp://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def healthy(config: Config, tmp_path: Path, mail_url: str) -> Config:
    """The configuration of a production installation in which everything is well."""
    backups = tmp_path / "backups"
    backups.mkdir()
    (backups / "lotsen-today.zip").touch()
    if config.database_url.startswith("sqlite"):
        (tmp_path / "lotsen.sqlite3").chmod(0o600)
    return replace(
        config, environment="production", base_url="https://lotsen.example", mail_url=mail_url, proxies="1",
        mail_from="Lotsen <lotsen@stadt.example>", operator="Stadt Celle", security_contact="mailto:it@stadt.example",
        backup_folder=str(backups),
    )  # fmt: skip


@pytest.fixture
def start() -> Iterator[Callable[[Config], Flask]]:
    """Makes applications, and lets go of their connections at the end."""
    apps: list[Flask] = []

    def start(config: Config) -> Flask:
        apps.append(create_app(config))
        return apps[-1]

    yield start
    for app in apps:
        app.extensions["lotsen_db"].engine.dispose()
    crypto.configure((DATA_KEY,), SECRET_KEY)


def install(app: Flask) -> Flask:
    """An administrator, an office, a request with a secret, and jobs that ran just now."""
    now = clock.now()
    with app.extensions["lotsen_db"].transaction() as session:
        office = make.municipality(session)
        make.account(session, Role.ADMIN)
        make.request(session, office, note="leise Stimme")
        for job in JOBS:
            session.add(JobRun(job=job.name, slot=job.schedule.slot(now), started_at=now, finished_at=now))
    return app


def wrong(app: Flask, now: datetime | None = None) -> dict[str, str]:
    """What the doctor finds wrong, by check."""
    with app.app_context():
        found = list(examine(app.extensions["lotsen_config"], now or clock.now()))
    assert all(
        finding.text.endswith((".", ")", "?", "upgrade", "ADDRESS", "…")) or "chmod" in finding.text
        for finding in found
    )
    return {finding.check: finding.text for finding in found if finding.level is not Level.OK}


def test_a_healthy_installation_has_nothing_wrong(start, healthy):
    app = install(start(healthy))
    assert wrong(app) == {}
    result = app.test_cli_runner().invoke(args=["doctor", "--json"])
    assert result.exit_code == 0
    checks = json.loads(result.stdout)
    assert {found["level"] for found in checks} == {"ok"}
    assert len({found["check"] for found in checks}) == 13


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("setting", "value", "word"), [
    ("environment", "development", "trial"),
    ("proxies", "0", "LOTSEN_PROXIES"),
    ("operator", "", "LOTSEN_OPERATOR"),
    ("security_contact", "", "LOTSEN_SECURITY_CONTACT"),
    ("mail_from", "Lotsen <lotsen@localhost>", "LOTSEN_MAIL_FROM"),
    ("metrics_token", "short", "LOTSEN_METRICS_TOKEN"),
])  # fmt: skip
def test_settings_that_do_not_fit_real_people_are_named(start, healthy, setting, value, word):
    assert word in wrong(install(start(replace(healthy, **{setting: value}))))["settings"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_what_lies_open_or_is_missing_on_the_disk_is_a_problem(start, healthy, tmp_path):
    (tmp_path / "lotsen.cfg").write_text("LOTSEN_SECRET_KEY=…", encoding="utf-8")
    (tmp_path / "lotsen.cfg").chmod(0o644)
    app = install(start(healthy))
    assert "lotsen.cfg is open" in wrong(app)["files"]
    yesterday = (clock.now() - timedelta(hours=30)).timestamp()
    os.utime(tmp_path / "backups" / "lotsen-today.zip", (yesterday, yesterday))
    assert "the newest is of" in wrong(app)["backups"]
    (tmp_path / "backups" / "lotsen-today.zip").unlink()
    assert "there is none" in wrong(app)["backups"]
    (tmp_path / model.NAME).write_bytes(b"not a model")
    os.utime(tmp_path / model.NAME, (yesterday, yesterday))
    assert "was refused" in wrong(app)["model"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_a_mail_server_that_is_gone_or_none_is_a_problem(start, healthy, tmp_path):
    gone = install(start(replace(healthy, mail_url=f"smtp://127.0.0.1:{free_port()}")))
    assert "ConnectionRefusedError" in wrong(gone)["mail server"]
    folder = start(replace(healthy, mail_url=f"file://{tmp_path / 'mail'}"))
    assert "reach nobody" in wrong(folder)["mail server"]


def test_an_installation_that_never_began_is_told_what_to_do(start, healthy, tmp_path):
    app = start(healthy)
    found = wrong(app)
    assert "there is no municipality" in found["people"]
    assert "jobs run" in found["jobs"]
    result = app.test_cli_runner().invoke(args=["doctor"])
    assert result.exit_code == 1
    assert "problem  jobs:" in result.output
    absent = start(replace(healthy, database_url=f"sqlite:///{tmp_path / 'absent.sqlite3'}"))
    assert "db upgrade" in wrong(absent)["database"]
    assert not (tmp_path / "absent.sqlite3").exists()


def test_what_stands_still_is_a_problem(start, healthy):
    app = install(start(healthy))
    now = clock.now()
    with app.extensions["lotsen_db"].transaction() as session:
        person = make.person(session, make.municipality(session, code="03351007", name="Bergen", demo=True))
        for number, state in enumerate((MailState.DEAD, MailState.QUEUED)):
            session.add(Mail(
                template="offer", key=f"a test's {number}", person_id=person.id, state=state,
                created_at=now, due_at=now - timedelta(hours=1),
            ))  # fmt: skip
    found = wrong(app)
    assert "waits since" in found["outbox"]
    assert "demo data" in found["people"]
    assert "match" in wrong(app, now + timedelta(days=2))["jobs"]


def test_a_foreign_data_key_is_found(start, healthy):
    install(start(healthy))
    foreign = start(replace(healthy, data_key=Fernet.generate_key().decode()))
    assert "request.note fit no key" in wrong(foreign)["data key"]


def test_a_database_that_is_gone_is_a_problem(start, healthy):
    app = start(replace(healthy, database_url=f"postgresql://nobody@127.0.0.1:{free_port()}/lotsen"))
    assert "does not answer" in wrong(app)["database"]
