"""A storage for the library `limits` on our own database: all processes count together, and no second server runs."""

from datetime import timedelta
from typing import Any

from limits.storage import Storage
from sqlalchemy.exc import SQLAlchemyError

from lotsen.clock import now
from lotsen.db import Database
from lotsen.services import counters

URL = "lotsen://"


class DatabaseStorage(Storage):
    """Fixed windows, counted by one statement each. `database` is a `lotsen.db.Database`."""

    STORAGE_SCHEME = ["lotsen"]  # noqa: RUF012 -- the library's declaration

    def __init__(self, uri: str, database: Database, **options: Any) -> None:
        super().__init__(uri, **options)
        self.database = database

    @property
    def base_exceptions(self) -> type[Exception]:
        """What the database may raise."""
        return SQLAlchemyError

    def incr(self, key: str, expiry: int, amount: int = 1) -> int:
        """Count a try; see `counters.count`."""
        return self.database.run(lambda session: counters.count(session, key, timedelta(seconds=expiry), now(), amount))

    def get(self, key: str) -> int:
        """Return how many tries there are."""
        with self.database.reading() as session:
            return counters.look(session, key, now())[0]

    def get_expiry(self, key: str) -> float:
        """Return until when they count, in seconds since 1970."""
        with self.database.reading() as session:
            return counters.look(session, key, now())[1].timestamp()

    def check(self) -> bool:
        """Whether the database answers."""
        try:
            self.get("check")
        except SQLAlchemyError:
            return False
        return True

    def reset(self) -> int | None:
        """Forget every try."""
        return self.database.run(counters.forget_all)

    def clear(self, key: str) -> None:
        """Forget the tries under one key."""
        self.database.run(lambda session: counters.forget(session, key))
