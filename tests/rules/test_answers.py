"""What people type is cleaned and checked before it reaches a table."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from lotsen.rules.answers import RequestAnswers, clean, fold_digits
from lotsen.rules.vocabulary import SLOTS, TOPICS

GOOD = {
    "languages": {"ar": "C2"},
    "postcode": "29221",
    "topics": ["housing"],
    "slots": ["mon-morning"],
    "household": "alone",
    "first_name": "Amal",
}


@pytest.mark.parametrize("digits", ["٢٩٢٢١", "۲۹۲۲۱", "29221", "２９２２１"])
def test_a_postal_code_may_be_typed_in_any_scripts_digits(digits):
    assert fold_digits(digits) == "29221"


def test_invisible_signs_that_disguise_text_are_removed():
    assert clean("  A\u202emal\u200b\u0000 ") == "Amal"
    assert clean("zwei\r\nZeilen") == "zwei\nZeilen"
    assert clean("e\u0301") == "é"


@given(st.text())
def test_cleaning_twice_changes_nothing_more_and_leaves_no_control_sign(text):
    once = clean(text)
    assert clean(once) == once
    assert not re.search("[\u0000-\u0009\u000b-\u001f\u202a-\u202e\u2066-\u2069]", once)


def test_joiners_that_persian_and_kurdish_need_are_kept():
    assert clean("می\u200cخواهم") == "می\u200cخواهم"


@pytest.mark.parametrize(
    "change",
    [
        {"postcode": "2922"},
        {"languages": {}},
        {"languages": {"xx": "C2"}},
        {"languages": {"ar": "D1"}},
        {"topics": []},
        {"topics": ["gold"]},
        {"slots": ["mon-night"]},
        {"household": "castle"},
        {"first_name": "  "},
        {"first_name": "x" * 81},
        {"gender": "x"},
        {"residence_status": "…"},
    ],
)
def test_what_the_vocabulary_does_not_know_is_refused(change):
    with pytest.raises(ValidationError):
        RequestAnswers.model_validate(GOOD | change)


@given(st.lists(st.sampled_from(TOPICS), min_size=1), st.lists(st.sampled_from(SLOTS), min_size=1))
def test_choices_are_kept_once_each_in_the_vocabularys_order(topics, slots):
    answers = RequestAnswers.model_validate(GOOD | {"topics": topics, "slots": slots})
    assert answers.topics == [topic for topic in TOPICS if topic in topics]
    assert answers.slots == [slot for slot in SLOTS if slot in slots]
