"""Meetings and dates: logged once, corrected for a while, added up; proposed, answered, called off."""

from datetime import date, timedelta

import pytest
from pydantic import ValidationError
from sqlalchemy import text as sql
from sqlmodel import select

from lotsen.models import Appointment, Event, Meeting, Message, Task
from lotsen.rules.calendar import local_date
from lotsen.rules.contact import CORRECT_DAYS, MeetingEntry, Plan, TooLate, WrongDay
from lotsen.rules.errors import Conflict, NotFound
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import IN_CONTACT, Action, Side, State
from lotsen.rules.vocabulary import AppointmentState, MeetingKind, Mood, Phrase
from lotsen.services import appointments, meetings
from lotsen.services import pairing as pairings
from lotsen.services.conversation import ContactStopped
from lotsen.services.meetings import Sum
from tests import factories as make
from tests.services.test_conversation import BOTH, TOKENS, read
from tests.services.test_pairing_life import Scene


def entry(day, **values):
    defaults = {"kind": MeetingKind.TALK, "minutes": 60, "mood": Mood.GOOD, "held_on": day}
    return MeetingEntry(**(defaults | values))


def log(scene, side, now, token=None, **values):
    what = entry(values.pop("held_on", local_date(now)), **values)
    token = token or f"m{next(TOKENS)}"
    return meetings.log(scene.session, scene.pairing.id, scene.actors[side], now, what, token=token)


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("side", BOTH)
def test_meetings_are_logged_while_there_is_contact(session, now, state, side):
    scene = Scene(session, state)
    if state in IN_CONTACT:
        assert log(scene, side, now).logged_by is side
        assert session.exec(select(Event)).one().what == "meeting_logged"
        return
    with pytest.raises(ContactStopped):
        log(scene, side, now)


def test_the_last_meeting_may_be_logged_a_while_after_the_end_and_not_for_later_days(session, now):
    scene = Scene(session, State.TRIAL)
    session.add(Event(at=now - timedelta(days=9), municipality_id=scene.office.id, pairing_id=scene.pairing.id,
                      what="approve", to_state=State.APPROVED, side=Side.OFFICE))  # fmt: skip
    scene.act(Action.END, Side.GUIDE, now)
    later = now + timedelta(days=CORRECT_DAYS)
    log(scene, Side.GUIDE, later, held_on=local_date(now))
    for day in (now + timedelta(days=1), now - timedelta(days=10)):
        with pytest.raises(WrongDay):
            log(scene, Side.GUIDE, later, held_on=local_date(day))
    with pytest.raises(ContactStopped):
        log(scene, Side.GUIDE, later + timedelta(days=1), held_on=local_date(now))


def test_a_meeting_is_neither_in_the_future_nor_before_the_office_agreed(session, now):
    scene = Scene(session, State.ACTIVE)
    today = local_date(now)
    session.add(Event(at=now - timedelta(days=5), municipality_id=scene.office.id, pairing_id=scene.pairing.id,
                      what="approve", to_state=State.APPROVED, side=Side.OFFICE))  # fmt: skip
    for wrong in (today + timedelta(days=1), today - timedelta(days=6)):
        with pytest.raises(WrongDay):
            log(scene, Side.GUIDE, now, held_on=wrong)
    for right in (today, today - timedelta(days=5)):
        log(scene, Side.GUIDE, now, held_on=right)


@pytest.mark.parametrize(
    "wrong", [{"minutes": 0}, {"minutes": 1441}, {"metres": -1}, {"expenses_cents": -1}, {"kind": "flight"},
              {"mood": "great"}, {"note": "x" * 501}],
)  # fmt: skip
def test_an_entry_is_checked(wrong):
    with pytest.raises(ValidationError):
        entry(date(2026, 3, 11), **wrong)


def test_the_same_form_twice_is_one_meeting(session, now):
    scene = Scene(session, State.ACTIVE)
    assert log(scene, Side.GUIDE, now, "same").id == log(scene, Side.GUIDE, now, "same", minutes=30).id
    assert log(scene, Side.NEWCOMER, now, "same").minutes == 60
    assert len(session.exec(select(Meeting)).all()) == 2


