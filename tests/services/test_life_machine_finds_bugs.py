"""The machine is as good as the bugs that it finds: each of these is planted, and it must stumble over each.

This is the one place where our own code is patched: what is tested here is the test.
"""

import time

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy.exc import IntegrityError

from lotsen.rules.pairing import TRANSITIONS, Action, Quorum, State
from lotsen.services import conversation, notices, tasks
from lotsen.services import pairing as pairings
from tests.faults.figures import note
from tests.faults.workers import TRIALS
from tests.services.test_life_machine import Life, machine

__all__ = ["machine"]
pytestmark = pytest.mark.slow
#: So many lives are lived before the machine counts as blind.
LIVES = 200


def a_decline_frees_no_place(patch):
    count = pairings._count
    patch.setattr(pairings, "_count", lambda *a: None if a[3] is State.DECLINED else count(*a))


def an_expiry_tells_nobody(patch):
    send = notices.send
    patch.setattr(notices, "send", lambda *a: None if a[3] is Action.EXPIRE else send(*a))


def an_approved_pairing_still_waits_for_approval(patch):
    patch.setattr(tasks, "settle", lambda *a, **k: None)


def a_safety_report_reaches_nobody(patch):
    hand_over = pairings._hand_over
    patch.setattr(pairings, "_hand_over", lambda *a: None if a[1].state is State.SUSPENDED else hand_over(*a))


def a_placed_newcomer_is_looked_for_again(patch):
    patch.setattr(pairings, "_place", lambda *a: None)


def a_guide_says_yes_for_the_newcomer(patch):
    move = pairings.move
    patch.setattr(pairings, "move", lambda state, action, side, **more: (
        TRANSITIONS[state, action] if action is Action.AGREE and (state, action) in TRANSITIONS
        else move(state, action, side, **more)
    ))  # fmt: skip


def one_colleague_decides_alone_after_a_report(patch):
    quorate = pairings._quorate
    patch.setattr(pairings, "_quorate", lambda s, p, arrow, *a: (
        arrow.quorum is Quorum.TWO_STAFF or quorate(s, p, arrow, *a)
    ))  # fmt: skip


def two_people_write_before_the_office_agrees(patch):
    patch.setattr(conversation, "IN_CONTACT", frozenset(State))


#: Found within a few lives, so that every run of the tests plants them.
SHALLOW = (
    a_safety_report_reaches_nobody, a_guide_says_yes_for_the_newcomer,
    one_colleague_decides_alone_after_a_report, two_people_write_before_the_office_agrees,
)  # fmt: skip
#: These need long lives, and minutes on a busy machine: `make trials` plants them too.
DEEP = (
    a_decline_frees_no_place, an_expiry_tells_nobody, an_approved_pairing_still_waits_for_approval,
    a_placed_newcomer_is_looked_for_again,
)  # fmt: skip
BUGS = SHALLOW + DEEP if TRIALS else SHALLOW


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("plant", BUGS, ids=lambda plant: plant.__name__)
def test_the_machine_finds_the_bug(machine, monkeypatch, plant):
    plant(monkeypatch)
    options = settings(
        max_examples=LIVES, stateful_step_count=30, deadline=None, database=None, derandomize=True,
        phases=[Phase.generate], suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
    )  # fmt: skip
    began = time.monotonic()
    with pytest.raises((AssertionError, IntegrityError, ValueError)):
        run_state_machine_as_test(Life, settings=options)
    note(
        f"planted bug: {plant.__name__.replace('_', ' ')}",
        "sqlite",
        found_after_seconds=round(time.monotonic() - began, 1),
    )
