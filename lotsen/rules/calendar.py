"""Working days in Lower Saxony, and local days in Germany."""

from datetime import date, datetime, timedelta
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

import holidays

BERLIN: Final = ZoneInfo("Europe/Berlin")


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("DE", subdiv="NI", years=year))


def local_date(now: datetime) -> date:
    """Return the calendar day in Germany at the aware instant `now`."""
    return now.astimezone(BERLIN).date()


def is_working_day(day: date) -> bool:
    """Whether offices work: not on weekends, not on Lower Saxony's public holidays."""
    return day.weekday() < 5 and day not in _holidays(day.year)


def add_working_days(day: date, count: int) -> date:
    """Return the working day that lies `count` working days after `day` (count >= 0)."""
    while count > 0 or not is_working_day(day):
        day += timedelta(days=1)
        count -= is_working_day(day)
    return day


def working_days_between(start: date, end: date) -> int:
    """Count the working days after `start` up to and including `end` (0 where end <= start)."""
    return sum(is_working_day(start + timedelta(days=n)) for n in range(1, (end - start).days + 1))
