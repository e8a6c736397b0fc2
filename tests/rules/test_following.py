"""When people are asked, and who is next: tables over states and days."""

from datetime import UTC, date, datetime, timedelta

import pytest

from lotsen.rules.calendar import add_working_days
from lotsen.rules.following import Facts, Next, check_in_on, midnight, planned, soonest
from lotsen.rules.pairing import OPEN, TERMINAL, Side, State
from lotsen.rules.settings import Settings

DAY = date(2026, 3, 11)


@pytest.mark.parametrize(
    ("met", "asked", "due"),
    [
        (None, None, 14),
        (None, 14, 28),
        (None, 15, 28),
        (None, 28, 118),
        (None, 40, 130),
        (10, None, 24),
        (10, 24, 38),
        (60, 24, 74),
        (88, None, 90),
        (100, 90, 114),
        (175, 90, 180),
        (-30, None, 14),
        (None, -5, 14),
    ],
)
def test_a_silence_is_asked_about_twice_and_everybody_every_three_months(met, asked, due):
    days = [None if count is None else DAY + timedelta(days=count) for count in (met, asked)]
    assert check_in_on(DAY, *days, Settings()) == DAY + timedelta(days=due)


def test_an_office_sets_its_own_days():
    own = Settings(check_in_days=(7, 10), check_in_every_days=30)
    assert check_in_on(DAY, None, None, own) == DAY + timedelta(days=7)
    assert check_in_on(DAY, None, DAY + timedelta(days=10), own) == DAY + timedelta(days=40)


def facts(state, **values):
    since = datetime(2026, 3, 11, 9, tzinfo=UTC)
    return Facts(**({"state": state, "state_since": since, "first_meeting_at": None, "trial_until": None} | values))


PLANNED = {
    State.SUGGESTED: (Side.OFFICE, date(2026, 3, 13)),
    State.OFFERED: (Side.GUIDE, date(2026, 3, 18)),
    State.ACCEPTED: (Side.NEWCOMER, date(2026, 3, 18)),
    State.AGREED: (Side.OFFICE, date(2026, 3, 18)),
    State.APPROVED: (Side.OFFICE, date(2026, 3, 18)),
    State.TRIAL: (Side.GUIDE, date(2026, 3, 25)),
    State.ACTIVE: (Side.GUIDE, date(2026, 3, 25)),
    State.PAUSED: (Side.GUIDE, date(2026, 6, 9)),
    State.SUSPENDED: (Side.OFFICE, date(2026, 3, 11)),
}


@pytest.mark.parametrize("state", sorted(State))
def test_every_open_state_plans_who_is_next_and_no_other_does(state):
    assert set(PLANNED) == OPEN
    if state in TERMINAL:
        with pytest.raises(ValueError, match="nothing is next"):
            planned(facts(state), Settings())
    else:
        assert planned(facts(state), Settings()) == Next(*PLANNED[state], state)


def test_dates_that_are_known_come_first():
    meeting = datetime(2026, 3, 20, 15, tzinfo=UTC)
    assert planned(facts(State.APPROVED, first_meeting_at=meeting), Settings()).on == date(2026, 3, 21)
    trial = datetime(2026, 3, 20, 23, 30, tzinfo=UTC)
    ends = planned(facts(State.TRIAL, trial_until=trial), Settings())
    assert (ends.on, {ends.owner, ends.other}) == (date(2026, 3, 21), {Side.GUIDE, Side.NEWCOMER})
    assert soonest([Next(Side.GUIDE, DAY, "a"), Next(Side.OFFICE, DAY, "b")]).what == "b"


@pytest.mark.parametrize(
    ("day", "count", "due"),
    [
        ("2026-12-23", 2, "2026-12-28"),
        ("2026-12-24", 2, "2026-12-29"),
        ("2026-04-02", 1, "2026-04-07"),
        ("2025-10-30", 1, "2025-11-03"),
        ("2026-04-30", 1, "2026-05-04"),
        ("2026-03-27", 1, "2026-03-30"),
        ("2026-10-23", 1, "2026-10-26"),
        ("2026-05-01", 0, "2026-05-04"),
    ],
    ids=["Christmas", "Christmas Eve works", "Easter", "Reformation Day", "1 May", "spring", "autumn", "on 1 May"],
)
def test_working_days_skip_what_lower_saxony_celebrates(day, count, due):
    assert add_working_days(date.fromisoformat(day), count) == date.fromisoformat(due)


@pytest.mark.parametrize(
    ("day", "instant"),
    [("2026-03-29", "2026-03-28T23:00Z"), ("2026-03-30", "2026-03-29T22:00Z"),
     ("2026-10-25", "2026-10-24T22:00Z"), ("2026-10-26", "2026-10-25T23:00Z")],
)  # fmt: skip
def test_days_begin_at_midnight_in_germany_also_when_the_clocks_change(day, instant):
    assert midnight(date.fromisoformat(day)) == datetime.fromisoformat(instant)
