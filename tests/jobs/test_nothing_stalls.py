"""Whatever is open has an owner and a day, in Germany's calendar; and no job does anything twice."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from lotsen.jobs.check_in import check_in
from lotsen.jobs.conduct_check import conduct_check
from lotsen.jobs.expire import expire
from lotsen.jobs.first_meeting import first_meeting
from lotsen.jobs.hand_over import hand_over
from lotsen.jobs.schedule import JOBS
from lotsen.jobs.trial_end import trial_end
from lotsen.jobs.unmatched import unmatched
from lotsen.models import CheckIn, Consent, Method, Person, Task
from lotsen.rules.calendar import BERLIN, local_date
from lotsen.rules.errors import ConsentMissing, NotFound
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import OPEN, Side, State
from lotsen.rules.vocabulary import Role
from lotsen.services import handovers, model, nextstep, sessions, tasks, worklist
from lotsen.services.persons import ConsentGiven
from tests import factories as make
from tests.jobs.asking import mails, open_kinds, pair

AGREED = ConsentGiven("counselling", "2026-1", "I agree.", "ar")


@pytest.fixture
def office(session):
    return make.municipality(session)


NIGHTS = {"spring": date(2026, 3, 29), "autumn": date(2026, 10, 25)}


@pytest.mark.parametrize("night", NIGHTS.values(), ids=NIGHTS)
@pytest.mark.parametrize("hour", [0, 23])
def test_days_are_germanys_also_in_the_nights_when_the_clocks_change(session, office, night, hour):
    began = datetime(night.year, night.month, night.day, hour, 30, tzinfo=BERLIN) - timedelta(days=14)
    pair(session, office, State.ACTIVE, state_since=began.astimezone(UTC))
    pair(session, office, State.TRIAL, trial_until=datetime.combine(night, began.time(), BERLIN), state_since=began)
    morning = datetime(night.year, night.month, night.day, 7, tzinfo=BERLIN).astimezone(UTC)
    assert check_in(session, morning - timedelta(hours=25)) == 0
    assert trial_end(session, morning - timedelta(hours=25)) == 1
    assert check_in(session, morning) == 1
    assert trial_end(session, morning) == 1
    assert trial_end(session, morning + timedelta(minutes=1)) == 0


@pytest.mark.parametrize(
    ("opened", "due", "told"),
    [
        ("2026-03-11", "2026-03-13", "2026-03-17"),
        ("2025-12-23", "2025-12-29", "2025-12-31"),
        ("2026-04-02", "2026-04-08", "2026-04-10"),
        ("2025-10-30", "2025-11-04", "2025-11-06"),
        ("2026-04-30", "2026-05-05", "2026-05-07"),
    ],
    ids=["a week", "Christmas", "Easter", "Reformation Day", "1 May"],
)
def test_tasks_are_due_and_escalated_in_working_days(session, office, opened, due, told):
    lead = make.account(session, Role.COORDINATOR, office, is_lead=True)
    morning = datetime.fromisoformat(f"{opened}T07:00").replace(tzinfo=BERLIN).astimezone(UTC)
    pairing, _guide, _asked = pair(session, office, State.ACTIVE)
    task = tasks.hand_over(session, Matter.CHECK_IN, pairing, morning)
    assert task.due_on == date.fromisoformat(due)
    days = [local_date(morning) + timedelta(days=count) for count in range(20)]
    for day in days:
        hand_over(session, datetime(day.year, day.month, day.day, 7, tzinfo=BERLIN).astimezone(UTC))
        session.refresh(task)
        assert (task.escalated_at is not None) is (day >= date.fromisoformat(told)), day
        step = nextstep.of_pairing(session, pairing)
        assert (step.on, step.lead_on) == (date.fromisoformat(due), date.fromisoformat(told)), day
    assert task.assignee_id == lead.id
    assert mails(session).count("office_escalated") == 1


@pytest.mark.parametrize(
    ("state", "matter", "days"), [(State.AGREED, Matter.APPROVE, 7), (State.SUSPENDED, Matter.SAFETY, 1)]
)
def test_an_overdue_decision_says_when_it_went_to_the_lead(session, now, office, state, matter, days):
    make.account(session, Role.COORDINATOR, office, is_lead=True)
    pairing, _guide, asked = pair(session, office, state, state_since=now)
    tasks.hand_over(session, matter, pairing, now, working_days=5 if matter is Matter.APPROVE else None)
    expected = local_date(now) + timedelta(days=days)
    assert nextstep.of_pairing(session, pairing).lead_on == expected
    hand_over(session, now + timedelta(days=days + 5))
    session.refresh(pairing)
    assert nextstep.of_pairing(session, pairing).lead_on == expected + timedelta(days=5)
    assert nextstep.of_request(session, asked).lead_on == expected + timedelta(days=5)


def test_nobody_is_passed_on_without_recorded_consent(session, now, office):
    asked, staff = make.request(session, office), make.coordinator(session, office)
    task = tasks.hand_over(session, Matter.UNMATCHED, asked, now)
    with pytest.raises(ConsentMissing):
        handovers.close(session, task.id, staff, now, outcome="referred_on")
    handovers.close(session, task.id, staff, now, outcome="referred_on", consent=AGREED)
    consent = session.get_one(Consent, task.consent_id)
    assert (consent.person_id, consent.version, consent.text) == (asked.person_id, "2026-1", "I agree.")


@pytest.mark.parametrize("yes", [True, False])
def test_the_newcomer_says_yes_or_no_on_their_own_page(session, now, office, yes):
    asked, staff = make.request(session, office), make.coordinator(session, office)
    task = tasks.hand_over(session, Matter.UNMATCHED, asked, now)
    newcomer = make.acting(Side.NEWCOMER, asked.person_id)
    with pytest.raises(NotFound):
        handovers.answer_consent(session, newcomer, now, AGREED)
    handovers.ask_consent(session, task.id, staff, now)
    session.flush()
    handovers.answer_consent(session, newcomer, now, AGREED if yes else None)
    session.flush()
    if yes:
        handovers.close(session, task.id, staff, now, outcome="referred_on")
    else:
        assert task.why[-1]["code"] == "counselling_refused"
        with pytest.raises(ConsentMissing):
            handovers.close(session, task.id, staff, now, outcome="referred_on")


#: What can stall in each open state, and how long that may take until the office has it.
STALLS = {
    State.SUGGESTED: 0, State.OFFERED: 8, State.ACCEPTED: 8, State.AGREED: 0, State.APPROVED: 15, State.TRIAL: 36,
    State.ACTIVE: 22, State.PAUSED: 91, State.SUSPENDED: 0,
}  # fmt: skip


@pytest.mark.parametrize("state", sorted(OPEN))
def test_every_open_state_has_an_owner_and_a_day_and_nothing_that_stalls_is_forgotten(session, now, office, state):
    pairing, _guide, asked = pair(
        session, office, state, state_since=now, trial_until=now + timedelta(days=28), created_at=now
    )  # fmt: skip
    matter = {State.AGREED: Matter.APPROVE, State.SUSPENDED: Matter.SAFETY}.get(state)
    if matter:
        tasks.hand_over(session, matter, pairing, now)
    jobs = (expire, first_meeting, trial_end, check_in, unmatched, conduct_check)
    for day in range(STALLS[state] + 1):
        moment = now + timedelta(days=day)
        for job in jobs:
            job(session, moment)
        session.flush(), session.refresh(pairing), session.refresh(asked)
        step = nextstep.of_pairing(session, pairing)
        assert (step is None) is (pairing.state not in OPEN)
        assert step is None or step.on >= local_date(moment) or step.owner is Side.OFFICE
        assert nextstep.of_request(session, asked) is not None
    if state is State.OFFERED:
        assert pairing.state is State.EXPIRED
    elif state is State.SUGGESTED:
        assert worklist.worklist(session, office.id, None, local_date(moment), worklist.Filters()).all == 1
    else:
        assert nextstep.of_request(session, asked).owner is Side.OFFICE
        assert open_kinds(session)


@pytest.mark.parametrize(
    ("reader", "owner"), [(Side.GUIDE, Side.GUIDE), (Side.NEWCOMER, Side.NEWCOMER), (None, Side.GUIDE)]
)
def test_where_both_are_asked_it_is_the_turn_of_whoever_reads(session, now, office, reader, owner):
    pairing, _guide, _asked = pair(session, office, State.ACTIVE, state_since=now - timedelta(days=14))
    check_in(session, now)
    assert nextstep.of_pairings(session, [pairing], reader)[pairing.id].owner is owner


def test_without_a_matching_run_the_reason_is_looked_up(session, now, office):
    make.guide(session, office, topics=["leisure"])
    make.request(session, office, waiting_since=now - timedelta(days=45))
    assert unmatched(session, now) == 1
    codes = [(why["code"], why["value"]) for why in session.exec(select(Task)).one().why]
    assert codes[1:] == [("but_for_no_shared_topic", "guides=1"), ("would_help", "no_shared_topic")]


def test_a_guide_whose_data_are_only_kept_is_no_reason_why_somebody_waits(session, now, office):
    guide = make.guide(session, office)
    session.get_one(Person, guide.person_id).restricted_at = now
    make.request(session, office, waiting_since=now - timedelta(days=45))
    assert unmatched(session, now) == 1
    assert [why["code"] for why in session.exec(select(Task)).one().why][1:] == ["no_guides", "would_help"]


@pytest.mark.parametrize("job", [job for job in JOBS if job.run is not None], ids=lambda job: job.name)
def test_every_job_does_nothing_twice_and_heals_after_two_days(session, now, office, job, tmp_path):
    model.configure(tmp_path)
    make.coordinator(session, office)
    old = now - timedelta(days=50)
    for state in sorted(OPEN):
        made, _guide, _asked = pair(session, office, state, state_since=old, created_at=old, trial_until=now)
        if state is State.AGREED:
            tasks.hand_over(session, Matter.APPROVE, made, old, working_days=5)
    pair(session, office, State.OFFERED, state_since=now - timedelta(days=4))
    make.guide(session, office, conduct_valid_until=local_date(now) + timedelta(days=20))
    make.guide(session, office, paused=True, paused_until=local_date(now) - timedelta(days=1))
    make.request(session, office, waiting_since=old, created_at=now - timedelta(days=100))
    sessions.begin(session, make.account(session, Role.COORDINATOR, office), Method.PASSWORD, old)
    late = now + timedelta(days=2)
    first = job.run(session, late)
    session.flush()
    before = (len(mails(session)), len(open_kinds(session)), len(session.exec(select(CheckIn)).all()))
    again = job.run(session, late + timedelta(minutes=5))
    session.flush()
    after = (len(mails(session)), len(open_kinds(session)), len(session.exec(select(CheckIn)).all()))
    assert (again, after) == (0, before) or job.name == "learn"
    assert first > 0 or job.name == "learn"
