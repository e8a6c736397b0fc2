"""Working days in Lower Saxony."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lotsen.rules.calendar import add_working_days, is_working_day, local_date, working_days_between


@pytest.mark.parametrize(
    ("day", "works"),
    [
        (date(2026, 3, 11), True),
        (date(2026, 3, 14), False),  # Saturday
        (date(2026, 4, 3), False),  # Good Friday
        (date(2026, 10, 31), False),  # Reformation Day, a Saturday in 2026
        (date(2025, 10, 31), False),  # Reformation Day: a public holiday in Lower Saxony since 2018
        (date(2026, 6, 4), True),  # Corpus Christi is none in Lower Saxony
    ],
)
def test_offices_work_on_weekdays_that_are_no_public_holiday(day, works):
    assert is_working_day(day) is works


def test_five_working_days_after_maundy_thursday_skip_easter():
    assert add_working_days(date(2026, 4, 2), 5) == date(2026, 4, 13)


@given(st.dates(date(2020, 1, 1), date(2035, 1, 1)), st.integers(0, 40))
def test_adding_and_counting_agree(day, count):
    later = add_working_days(day, count)
    assert is_working_day(later)
    assert working_days_between(day, later) in {count, count + 1 if count == 0 else count}


def test_the_local_day_changes_at_midnight_in_germany():
    assert local_date(datetime(2026, 7, 1, 22, 30, tzinfo=UTC)) == date(2026, 7, 2)
