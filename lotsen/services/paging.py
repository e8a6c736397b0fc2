"""Long lists, a page at a time."""

from dataclasses import dataclass
from typing import Final, Generic, TypeVar

Item = TypeVar("Item")

PER_PAGE: Final = 50
#: A list that is taken away as a file has one page; no office has so many people.
WHOLE: Final = 20_000


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """Some rows of a list: `number` counts from 1, `total` is the length of the whole list."""

    items: list[Item]
    number: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages the list has: one at least."""
        return _pages(self.total)


def within(number: int, total: int) -> int:
    """Return the page that is shown: the last one where the list has become shorter since the address was made."""
    return min(max(1, number), _pages(total))


def _pages(total: int) -> int:
    return max(1, -(-total // PER_PAGE))


def offset(number: int) -> int:
    """Return how many rows come before page `number`."""
    return (max(1, number) - 1) * PER_PAGE
