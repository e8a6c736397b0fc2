"""Quarters begin and end at midnight in Germany, and are frozen two weeks after."""

from datetime import date, datetime

import pytest

from lotsen.rules.quarters import Quarter, last_closed


def test_a_quarter_knows_its_days_and_neighbours():
    quarter = Quarter.of(date(2025, 11, 30))
    assert (str(quarter), quarter.first, quarter.last) == ("2025-Q4", date(2025, 10, 1), date(2025, 12, 31))
    assert (str(quarter.next), str(quarter.previous), str(quarter.next.previous)) == ("2026-Q1", "2025-Q3", "2025-Q4")
    assert quarter.begins == datetime.fromisoformat("2025-09-30T22:00:00+00:00")
    assert quarter.ends == datetime.fromisoformat("2025-12-31T23:00:00+00:00")
    assert [Quarter.of(date(2026, month, 1)).number for month in range(1, 13)] == [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4]


@pytest.mark.parametrize("text", ["", "2026", "2026-Q5", "2026-Q0", "0000-Q1", "2026-q1", "２０２６-Q1", "2026-Q1 "])
def test_what_is_no_quarter_is_read_as_none(text):
    assert Quarter.read(text) is None


def test_a_quarter_is_read_as_it_is_written():
    assert Quarter.read("2026-Q3") == Quarter(2026, 3)


@pytest.mark.parametrize(
    ("now", "closed"),
    [
        ("2026-01-14T22:59:00+00:00", "2025-Q3"),
        ("2026-01-14T23:00:00+00:00", "2025-Q4"),
        ("2026-04-14T12:00:00+00:00", "2025-Q4"),
        ("2026-04-15T12:00:00+00:00", "2026-Q1"),
    ],
)
def test_a_quarter_is_closed_two_weeks_after_its_end(now, closed):
    assert str(last_closed(datetime.fromisoformat(now))) == closed
