"""Many people in one transaction: an error for one of them leaves the others alone."""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Final, TypeVar

import structlog
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from lotsen.rules.errors import DomainError

Item = TypeVar("Item")

#: So many are read, or emptied, by the same few queries.
PORTION: Final = 200
_FAILURES: Final = "lotsen_failures"
_log = structlog.get_logger()


def each(
    session: Session,
    items: Iterable[Item],
    work: Callable[[Item], object],
    ahead: Callable[[Session, list[Item]], object] | None = None,
) -> int:
    """Do `work` for each item in a savepoint of its own; return for how many it was done.

    `work` returns False where nothing was to be done, and a domain error means the same: somebody was faster. Any
    other error is noted by its kind alone (its text may name somebody), and the item stays due. A lost connection ends
    it all: nothing after it could be kept.

    `ahead` reads what a portion of the items will ask for; the session finds it again while what it returns is held.
    """
    done = 0
    for portion in portions(items):
        held = ahead(session, portion) if ahead else None
        done += sum(_one(session, item, work) for item in portion)
        del held
    return done


def _one(session: Session, item: Item, work: Callable[[Item], object]) -> bool:
    try:
        with session.begin_nested():
            return work(item) is not False
    except DomainError:
        return False
    except Exception as error:
        if isinstance(error, DBAPIError) and error.connection_invalidated:
            raise
        failures(session).append(type(error).__name__)
        _log.error("one failed, the others go on", kind=type(error).__name__)
        return False


def portions(items: Iterable[Item]) -> Iterator[list[Item]]:
    """Yield `items` by `PORTION`, in their order."""
    rest = iter(items)
    while portion := list(islice(rest, PORTION)):
        yield portion


def failures(session: Session) -> list[str]:
    """Return the kinds of the errors in this transaction so far."""
    found: list[str] = session.info.setdefault(_FAILURES, [])
    return found
