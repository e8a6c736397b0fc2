"""Trial end, check-in, unmatched, conduct check, first meeting: due-ness in the data, once, healing, handed over."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from lotsen.jobs.check_in import check_in
from lotsen.jobs.conduct_check import conduct_check
from lotsen.jobs.first_meeting import first_meeting
from lotsen.jobs.trial_end import trial_end
from lotsen.jobs.unmatched import unmatched
from lotsen.models import CheckIn, Task
from lotsen.rules.calendar import local_date
from lotsen.rules.errors import Conflict, NotAllowed, NotFound
from lotsen.rules.following import Answer, Question
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import Action, Side, State
from lotsen.rules.vocabulary import Household, RequestState
from lotsen.services import checkins, first_meetings, guides, handovers, nextstep
from lotsen.services import pairing as pairings
from tests import factories as make
from tests.jobs.asking import mails, open_kinds, pair, voice


@pytest.fixture
def office(session):
    return make.municipality(session)


@pytest.mark.parametrize(("days", "asked"), [(-2, 0), (-1, 1), (0, 1), (2, 1)])
def test_both_are_asked_the_day_before_the_trial_ends_and_on_the_day_after_an_outage_only_once(
    session, now, office, days, asked
):
    pair(session, office, State.TRIAL, trial_until=now - timedelta(days=days))
    assert trial_end(session, now) == asked
    assert trial_end(session, now + timedelta(hours=2)) == 0
    template = "trial_ends" if days < 0 else "trial_question"
    assert mails(session) == [template] * 2 * asked


def test_a_trial_whose_two_do_not_answer_is_handed_over_after_a_week_and_a_yes_ends_the_question(session, now, office):
    pairing, guide, _asked = pair(session, office, State.TRIAL, trial_until=now + timedelta(days=1))
    trial_end(session, now)
    assert trial_end(session, now + timedelta(days=1)) == 1
    step = nextstep.of_pairing(session, pairing)
    assert {step.owner, step.other} == {Side.GUIDE, Side.NEWCOMER}
    pairings.act(session, pairing.id, Action.CONFIRM, voice(session, guide), now + timedelta(days=2))
    session.refresh(pairing)
    step = nextstep.of_pairing(session, pairing)
    assert (step.owner, step.other) == (Side.NEWCOMER, None)
    assert trial_end(session, now + timedelta(days=7)) == 0
    assert trial_end(session, now + timedelta(days=8)) == 1
    [task] = session.exec(select(Task))
    assert (task.kind, task.why) == (Matter.TRIAL_END, [{"code": "no_answer", "value": "newcomer"}])
    assert mails(session).count("trial_ends") == mails(session).count("trial_question") == 2
    office_ = make.coordinator(session, office)
    pairings.act(
        session, pairing.id, Action.CONFIRM, office_, now + timedelta(days=9), behalf=Side.NEWCOMER
    )  # fmt: skip
    assert pairing.state is State.ACTIVE
    assert open_kinds(session) == []
    assert session.exec(select(CheckIn)).one().closed_at is not None


def test_a_trial_that_the_office_talked_about_comes_back_where_still_nobody_answers(session, now, office):
    pair(session, office, State.TRIAL, trial_until=now)
    trial_end(session, now)
    trial_end(session, now + timedelta(days=7))
    task = session.exec(select(Task)).one()
    later = now + timedelta(days=8)
    handovers.close(session, task.id, make.coordinator(session, office), later, outcome="talked")
    session.flush()
    assert trial_end(session, later + timedelta(days=6)) == 0
    assert trial_end(session, later + timedelta(days=7)) == 1


def test_one_no_ends_the_trial_and_puts_the_request_back_with_its_old_waiting_time(session, now, office):
    pairing, guide, asked = pair(session, office, State.TRIAL, trial_until=now)
    waiting = asked.waiting_since
    trial_end(session, now)
    pairings.act(session, pairing.id, Action.END, voice(session, guide), now, reason="did_not_fit")
    session.refresh(asked)
    assert (pairing.state, asked.state, asked.waiting_since) == (State.ENDED, RequestState.OPEN, waiting)
    assert trial_end(session, now + timedelta(days=8)) == 0


def test_silence_is_asked_about_after_14_and_28_days_then_every_three_months(session, now, office):
    pairing, guide, asked = pair(session, office, State.ACTIVE, state_since=now)
    for days, due in [(13, 0), (14, 1), (15, 0), (27, 0), (28, 1), (29, 0), (117, 0), (118, 1)]:
        moment = now + timedelta(days=days)
        assert check_in(session, moment) == due, days
        assert check_in(session, moment) == 0
        for each in session.exec(select(CheckIn).where(col(CheckIn.closed_at).is_(None))).all():
            checkins.answer(session, each.id, voice(session, guide), Answer.GOOD, moment)
            checkins.answer(session, each.id, make.acting(Side.NEWCOMER, asked.person_id), Answer.GOOD, moment)
    assert open_kinds(session) == []
    assert pairing.state is State.ACTIVE


@pytest.mark.parametrize("said", [Answer.DIFFICULT, Answer.NO_CONTACT])
def test_what_is_difficult_is_handed_over_at_once_and_both_voices_stand_in_one_task(session, now, office, said):
    _pairing, guide, asked = pair(session, office, State.ACTIVE, state_since=now - timedelta(days=14))
    check_in(session, now)
    question = session.exec(select(CheckIn)).one()
    checkins.answer(session, question.id, voice(session, guide), said, now)
    checkins.answer(session, question.id, make.acting(Side.NEWCOMER, asked.person_id), said, now)
    [task] = session.exec(select(Task))
    assert task.kind == Matter.CHECK_IN
    assert task.why == [{"code": f"said_{said}", "value": side} for side in ("guide", "newcomer")]
    with pytest.raises(Conflict):
        checkins.answer(session, question.id, voice(session, guide), said, now)


def test_an_unanswered_question_is_handed_over_after_a_week_also_of_somebody_without_an_address(session, now, office):
    pair(session, office, State.ACTIVE, about={"email": None}, state_since=now - timedelta(days=14))
    check_in(session, now)
    assert mails(session) == ["check_in"]
    assert check_in(session, now + timedelta(days=6)) == 0
    assert check_in(session, now + timedelta(days=9)) == 1
    assert check_in(session, now + timedelta(days=9)) == 0
    assert session.exec(select(Task)).one().why == [
        {"code": "no_answer", "value": "guide"}, {"code": "no_answer_no_mail", "value": "newcomer"},
    ]  # fmt: skip


def test_nobody_answers_for_others_or_twice_or_what_was_not_asked(session, now, office):
    _pairing, guide, _asked = pair(session, office, State.ACTIVE, state_since=now - timedelta(days=14))
    stranger = make.guide(session, office)
    check_in(session, now)
    question = session.exec(select(CheckIn)).one()
    with pytest.raises(NotFound):
        checkins.answer(session, question.id, voice(session, stranger), Answer.GOOD, now)
    with pytest.raises(NotFound):
        checkins.answer(session, question.id, make.coordinator(session, office), Answer.GOOD, now)
    with pytest.raises(NotAllowed):
        checkins.answer(session, question.id, voice(session, guide), Answer.NOT_MET, now)


@pytest.mark.parametrize(("days", "due"), [(44, 0), (45, 1), (47, 1)])
def test_after_45_days_the_newcomer_is_told_and_the_office_learns_why(session, now, office, days, due):
    nobody = [{"code": "but_for_too_far", "value": "guides=2"}]
    since = now - timedelta(days=days)
    asked = make.request(session, office, waiting_since=since, nobody=nobody)
    make.request(session, office, waiting_since=since, state=RequestState.CLOSED)
    assert unmatched(session, now) == due
    assert unmatched(session, now + timedelta(days=1)) == 1 - due if days == 44 else True
    if due:
        assert unmatched(session, now) == 0
        assert mails(session) == ["unmatched"]
        [task] = session.exec(select(Task))
        assert [why["code"] for why in task.why] == ["waited", "but_for_too_far", "would_help"]
        session.refresh(asked)
        assert nextstep.of_request(session, asked).owner is Side.OFFICE


CONDUCT = [(91, 0), (90, 1), (31, 1), (30, 1), (0, 1), (-1, 0)]


@pytest.mark.parametrize(("left", "due"), CONDUCT)
def test_guide_and_office_are_told_before_a_certificate_ends(session, now, office, left, due):
    guide = make.guide(session, office, conduct_valid_until=local_date(now) + timedelta(days=left))
    assert conduct_check(session, now) == due
    assert conduct_check(session, now) == 0
    assert mails(session) == ["conduct_ends", "office_conduct_ends"] * due
    assert open_kinds(session) == [Matter.CONDUCT_ENDS] * due
    staff = make.coordinator(session, office)
    valid = local_date(now) + timedelta(days=900)
    guides.see_conduct_check(session, guide.id, staff, now, seen_on=local_date(now), valid_until=valid)
    assert open_kinds(session) == []


def test_both_notices_come_once_however_long_the_outage(session, now, office):
    make.guide(session, office, conduct_valid_until=local_date(now) + timedelta(days=90))
    assert [conduct_check(session, now + timedelta(days=days)) for days in (0, 2, 58, 62, 64)] == [1, 0, 0, 1, 0]


def test_running_pairings_with_children_are_flagged_once_the_certificate_has_ended(session, now, office):
    guide = make.guide(session, office, capacity=3, conduct_valid_until=local_date(now) - timedelta(days=1))
    family = make.request(session, office, household=Household.CHILDREN)
    flagged = make.pairing(session, family, guide, State.ACTIVE)
    make.pairing(session, make.request(session, office), guide, State.ACTIVE)
    assert conduct_check(session, now) == 1
    assert conduct_check(session, now + timedelta(days=2)) == 0
    [task] = session.exec(select(Task))
    assert (task.kind, task.pairing_id) == (Matter.CONDUCT_ENDED, flagged.id)
    with pytest.raises(NotAllowed):
        handovers.close(session, task.id, make.coordinator(session, office), now, outcome="talked")


def test_an_approved_pairing_without_a_date_becomes_a_task_that_a_date_settles(session, now, office):
    pairing, _guide, _asked = pair(session, office, State.APPROVED, state_since=now)
    assert first_meeting(session, now + timedelta(days=6)) == 0
    assert first_meeting(session, now + timedelta(days=7)) == 1
    assert first_meeting(session, now + timedelta(days=9)) == 0
    assert open_kinds(session) == [Matter.DATE_MEETING]
    staff, at = make.coordinator(session, office), now + timedelta(days=12)
    first_meetings.schedule(session, pairing.id, staff, now + timedelta(days=9), at=at, place="Rathaus")
    assert open_kinds(session) == []


def test_the_day_after_the_first_meeting_guide_and_office_are_asked_and_it_may_be_dated_anew(session, now, office):
    pairing, guide, _asked = pair(session, office, State.APPROVED, first_meeting_at=now)
    assert first_meeting(session, now + timedelta(hours=9)) == 0
    after = now + timedelta(days=3)
    assert first_meeting(session, after) == 1
    assert first_meeting(session, after) == 0
    assert open_kinds(session) == [Matter.MEETING_HELD]
    question = session.exec(select(CheckIn)).one()
    assert question.kind is Question.FIRST_MEETING
    checkins.answer(session, question.id, voice(session, guide), Answer.NOT_MET, after)
    assert session.exec(select(Task)).one().why == [{"code": "said_not_met", "value": "guide"}]
    staff, again = make.coordinator(session, office), after + timedelta(days=2)
    first_meetings.schedule(session, pairing.id, staff, after, at=again, place="Rathaus")
    assert open_kinds(session) == []
    assert mails(session) == ["first_meeting_held", "first_meeting_moved", "first_meeting_moved"]
    assert first_meeting(session, again + timedelta(days=1)) == 1
    pairings.act(session, pairing.id, Action.MEET, voice(session, guide), again + timedelta(days=1))
    assert open_kinds(session) == []


def test_a_long_break_is_looked_at_and_again_where_it_goes_on(session, now, office):
    pair(session, office, State.PAUSED, state_since=now)
    assert [check_in(session, now + timedelta(days=days)) for days in (89, 90, 92)] == [0, 1, 0]
    task = session.exec(select(Task)).one()
    staff = make.coordinator(session, office)
    handovers.close(session, task.id, staff, now + timedelta(days=92), outcome="talked")
    session.flush()
    assert [check_in(session, now + timedelta(days=days)) for days in (181, 182)] == [0, 1]