def test_a_note_stands_encrypted(session, now):
    log(Scene(session, State.ACTIVE), Side.GUIDE, now, note="Talked about the flat")
    assert "flat" not in session.connection().execute(sql("SELECT note FROM meeting")).scalar_one()


def test_a_difficult_meeting_is_handed_over_once(session, now):
    scene = Scene(session, State.ACTIVE)
    log(scene, Side.GUIDE, now, mood=Mood.MIXED)
    assert session.exec(select(Task)).all() == []
    for side in BOTH:
        log(scene, side, now, mood=Mood.DIFFICULT)
    task = session.exec(select(Task)).one()
    assert (task.kind, task.pairing_id) == (Matter.CHECK_IN, scene.pairing.id)
    assert task.why == [{"code": "difficult_meeting", "value": side} for side in BOTH]


def test_own_entries_can_be_corrected_and_deleted_for_a_while(session, now):
    scene = Scene(session, State.ACTIVE)
    meeting = log(scene, Side.GUIDE, now)
    today, own = local_date(now), scene.actors[Side.GUIDE]
    meetings.change(session, scene.pairing.id, meeting.id, own, now, entry(today, minutes=90, note="longer"))
    assert session.get(Meeting, meeting.id).minutes == 90
    late = now + timedelta(days=CORRECT_DAYS, seconds=1)
    for use_case in (
        lambda: meetings.change(session, scene.pairing.id, meeting.id, own, late, entry(today)),
        lambda: meetings.remove(session, scene.pairing.id, meeting.id, own, late),
    ):
        with pytest.raises(TooLate):
            use_case()
    for _click in range(2):
        meetings.remove(session, scene.pairing.id, meeting.id, own, now)
    assert session.exec(select(Meeting)).all() == []
    assert [each.what for each in session.exec(select(Event).order_by(Event.id))] == [
        "meeting_logged", "meeting_changed", "meeting_deleted",
    ]  # fmt: skip


def test_entries_of_the_other_side_and_of_others_are_not_there(session, now):
    scene, other = Scene(session, State.ACTIVE), Scene(session, State.ACTIVE)
    meeting = log(scene, Side.GUIDE, now)
    strangers = (scene.actors[Side.NEWCOMER], scene.actors[Side.OFFICE], other.actors[Side.GUIDE])
    for stranger in strangers:
        with pytest.raises(NotFound):
            meetings.remove(session, scene.pairing.id, meeting.id, stranger, now)
        with pytest.raises(NotFound):
            meetings.one(session, scene.pairing.id, meeting.id, stranger)


def test_a_report_stops_logging_and_correcting(session, now):
    scene = Scene(session, State.ACTIVE)
    meeting = log(scene, Side.GUIDE, now)
    scene.act(Action.SUSPEND, Side.NEWCOMER, now)
    with pytest.raises(ContactStopped):
        meetings.remove(session, scene.pairing.id, meeting.id, scene.actors[Side.GUIDE], now)


def test_hours_mileage_and_expenses_add_up_by_pairing_and_year_from_the_guides_own_entries(session, now):
    scene = Scene(session, State.ACTIVE)
    scene.pairing.created_at = now - timedelta(days=200)
    log(scene, Side.GUIDE, now, minutes=90, metres=12_500, expenses_cents=340)
    log(scene, Side.GUIDE, now, minutes=30, metres=500, expenses_cents=60)
    log(scene, Side.NEWCOMER, now, minutes=90)
    log(scene, Side.GUIDE, now, minutes=45, held_on=date(2025, 12, 31))
    this, last = Sum(2, 120, 13_000, 400), Sum(1, 45)
    assert meetings.by_year(session, scene.guide) == {2026: this, 2025: last}
    assert meetings.by_pairing(session, scene.guide) == {scene.pairing.id: this + last}
    assert meetings.total(session, scene.guide) == Sum(3, 165, 13_000, 400)
    assert meetings.total(session, scene.guide, Meeting.held_on >= date(2026, 1, 1)) == this
    assert meetings.last_met(session, [scene.pairing.id]) == {scene.pairing.id: local_date(now)}
    assert [each.held_on.year for each in meetings.of_pairing(session, scene.pairing)] == [2026, 2026, 2026, 2025]


