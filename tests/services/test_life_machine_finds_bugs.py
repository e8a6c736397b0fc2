"""The machine is as good as the bugs that it finds: each of these is planted, and it must stumble over each.

This is the one place where our own code is patched: what is tested here is the test.
"""

import time
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import run_state_machine_as_test
from sqlalchemy.exc import IntegrityError

from lotsen.rules.pairing import TRANSITIONS, Action, Quorum, Side, State
from lotsen.rules.vocabulary import AppointmentState
from lotsen.services import appointments, conversation, events, meetings, notices, tasks
from lotsen.services import pairing as pairings
from tests import factories as make
from tests.faults.figures import note
from tests.faults.workers import TRIALS
from tests.services.life import Life
from tests.services.test_life_machine import machine

__all__ = ["machine"]
pytestmark = pytest.mark.slow
#: So many lives are lived before the machine counts as blind.
LIVES = 1_000


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


def people_are_told_of_what_they_did_themselves(patch):
    def send(session, pairing, event, action, before, now):
        for template, sides in notices.notices_for(before, action):
            for side in sides:
                notices.write(session, pairing, template, side, now, occasion=f"event:{event.id}")

    patch.setattr(notices, "send", send)


def an_approval_is_told_to_one_of_the_two(patch):
    write = notices.write
    patch.setattr(notices, "write", lambda *a, **k: (
        False if (a[2], a[3]) == ("approved", Side.NEWCOMER) else write(*a, **k)
    ))  # fmt: skip


def a_single_appointment_begins_a_trial(patch):
    move = pairings.move
    patch.setattr(pairings, "move", lambda state, action, side, **_one_off: move(state, action, side))


def who_has_met_for_an_appointment_is_told_of_a_trial(patch):
    send = notices.send
    patch.setattr(notices, "send", lambda s, p, event, told, *a: send(s, p, event, Action(event.what), *a))


def somebody_confirms_a_date_that_they_proposed(patch):
    propose = appointments.propose

    def as_the_other(session, *a, **k):
        date = propose(session, *a, **k)
        date.proposed_by = conversation.OTHER[date.proposed_by]
        return date

    patch.setattr(appointments, "propose", as_the_other)


def a_date_is_answered_twice(patch):
    answers = {to: (phrase, frozenset(AppointmentState)) for to, (phrase, _before) in appointments._ANSWERS.items()}
    patch.setattr(appointments, "_ANSWERS", answers)


def a_meeting_sent_twice_is_logged_twice(patch):
    patch.setattr(meetings, "once", lambda *_a: f"{next(make.NUMBERS)}")


def a_meeting_leaves_no_trace(patch):
    record = events.record
    patch.setattr(meetings, "events", SimpleNamespace(
        record=lambda s, what, *a: None if what == "meeting_logged" else record(s, what, *a)
    ))  # fmt: skip


def meetings_are_logged_before_the_office_agrees(patch):
    patch.setattr(meetings, "may_log", lambda *_a: True)
    patch.setattr(meetings, "_met", lambda *_a: True)


#: Found within a few lives, so that every run of the tests plants them.
SHALLOW = (
    a_guide_says_yes_for_the_newcomer, two_people_write_before_the_office_agrees,
    an_approved_pairing_still_waits_for_approval, an_expiry_tells_nobody,
    meetings_are_logged_before_the_office_agrees,
)  # fmt: skip
#: These need many lives, and minutes on a busy machine: `make trials` plants them too.
DEEP = (
    a_safety_report_reaches_nobody, one_colleague_decides_alone_after_a_report, a_decline_frees_no_place,
    a_placed_newcomer_is_looked_for_again, people_are_told_of_what_they_did_themselves,
    an_approval_is_told_to_one_of_the_two, a_single_appointment_begins_a_trial,
    who_has_met_for_an_appointment_is_told_of_a_trial, somebody_confirms_a_date_that_they_proposed,
    a_date_is_answered_twice, a_meeting_sent_twice_is_logged_twice, a_meeting_leaves_no_trace,
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
