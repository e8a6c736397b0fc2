"""Models and migrations agree, forwards and backwards, on both databases."""

from sqlalchemy import inspect

from lotsen import migrations
from lotsen.db import Database


def test_models_and_migrations_agree(database):
    assert migrations.differences(database.engine) == []
    with database.engine.connect() as connection:
        assert migrations.is_current(connection)


def test_going_back_leaves_nothing_and_forward_again_works(tmp_path):
    empty = Database(f"sqlite:///{tmp_path / 'new.sqlite3'}")
    migrations.upgrade(empty.engine)
    migrations.downgrade(empty.engine, "base")
    assert inspect(empty.engine).get_table_names() == ["alembic_version"]
    migrations.upgrade(empty.engine)
    assert migrations.differences(empty.engine) == []
    empty.engine.dispose()