def propose(scene, side, now, *, days=1, token=None):
    plan = Plan(at=now + timedelta(days=days), kind=MeetingKind.DOCTOR, place="Station Road 1")
    actor, token = scene.actors[side], token or f"a{next(TOKENS)}"
    return appointments.propose(scene.session, scene.pairing.id, actor, now, plan, token=token)


def answer(scene, found, to, side, now):
    return appointments.answer(scene.session, scene.pairing.id, found.id, to, scene.actors[side], now)


def said(session):
    return [each.phrase for each in session.exec(select(Message).order_by(Message.id))]


@pytest.mark.parametrize("to", [AppointmentState.CONFIRMED, AppointmentState.DECLINED])
def test_a_date_is_proposed_and_answered_by_the_other_and_both_steps_are_said(session, now, to):
    scene = Scene(session, State.ACTIVE)
    found = propose(scene, Side.GUIDE, now, token="same")
    assert propose(scene, Side.GUIDE, now, token="same").id == found.id
    with pytest.raises(Conflict):
        answer(scene, found, to, Side.GUIDE, now)
    answer(scene, found, to, Side.NEWCOMER, now)
    with pytest.raises(Conflict):
        answer(scene, found, to, Side.NEWCOMER, now)
    assert session.get(Appointment, found.id).state is to
    assert said(session) == [Phrase.DATE_PROPOSED, Phrase(f"date_{to}")]
    assert "Station" not in session.connection().execute(sql("SELECT place FROM appointment")).scalar_one()
    ahead = appointments.of_pairing(session, scene.pairing, now)
    assert [each.id for each in ahead] == [found.id] * (to is AppointmentState.CONFIRMED)


@pytest.mark.parametrize("side", BOTH)
def test_either_side_calls_a_date_off_once(session, now, side):
    scene = Scene(session, State.ACTIVE)
    found = propose(scene, Side.GUIDE, now)
    answer(scene, found, AppointmentState.CONFIRMED, Side.NEWCOMER, now)
    answer(scene, found, AppointmentState.CANCELLED, side, now)
    for to in (AppointmentState.CANCELLED, AppointmentState.CONFIRMED):
        with pytest.raises(Conflict):
            answer(scene, found, to, Side.NEWCOMER, now)
    assert appointments.of_pairing(session, scene.pairing, now) == []


def test_dates_lie_ahead_and_within_a_year_and_vanish_once_they_are_over(session, now):
    scene = Scene(session, State.ACTIVE)
    for days in (-1, 0, 366):
        with pytest.raises(WrongDay):
            propose(scene, Side.NEWCOMER, now, days=days)
    propose(scene, Side.NEWCOMER, now)
    assert appointments.of_pairing(session, scene.pairing, now + timedelta(days=2)) == []


def test_dates_need_contact_and_belong_to_their_pairing(session, now):
    scene, other = Scene(session, State.ACTIVE), Scene(session, State.ACTIVE)
    found = propose(scene, Side.GUIDE, now)
    with pytest.raises(NotFound):
        appointments.answer(
            session, other.pairing.id, found.id, AppointmentState.CANCELLED, other.actors[Side.GUIDE], now
        )
    with pytest.raises(NotFound):
        answer(scene, found, AppointmentState.PROPOSED, Side.NEWCOMER, now)
    pairings.act(session, scene.pairing.id, Action.SUSPEND, scene.actors[Side.GUIDE], now)
    for use_case in (
        lambda: propose(scene, Side.GUIDE, now),
        lambda: answer(scene, found, AppointmentState.CONFIRMED, Side.NEWCOMER, now),
        lambda: read(scene, Side.GUIDE, now),
    ):
        with pytest.raises(ContactStopped):
            use_case()


def test_the_same_moment_counts_for_a_token_of_each_side(session, now):
    scene = Scene(session, State.ACTIVE)
    propose(scene, Side.GUIDE, now, token="same")
    propose(scene, Side.NEWCOMER, now, token="same")
    assert len(session.exec(select(Appointment)).all()) == 2
    assert make.newcomer_of(session, scene.pairing.request_id).id == scene.request.person_id
