"""Engine, sessions and the one transaction: the same promises on SQLite and PostgreSQL.

SQLite: writers begin IMMEDIATE, so that two of them never both read first and write later; WAL lets readers go on.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Final, TypeVar

from flask import Flask, current_app, g
from sqlalchemy import Engine, event
from sqlalchemy.engine import Connection
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import ORMExecuteState
from sqlmodel import Session, create_engine

_PATIENCE = "busy_timeout = 15000"
_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = FULL",
    "foreign_keys = ON",
    _PATIENCE,
    "secure_delete = ON",
)

#: PostgreSQL: a deadlock was resolved against us, or a serialization failed; nothing was changed.
_TRY_AGAIN: Final = frozenset({"40P01", "40001"})
_ATTEMPTS: Final = 4

Result = TypeVar("Result")


class Database:
    """One database: `reading()` for queries, `transaction()` for changes."""

    def __init__(self, url: str) -> None:
        self.engine = _sqlite(url) if url.startswith("sqlite") else _postgresql(url)
        self._writer = self.engine.execution_options(lotsen_write=True)

    def reading(self) -> Session:
        """Return a session for queries; the caller closes it."""
        return Session(self.engine, expire_on_commit=False)

    @contextmanager
    def transaction(self) -> Iterator[Session]:
        """Yield a session whose changes are committed together at the end, or not at all."""
        with Session(self._writer, expire_on_commit=False) as session, session.begin():
            yield session

    def scrub(self) -> None:
        """Let the file forget what was deleted: SQLite's log is emptied (secure_delete overwrites the rest).

        A reader that is still busy keeps the log; then the next call, at the latest the daily job's, empties it. It is
        not waited for: meanwhile nobody could write, perhaps not even that reader, once it wants to.
        """
        if self.engine.dialect.name == "sqlite":
            with self.engine.connect() as connection:
                connection.exec_driver_sql("COMMIT")
                connection.exec_driver_sql("PRAGMA busy_timeout = 0")
                connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
                connection.exec_driver_sql(f"PRAGMA {_PATIENCE}")
                connection.exec_driver_sql("BEGIN")

    def run(self, use_case: Callable[[Session], Result]) -> Result:
        """Return what `use_case` does in one transaction; the database's "try again" is followed, a few times."""
        for _attempt in range(_ATTEMPTS - 1):
            try:
                with self.transaction() as session:
                    return use_case(session)
            except OperationalError as error:
                if getattr(error.orig, "sqlstate", None) not in _TRY_AGAIN:
                    raise
        with self.transaction() as session:
            return use_case(session)


@event.listens_for(Session, "do_orm_execute")
def _name_changed_rows(state: ORMExecuteState) -> None:
    """Let an update or a delete return which rows it met, and bring those alone up to date in the session.

    Left to itself, the session compares all the rows it holds with the condition: a job holds tens of thousands.
    """
    if state.is_update or state.is_delete:
        how = state.execution_options.get("synchronize_session", "fetch")
        state.update_execution_options(synchronize_session=how)


def _postgresql(url: str) -> Engine:
    if url.startswith("postgresql://"):
        url = url.replace("postgresql://", "postgresql+psycopg://", 1)
    return create_engine(url, pool_pre_ping=True, pool_size=10, max_overflow=20)


def _sqlite(url: str) -> Engine:
    engine = create_engine(url, connect_args={"isolation_level": None, "timeout": 15})

    @event.listens_for(engine, "connect")
    def _configure(connection: Any, _record: Any) -> None:
        for pragma in _PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        writing = connection.get_execution_options().get("lotsen_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


def init_app(app: Flask, url: str) -> None:
    """Give `app` its database and close each request's reading session."""
    app.extensions["lotsen_db"] = Database(url)
    app.teardown_appcontext(_close)


def database() -> Database:
    """Return the current application's database."""
    found: Database = current_app.extensions["lotsen_db"]
    return found


def reading() -> Session:
    """Return this request's reading session."""
    if "reading_session" not in g:
        g.reading_session = database().reading()
    session: Session = g.reading_session
    return session


@contextmanager
def transaction() -> Iterator[Session]:
    """Yield a session for one use case; what was read before is read anew afterwards."""
    _close()
    with database().transaction() as session:
        yield session


def run(use_case: Callable[[Session], Result]) -> Result:
    """Return what `use_case` does in one transaction of this request's database."""
    _close()
    return database().run(use_case)


def _close(_error: BaseException | None = None) -> None:
    session = g.pop("reading_session", None)
    if session is not None:
        session.close()
