"""The table itself: complete, without dead ends, and as the product description draws it."""

from itertools import product

import pytest

from lotsen.rules.pairing import (
    IN_CONTACT,
    LIVE,
    NEEDS_REASON,
    ONE_OFF,
    OPEN,
    RUNNING,
    TERMINAL,
    TRANSITIONS,
    Action,
    Quorum,
    Side,
    State,
    allowed_actions,
    find,
    move,
    needs_reason,
)  # fmt: skip


def test_every_open_state_has_a_way_on_and_no_terminal_one_has():
    for state in State:
        leaves = [action for (at, action) in TRANSITIONS if at is state]
        assert bool(leaves) is (state in OPEN), state


def test_every_state_can_be_reached_from_a_suggestion():
    reached, border = {State.SUGGESTED}, [State.SUGGESTED]
    while border:
        at = border.pop()
        for (state, _action), arrow in TRANSITIONS.items():
            if state is at and arrow.to not in reached:
                reached.add(arrow.to)
                border.append(arrow.to)
    assert reached == set(State)


def test_the_main_way_is_the_one_that_the_product_draws():
    way = [
        (State.SUGGESTED, Action.RELEASE, State.OFFERED),
        (State.OFFERED, Action.ACCEPT, State.ACCEPTED),
        (State.ACCEPTED, Action.AGREE, State.AGREED),
        (State.AGREED, Action.APPROVE, State.APPROVED),
        (State.APPROVED, Action.MEET, State.TRIAL),
        (State.TRIAL, Action.CONFIRM, State.ACTIVE),
        (State.ACTIVE, Action.COMPLETE, State.COMPLETED),
    ]
    for state, action, to in way:
        assert TRANSITIONS[state, action].to is to


def test_only_the_office_approves_and_nobody_but_staff_decides_about_a_suspension():
    assert TRANSITIONS[State.AGREED, Action.APPROVE].who == {Side.OFFICE}
    for (state, _action), arrow in TRANSITIONS.items():
        if state is State.SUSPENDED:
            assert arrow.who == {Side.OFFICE}
            assert arrow.quorum is Quorum.TWO_STAFF


def test_people_in_contact_can_stop_it_at_once():
    for state in IN_CONTACT:
        for side in (Side.NEWCOMER, Side.GUIDE):
            assert Action.SUSPEND in allowed_actions(state, side)
            assert {Action.END, Action.WITHDRAW} & set(allowed_actions(state, side))


def test_states_are_sorted_into_disjoint_and_complete_groups():
    assert set(State) == OPEN | TERMINAL
    assert OPEN - {State.SUGGESTED} == LIVE
    assert RUNNING < LIVE
    assert IN_CONTACT < RUNNING


@pytest.mark.parametrize(("state", "action"), [*product(State, Action)])
def test_guide_and_office_say_why_except_after_the_trial(state, action):
    reasoned = action in NEEDS_REASON and (state, action) != (State.TRIAL, Action.END)
    assert needs_reason(action, Side.OFFICE, state) is reasoned
    assert needs_reason(action, Side.GUIDE, state) is reasoned
    assert not needs_reason(action, Side.NEWCOMER, state)


def test_a_single_appointment_skips_the_trial_and_nothing_else():
    for state in State:
        for action in Action:
            usual, once = find(state, action), find(state, action, one_off=True)
            if (state, action) in ONE_OFF:
                assert usual is not None
                assert once is not None
                assert (once.who, once.quorum) == (usual.who, usual.quorum)
            else:
                assert once is usual
    assert set(ONE_OFF) == {(State.APPROVED, Action.MEET), (State.SUSPENDED, Action.LIFT)}
    reached, ahead = set(), [State.APPROVED]
    while ahead:
        state = ahead.pop()
        reached.add(state)
        ahead += [found.to for action in Action if (found := find(state, action, one_off=True))]
        ahead = [each for each in ahead if each not in reached]
    assert not reached & {State.TRIAL, State.ACTIVE}, "nobody asks how an appointment goes on"
    assert move(State.APPROVED, Action.MEET, Side.GUIDE, one_off=True).to is State.COMPLETED
