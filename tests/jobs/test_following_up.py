"""Remind, expire, resume, next: what is due is done, once."""

from datetime import timedelta

import pytest
from sqlmodel import select

from lotsen.jobs.expire import expire
from lotsen.jobs.next_candidate import next_candidate
from lotsen.jobs.remind import remind
from lotsen.jobs.resume import resume
from lotsen.models import Event, Mail, Pairing, Task
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import Action, Side, State
from lotsen.services import handovers, suggestion
from lotsen.services import pairing as pairings
from tests import factories as make

AUTOMATIC = {"settings_changes": {"release": "automatic"}}


def templates(session):
    return sorted(mail.template for mail in session.exec(select(Mail)))


def kinds(session):
    return sorted(task.kind for task in session.exec(select(Task)))


@pytest.fixture
def office(session):
    return make.municipality(session)


@pytest.mark.parametrize(("state", "mail"), [(State.OFFERED, "offer_reminder"), (State.ACCEPTED, "question_reminder")])
@pytest.mark.parametrize(("days", "due"), [(2.9, 0), (3, 1), (6.9, 1), (7, 0)])
def test_a_reminder_is_sent_once_between_the_third_and_the_seventh_day(session, now, office, state, mail, days, due):
    since = now - timedelta(days=days)
    make.pairing(session, make.request(session, office), make.guide(session, office), state, state_since=since)
    assert remind(session, now) == due
    assert remind(session, now + timedelta(hours=1)) == 0
    assert templates(session) == [mail] * due


def test_the_municipality_sets_the_days(session, now):
    office = make.municipality(session, settings_changes={"remind_after_days": 1, "expire_after_days": 2})
    since = now - timedelta(days=2)
    guide = make.guide(session, office)
    make.pairing(session, make.request(session, office), guide, State.OFFERED, state_since=since)
    assert expire(session, now) == 1


def test_a_new_state_may_be_reminded_of_again(session, now, office):
    guide, request = make.guide(session, office), make.request(session, office)
    since = now - timedelta(days=4)
    pairing = make.pairing(session, request, guide, State.OFFERED, state_since=since)
    remind(session, now)
    pairings.act(session, pairing.id, Action.ACCEPT, make.acting(Side.GUIDE, guide.person_id), now)
    assert remind(session, now + timedelta(days=3)) == 1
    assert templates(session) == ["offer_reminder", "question", "question_reminder"]


def test_somebody_without_an_address_is_not_written_to_and_the_office_keeps_the_task(session, now, office):
    request = make.request(session, office, about={"email": None})
    since = now - timedelta(days=4)
    make.pairing(session, request, make.guide(session, office), State.ACCEPTED, state_since=since)
    assert remind(session, now) == 1
    assert remind(session, now) == 0
    assert templates(session) == []


@pytest.mark.parametrize(("days", "due"), [(6.9, 0), (7, 1), (9, 1)])
def test_an_unanswered_offer_expires_and_frees_the_place(session, now, office, days, due):
    guide, request = make.guide(session, office), make.request(session, office)
    since = now - timedelta(days=days)
    pairing = make.pairing(session, request, guide, State.OFFERED, state_since=since)
    assert expire(session, now) == due
    assert expire(session, now) == 0
    for row in (pairing, guide, request):
        session.refresh(row)
    assert pairing.state is (State.EXPIRED if due else State.OFFERED)
    assert (guide.offered, request.live, guide.expiries) == (1 - due, 1 - due, due)
    assert templates(session) == ["offer_expired"] * due
    assert kinds(session) == []


def test_two_silences_in_a_row_give_the_guide_a_break_and_the_office_a_task(session, now, office):
    guide = make.guide(session, office, capacity=3)
    for _ in range(3):
        since = now - timedelta(days=8)
        make.pairing(session, make.request(session, office), guide, State.OFFERED, state_since=since)
    assert expire(session, now) == 3
    session.refresh(guide)
    assert (guide.paused, guide.paused_until, guide.expiries) == (True, None, 3)
    [task] = session.exec(select(Task))
    assert (task.kind, task.guide_id) == (Matter.GUIDE_SILENT, guide.id)
    assert task.why == [{"code": "offers_unanswered", "value": "2"}]
    assert [event.what for event in session.exec(select(Event))].count("guide_paused") == 1
    assert suggestion.run(session, now) == 0


def test_an_answer_ends_the_row_of_silences(session, now, office):
    guide, request = make.guide(session, office, expiries=1), make.request(session, office)
    pairing = make.pairing(session, request, guide, State.OFFERED, state_since=now)
    pairings.act(session, pairing.id, Action.DECLINE, make.acting(Side.GUIDE, guide.person_id), now, reason="no_time")
    session.refresh(guide)
    assert guide.expiries == 0


def test_where_the_newcomer_is_silent_the_office_finds_out_before_anybody_else_is_asked(session, now):
    office = make.municipality(session, **AUTOMATIC)
    guide, request = make.guide(session, office), make.request(session, office)
    make.guide(session, office)
    make.pairing(session, request, guide, State.ACCEPTED, state_since=now - timedelta(days=7))
    assert expire(session, now) == 1
    session.refresh(guide)
    assert (guide.taken, guide.expiries) == (0, 0)
    assert templates(session) == ["not_this_time", "question_expired"]
    assert kinds(session) == [Matter.NEWCOMER_SILENT]
    assert next_candidate(session, now) == suggestion.run(session, now) == 0
    task = session.exec(select(Task)).one()
    handovers.close(session, task.id, make.coordinator(session, office), now, outcome="talked")
    session.flush()
    assert next_candidate(session, now) == 1


def test_after_an_expiry_the_next_guide_is_asked_at_once_until_nobody_is_left(session, now):
    office = make.municipality(session, **AUTOMATIC)
    make.guide(session, office), make.guide(session, office)
    make.request(session, office)
    asked = []
    for round_ in range(2):
        moment = now + timedelta(days=7 * round_)
        assert next_candidate(session, moment) == 1
        assert next_candidate(session, moment) == 0
        [pairing] = session.exec(select(Pairing).where(Pairing.state == State.OFFERED))
        asked.append(pairing.guide_id)
        assert expire(session, moment + timedelta(days=7)) == 1
    assert len(set(asked)) == 2
    assert next_candidate(session, now + timedelta(days=14)) == 0
    [task] = session.exec(select(Task))
    assert task.kind == Matter.NOBODY_LEFT
    assert task.why
    assert next_candidate(session, now + timedelta(days=15)) == 0


def test_an_outage_of_two_days_heals_at_the_next_run(session, now, office):
    guides = [make.guide(session, office) for _ in range(3)]
    for guide, days in zip(guides, (4, 8, 9), strict=True):
        since = now - timedelta(days=days)
        make.pairing(session, make.request(session, office), guide, State.OFFERED, state_since=since)
    later = now + timedelta(days=2)
    assert (expire(session, later), remind(session, later)) == (2, 1)
    assert (expire(session, later), remind(session, later)) == (0, 0)


@pytest.mark.parametrize(("until", "back"), [(-1, True), (0, False), (1, False), (None, False)])
def test_a_break_ends_after_its_last_day(session, now, office, until, back):
    day = None if until is None else now.date() + timedelta(days=until)
    guide = make.guide(session, office, paused=True, paused_until=day, expiries=1)
    assert resume(session, now) == int(back)
    assert resume(session, now) == 0
    session.refresh(guide)
    assert guide.paused is not back
    assert guide.expiries == (0 if back else 1)
