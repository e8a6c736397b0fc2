"""Many people in one transaction: an error for one of them leaves the others alone."""

from collections.abc import Callable, Iterable
from typing import Final, TypeVar

import structlog
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from lotsen.rules.errors import DomainError

Item = TypeVar("Item")

_FAILURES: Final = "lotsen_failures"
_log = structlog.get_logger()


def each(session: Session, items: Iterable[Item], work: Callable[[Item], object]) -> int:
    """Do `work` for each item in a savepoint of its own; return for how many it was done.

    `work` returns False where nothing was to be done, and a domain error means the same: somebody was faster. Any
    other error is noted by its kind alone (its text may name somebody), and the item stays due. A lost connection ends
    it all: nothing after it could be kept.
    """
    done = 0
    for item in items:
        try:
            with session.begin_nested():
                done += work(item) is not False
        except DomainError:
            continue
        except Exception as error:
            if isinstance(error, DBAPIError) and error.connection_invalidated:
                raise
            failures(session).append(type(error).__name__)
            _log.error("one failed, the others go on", kind=type(error).__name__)
    return done


def failures(session: Session) -> list[str]:
    """Return the kinds of the errors in this transaction so far."""
    found: list[str] = session.info.setdefault(_FAILURES, [])
    return found
