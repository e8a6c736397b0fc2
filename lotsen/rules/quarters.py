"""Quarters of a year: what the Land's figures speak of. A quarter is published once, some days after it is over."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from lotsen.rules.calendar import BERLIN, local_date

#: Days after a quarter's end in which meetings and endings are still entered; then its figures are frozen.
GRACE: Final = timedelta(days=14)
_WRITTEN: Final = re.compile(r"([0-9]{4})-Q([1-4])", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """Three months, written `2026-Q3`."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year:04d}-Q{self.number}"

    @classmethod
    def of(cls, day: date) -> "Quarter":
        """Return the quarter that `day` lies in."""
        return cls(day.year, (day.month + 2) // 3)

    @classmethod
    def read(cls, text: str) -> "Quarter | None":
        """Return the quarter that is written; None where none is."""
        found = _WRITTEN.fullmatch(text)
        return cls(int(found[1]), int(found[2])) if found and int(found[1]) > 0 else None

    @property
    def first(self) -> date:
        """Its first day."""
        return date(self.year, 3 * self.number - 2, 1)

    @property
    def last(self) -> date:
        """Its last day."""
        return self.next.first - timedelta(days=1)

    @property
    def begins(self) -> datetime:
        """The instant at which it begins in Germany."""
        return datetime.combine(self.first, time(), BERLIN)

    @property
    def ends(self) -> datetime:
        """The instant at which the next one begins."""
        return self.next.begins

    @property
    def frozen_from(self) -> date:
        """The day from which on its figures are frozen."""
        return self.next.first + GRACE

    @property
    def next(self) -> "Quarter":
        """The quarter after."""
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)

    @property
    def previous(self) -> "Quarter":
        """The quarter before."""
        return Quarter(self.year - (self.number == 1), (self.number - 2) % 4 + 1)


def last_closed(now: datetime) -> Quarter:
    """Return the latest quarter whose figures may be frozen at `now`."""
    return Quarter.of(local_date(now - GRACE)).previous
