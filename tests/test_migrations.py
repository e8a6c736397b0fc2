"""Models and migrations agree, forwards and backwards, on both databases."""

import re
import sqlite3
from contextlib import closing

import pytest
from sqlalchemy import func, inspect, select, table, text

from lotsen import crypto, migrations, revisions
from lotsen.db import Database
from tests import factories as make
from tests.conftest import DATA_KEY, SECRET_KEY
from tests.houses import house

#: Tables that have been there since the first release: whatever a migration adds to them, their rows stay.
KEPT = ("municipality", "person", "consent", "request", "guide", "pairing", "account", "referrer", "task", "mail")


def test_models_and_migrations_agree(database):
    assert migrations.differences(database.engine) == []
    with database.engine.connect() as connection:
        assert revisions.is_current(connection)


def test_going_back_leaves_nothing_and_forward_again_works(tmp_path):
    empty = Database(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    migrations.upgrade(empty.engine)
    migrations.downgrade(empty.engine, "base")
    assert inspect(empty.engine).get_table_names() == ["alembic_version"]
    migrations.upgrade(empty.engine)
    assert migrations.differences(empty.engine) == []
    empty.engine.dispose()


@pytest.fixture(params=["sqlite", "postgresql"])
def own_database(request, tmp_path):
    """A database of this test's own: what goes wrong on the way leaves the others' alone."""
    url = f"sqlite:///{tmp_path / 'way.sqlite3'}"
    if request.param == "postgresql":
        url = request.getfixturevalue("postgresql")
        shared = Database(url).engine.execution_options(isolation_level="AUTOCOMMIT")
        with shared.connect() as connection:
            connection.execute(text("CREATE DATABASE way"))
        url = re.sub(r"/\w+(\?|$)", r"/way\1", url)
    own = Database(url)
    yield own
    own.engine.dispose()
    if request.param == "postgresql":
        with shared.connect() as connection:
            connection.execute(text("DROP DATABASE way"))
        shared.dispose()


def test_every_migration_takes_rows_with_it_back_and_forth(own_database):
    """From each revision a database with data is upgraded; people and what happened to them are all still there."""
    crypto.configure((DATA_KEY,), SECRET_KEY)
    migrations.upgrade(own_database.engine)
    with own_database.transaction() as session:
        house(session, make.municipality(session), "own")

    def rows():
        with own_database.engine.connect() as connection:
            return {name: connection.execute(select(func.count()).select_from(table(name))).scalar() for name in KEPT}

    before = rows()
    migrations.downgrade(own_database.engine, "0001")
    migrations.upgrade(own_database.engine)
    assert rows() == before
    assert migrations.differences(own_database.engine) == []


def test_difficult_meetings_of_before_are_asked_about_once(tmp_path):
    """Revision 0009: what waits is kept, two matters of one pairing become one, and what is closed stays closed."""
    file = tmp_path / "old.sqlite3"
    old = Database(f"sqlite:///{file}")
    migrations.upgrade(old.engine, "0007b")
    before = [
        (1, "difficult", 1, None), (2, "difficult", 2, None), (3, "check_in", 2, None),
        (4, "difficult", 3, "2026-03-02"), (5, "check_in", 4, "2026-03-02"), (6, "difficult", 4, None),
        (7, "approve", 1, None),
    ]  # fmt: skip
    with closing(sqlite3.connect(file)) as plain:
        plain.executemany(
            "INSERT INTO task (id, kind, matter, pairing_id, closed_at, municipality_id, why, due_on, opened_at) "
            "VALUES (?, ?, ?, ?, ?, 1, '[]', '2026-03-05', '2026-03-01')",
            [(number, kind, f"{kind}:pairing:{pairing}", pairing, end) for number, kind, pairing, end in before],
        )
        plain.commit()
    migrations.upgrade(old.engine, "0009")
    with old.engine.connect() as connection:
        after = connection.execute(text("SELECT id, matter, closed_at IS NULL, outcome FROM task ORDER BY id")).all()
    old.engine.dispose()
    assert [tuple(row) for row in after] == [
        (1, "check_in:pairing:1", 1, None), (2, "check_in:pairing:2", 0, "not_needed"),
        (3, "check_in:pairing:2", 1, None), (4, "check_in:pairing:3", 0, None), (5, "check_in:pairing:4", 0, None),
        (6, "check_in:pairing:4", 1, None), (7, "approve:pairing:1", 1, None),
    ]  # fmt: skip
