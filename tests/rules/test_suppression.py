"""Small parts of a published sum hide among others."""

from hypothesis import given
from hypothesis import strategies as st

from lotsen.rules.suppression import THRESHOLD, hidden_parts, small

CELLS = st.one_of(st.integers(0, 6), st.integers(0, 60))


@given(st.lists(CELLS, min_size=1, max_size=8))
def test_no_small_part_is_shown_and_what_is_left_may_be_any_one_of_the_hidden(parts):
    hidden = hidden_parts(parts)
    assert all(part >= THRESHOLD for number, part in enumerate(parts) if number not in hidden)
    left = [parts[number] for number in hidden]
    assert not hidden or sum(parts) < THRESHOLD or (len(left) > 1 and sum(left) >= THRESHOLD)


def test_no_more_is_hidden_than_must_be():
    assert hidden_parts([9, 30, 7]) == set()
    assert hidden_parts([9, 30, 2]) == {2, 0}
    assert hidden_parts([9, 4, 30, 2]) == {3, 1}
    assert hidden_parts([1, 2]) == {0, 1}


def test_parts_that_overlap_hide_alone():
    assert small([9, 4, 30, 0]) == {1, 3}
