"""When each job runs: one table. A slot is an instant in UTC, and whoever claims its row runs it.

Days are Germany's, reckoned by zoneinfo: in the night when 02:00 does not exist the slot lies at the same instant as
03:00, in the night when it exists twice at the first of the two; each day has one slot, and each slot one day.
"""

from calendar import day_name
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from threading import Event
from typing import Final, Protocol

from flask import Flask
from sqlmodel import Session

from lotsen.jobs.check_in import check_in
from lotsen.jobs.conduct_check import conduct_check
from lotsen.jobs.deliver import deliver
from lotsen.jobs.evaluate import evaluate
from lotsen.jobs.expire import expire
from lotsen.jobs.first_meeting import first_meeting
from lotsen.jobs.hand_over import HOUR, hand_over
from lotsen.jobs.learn import learn
from lotsen.jobs.match import match, match_asked
from lotsen.jobs.next_candidate import next_candidate
from lotsen.jobs.outcome import Outcome
from lotsen.jobs.remind import remind
from lotsen.jobs.resume import resume
from lotsen.jobs.retention import retention
from lotsen.jobs.sweep import sweep
from lotsen.jobs.take_over import take_over
from lotsen.jobs.trial_end import trial_end
from lotsen.jobs.unmatched import unmatched
from lotsen.rules.calendar import BERLIN


class Schedule(Protocol):
    """Slots in a row."""

    def slot(self, now: datetime) -> datetime:
        """Return the slot that began last at the instant `now`."""

    def next(self, now: datetime) -> datetime:
        """Return the slot that begins next."""


@dataclass(frozen=True, slots=True)
class EveryMinute:
    """A slot each minute."""

    def slot(self, now: datetime) -> datetime:
        """Return this minute's start."""
        return now.astimezone(UTC).replace(second=0, microsecond=0)

    def next(self, now: datetime) -> datetime:
        """Return the next minute's start."""
        return self.slot(now) + timedelta(minutes=1)

    def __str__(self) -> str:
        return "every minute"


@dataclass(frozen=True, slots=True)
class Daily:
    """A slot each local day, at a time of the clock in Germany."""

    at: time

    def slot(self, now: datetime) -> datetime:
        """Return today's slot, or yesterday's where today's is still to come."""
        today = now.astimezone(BERLIN).date()
        return self._of(today) if self._of(today) <= now else self._of(today - timedelta(days=1))

    def next(self, now: datetime) -> datetime:
        """Return today's slot where it is still to come, else tomorrow's."""
        today = now.astimezone(BERLIN).date()
        return self._of(today) if self._of(today) > now else self._of(today + timedelta(days=1))

    def _of(self, day: date) -> datetime:
        return datetime.combine(day, self.at, BERLIN).astimezone(UTC)

    def __str__(self) -> str:
        return f"daily at {self.at:%H:%M} (Europe/Berlin)"


@dataclass(frozen=True, slots=True)
class Weekly:
    """A slot each week, on a day (Monday is 0) at a time of the clock in Germany."""

    day: int
    at: time

    def slot(self, now: datetime) -> datetime:
        """Return this week's slot, or last week's where this week's is still to come."""
        return max(slot for slot in self._around(now) if slot <= now)

    def next(self, now: datetime) -> datetime:
        """Return this week's slot where it is still to come, else next week's."""
        return min(slot for slot in self._around(now) if slot > now)

    def _around(self, now: datetime) -> list[datetime]:
        today = now.astimezone(BERLIN).date()
        this = today + timedelta(days=(self.day - today.weekday()) % 7)
        days = [this + timedelta(days=days) for days in (-7, 0, 7)]
        return [datetime.combine(day, self.at, BERLIN).astimezone(UTC) for day in days]

    def __str__(self) -> str:
        return f"weekly on {day_name[self.day]} at {self.at:%H:%M} (Europe/Berlin)"


@dataclass(frozen=True, slots=True)
class Job:
    """A job and its slots."""

    name: str
    schedule: Schedule
    #: The work, in the transaction that claims the slot.
    run: Callable[[Session, datetime], int] | None = None
    #: Work that takes long or waits for other servers: in transactions of its own, until told to stop.
    outside: Callable[[Flask, Callable[[], datetime], Event], Outcome] | None = None


#: In the order in which they run where several are due.
JOBS: Final = (
    Job("resume", Daily(time(1)), resume),
    Job("sweep", Daily(time(0, 30)), sweep),
    Job("learn", Weekly(6, time(1)), learn),
    Job("match", Daily(time(2)), outside=match),
    # Before retention: what it empties still counts in the quarter that it was part of.
    Job("evaluate", Daily(time(2, 30)), evaluate),
    Job("retention", Daily(time(3)), outside=retention),
    Job("expire", Daily(time(HOUR)), expire),
    Job("remind", Daily(time(HOUR)), remind),
    Job("first_meeting", Daily(time(HOUR)), first_meeting),
    Job("trial_end", Daily(time(HOUR)), trial_end),
    Job("check_in", Daily(time(HOUR)), check_in),
    Job("unmatched", Daily(time(HOUR)), unmatched),
    Job("conduct_check", Daily(time(HOUR)), conduct_check),
    # After the others: what they have just handed over stands in this morning's digest.
    Job("hand_over", Daily(time(HOUR)), hand_over),
    Job("next", EveryMinute(), next_candidate),
    Job("match_asked", EveryMinute(), outside=match_asked),
    Job("take_over", EveryMinute(), outside=take_over),
    Job("deliver", EveryMinute(), outside=deliver),
)


def find(name: str) -> Job | None:
    """Return the job of this name."""
    return next((job for job in JOBS if job.name == name), None)
