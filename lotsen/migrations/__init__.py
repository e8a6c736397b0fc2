"""Alembic, driven by our own engine: no ini file, no second place for the database's address."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final, Literal

from alembic import autogenerate, command
from alembic.autogenerate.api import AutogenContext
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, String
from sqlalchemy.types import TypeDecorator
from sqlmodel import AutoString, SQLModel

from lotsen import models

HERE = Path(__file__).parent
assert models  # the tables register themselves on import


def render_item(kind: str, item: object, context: AutogenContext) -> str | Literal[False]:
    """Write our column types as what they store: a later rename of a class must not break an old migration."""
    if kind == "type" and isinstance(item, TypeDecorator | AutoString):
        plain = item.impl if isinstance(item, AutoString) else item.impl_instance
        context.imports.discard("import sqlmodel")
        return f"sa.{String(plain.length)!r}" if isinstance(plain, String) and plain.length else f"sa.{plain!r}"
    return False


OPTIONS: Final[dict[str, Any]] = {
    "compare_type": True,
    "render_as_batch": True,
    "target_metadata": SQLModel.metadata,
    "render_item": render_item,
}


def _config(connection: Connection | None = None) -> Config:
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.attributes["connection"] = connection
    return config


def upgrade(engine: Engine, to: str = "head") -> None:
    """Migrate to revision `to`, all in one transaction."""
    with _changing(engine) as connection:
        command.upgrade(_config(connection), to)


def downgrade(engine: Engine, to: str) -> None:
    """Migrate back to revision `to`."""
    with _changing(engine) as connection:
        command.downgrade(_config(connection), to)


@contextmanager
def _changing(engine: Engine) -> Iterator[Connection]:
    """Yield a connection in one transaction.

    SQLite changes a table by making it anew. References are not followed meanwhile: dropping the old one would delete
    what refers to it, or fail. They are checked in the end (https://www.sqlite.org/lang_altertable.html, section 7).
    """
    with engine.execution_options(lotsen_write=True).connect() as connection:
        if engine.dialect.name != "sqlite":
            with connection.begin():
                yield connection
            return
        driver = connection.connection.cursor()
        driver.execute("PRAGMA foreign_keys = OFF")  # outside of any transaction, or it would do nothing
        try:
            with connection.begin():
                before = _dangling(connection)
                yield connection
                assert _dangling(connection) <= before, "rows refer to rows that the migration has lost"
        finally:
            driver.execute("PRAGMA foreign_keys = ON")


def _dangling(connection: Connection) -> int:
    """Return how many rows of SQLite's refer to a row that is not there."""
    return len(connection.exec_driver_sql("PRAGMA foreign_key_check").all())


def revision(engine: Engine, message: str) -> None:
    """Write the next migration."""
    with engine.begin() as connection:
        command.revision(_config(connection), message, autogenerate=True)


def differences(engine: Engine) -> list[str]:
    """Return what differs between the migrated database and the models; empty where they agree."""
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts=OPTIONS)
        return [repr(difference) for difference in autogenerate.compare_metadata(context, SQLModel.metadata)]
