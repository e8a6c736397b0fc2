"""The machine of `life` on both databases, with releases by hand and by themselves."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy import text
from sqlmodel import SQLModel

from lotsen import crypto
from lotsen.db import Database
from lotsen.services import model
from tests.conftest import DATA_KEY, SECRET_KEY
from tests.services.life import Life

pytestmark = pytest.mark.slow


@pytest.fixture
def machine(request: pytest.FixtureRequest, monkeypatch, tmp_path: Path, database_url) -> Iterator[None]:
    """Let each life of the machine begin on an empty database."""
    crypto.configure((DATA_KEY,), SECRET_KEY)
    model.configure(tmp_path)
    database = Database(database_url)
    if database_url.startswith("sqlite"):
        template = request.getfixturevalue("sqlite_template")

        def empty() -> None:
            database.engine.dispose()
            for left in tmp_path.glob("lotsen.sqlite3*"):
                left.unlink()
            shutil.copy(template, tmp_path / "lotsen.sqlite3")
    else:
        tables = ", ".join(f'"{table}"' for table in SQLModel.metadata.tables)

        def empty() -> None:
            with database.engine.begin() as connection:
                connection.execute(text(f"TRUNCATE {tables} RESTART IDENTITY CASCADE"))

    monkeypatch.setattr(Life, "database", database, raising=False)
    monkeypatch.setattr(Life, "teardown", lambda _self: empty())
    yield
    database.engine.dispose()


@pytest.mark.parametrize("automatic", [False, True])
def test_any_order_of_steps_keeps_the_promises(machine, monkeypatch, automatic, database_url):
    monkeypatch.setattr(Life, "automatic", automatic)
    options = settings(
        max_examples=10 if database_url.startswith("sqlite") else 4,
        stateful_step_count=30,
        deadline=None,
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Life, settings=options)
