"""The table of slots, also in the two nights when the clocks change."""

from datetime import UTC, date, datetime, time, timedelta

import pytest

from lotsen.jobs.schedule import JOBS, Daily, EveryMinute, find
from lotsen.rules.calendar import BERLIN, local_date

NIGHTS = {"spring": date(2026, 3, 29), "autumn": date(2026, 10, 25)}


@pytest.mark.parametrize("night", NIGHTS.values(), ids=NIGHTS)
@pytest.mark.parametrize("at", [time(1), time(2), time(2, 30), time(3), time(7), time(8)], ids=str)
def test_every_local_day_has_one_slot_also_when_the_clocks_change(night, at):
    daily = Daily(at)
    start = datetime.combine(night - timedelta(days=1), time(12), BERLIN).astimezone(UTC)
    minutes = [start + timedelta(minutes=count) for count in range(60 * 48)]
    slots = [daily.slot(minute) for minute in minutes]
    assert slots == sorted(slots)
    days = [local_date(slot) for slot in dict.fromkeys(slots)]
    assert days == [night - timedelta(days=1) + timedelta(days=count) for count in range(len(days))]
    assert len(days) == 3
    assert all(slot <= minute < daily.next(minute) for slot, minute in zip(slots, minutes, strict=True))


def test_the_slot_of_an_hour_that_does_not_exist_begins_when_the_next_one_does():
    assert Daily(time(2)).next(datetime(2026, 3, 28, 12, tzinfo=UTC)) == datetime(2026, 3, 29, 1, tzinfo=UTC)


def test_the_slot_of_an_hour_that_exists_twice_is_the_first_of_the_two():
    first, second = datetime(2026, 10, 25, 0, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC)
    assert [Daily(time(2)).slot(moment) for moment in (first, second)] == [first, first]


def test_a_slot_that_was_missed_for_days_is_the_newest_one_only():
    daily = Daily(time(2))
    assert daily.slot(datetime(2026, 3, 13, 15, tzinfo=UTC)) == datetime(2026, 3, 13, 1, tzinfo=UTC)
    assert daily.slot(datetime(2026, 3, 13, 0, 30, tzinfo=UTC)) == datetime(2026, 3, 12, 1, tzinfo=UTC)


def test_minutes_have_a_slot_each():
    moment = datetime(2026, 3, 11, 9, 30, 59, 999, tzinfo=UTC)
    assert EveryMinute().slot(moment) == datetime(2026, 3, 11, 9, 30, tzinfo=UTC)
    assert EveryMinute().next(moment) == datetime(2026, 3, 11, 9, 31, tzinfo=UTC)


def test_job_names_are_unique_and_each_job_does_its_work_in_one_way():
    assert len({job.name for job in JOBS}) == len(JOBS)
    assert all((job.run is None) != (job.outside is None) for job in JOBS)
    assert find("match") is not None
    assert find("nothing") is None
