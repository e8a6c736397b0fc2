"""Settings that contradict each other are named; the usual ones do not."""

from copy import deepcopy

import pytest
from pydantic import ValidationError

from lotsen.models import Municipality
from lotsen.rules.settings import Settings, Weighing, contradictions


@pytest.mark.parametrize(
    ("values", "found"),
    [
        ({}, {}),
        ({"remind_after_days": 6}, {}),
        ({"remind_after_days": 7}, {"remind_after_days": "reminded_too_late"}),
        ({"expire_after_days": 3}, {"remind_after_days": "reminded_too_late"}),
        ({"trial_days": 8, "trial_notice_days": 7}, {}),
        ({"trial_days": 7, "trial_notice_days": 7}, {"trial_notice_days": "asked_too_early"}),
        ({"check_in_days": (28, 14)}, {"check_in_days": "not_rising"}),
        ({"check_in_days": (14, 14)}, {"check_in_days": "not_rising"}),
        ({"conduct_notice_days": (30, 90)}, {"conduct_notice_days": "not_falling"}),
    ],
)
def test_what_contradicts_itself_is_named(values, found):
    assert contradictions(Settings(**values)) == found


@pytest.mark.parametrize(
    "values",
    [{"declined_pair_days": 364}, {"check_in_days": (0, 28)}, {"conduct_notice_days": (366, 30)}, {"unheard_of": 1}],
)
def test_what_a_hard_rule_or_a_bound_forbids_is_no_setting(values):
    with pytest.raises(ValidationError):
        Settings(**values)


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ({"declined_pair_days": 180, "trial_days": 21}, {"declined_pair_days": 365, "trial_days": 21}),
        ({"check_in_days": [0, 400]}, {"check_in_days": (1, 365)}),
        ({"weighing": {"distance": 9.0, "topics": 1.5}}, {"weighing": Weighing(distance=2.0, topics=1.5)}),
        ({"check_in_days": [14], "release": "by_fax", "unheard_of": 1, "answer_days": 9}, {"answer_days": 9}),
        ({"check_in_days": ["soon", 400]}, {}),
        ({"weighing": {"unheard_of": 1.0}}, {}),
    ],
)
def test_what_was_stored_under_other_bounds_is_still_read(stored, read):
    before = deepcopy(stored)
    assert Municipality(settings_changes=stored).settings == Settings(**read)
    assert stored == before, "reading changes nothing"
