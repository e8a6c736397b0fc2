"""Two municipalities, the same story, different settings: each job keeps to each one's own."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlmodel import col, select

from lotsen.jobs.check_in import check_in
from lotsen.jobs.conduct_check import conduct_check
from lotsen.jobs.expire import expire
from lotsen.jobs.first_meeting import first_meeting
from lotsen.jobs.hand_over import hand_over
from lotsen.jobs.remind import remind
from lotsen.jobs.trial_end import trial_end
from lotsen.jobs.unmatched import unmatched
from lotsen.models import CheckIn, Event, Guide, Mail, MailState, Pairing, Person, Task
from lotsen.rules.calendar import local_date
from lotsen.rules.contact import MeetingEntry
from lotsen.rules.following import Question
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import Action, Side, State
from lotsen.rules.settings import Settings
from lotsen.rules.vocabulary import MeetingKind, Mood, RequestKind, RequestState
from lotsen.services import checkins, meetings, retention, suggestion, tasks
from lotsen.services import pairing as pairings
from tests import factories as make


def since(state, days):
    """A pairing that has been in `state` for so many days."""

    def tell(session, office, now):
        guide, asked = make.guide(session, office), make.request(session, office)
        return make.pairing(session, asked, guide, state, state_since=now - timedelta(days=days))

    return tell


def make_meeting(session, pairing, day):
    """A meeting that the guide has logged."""
    actor = make.acting(Side.GUIDE, pairings.person_of(session, pairing, Side.GUIDE).id)
    entry = MeetingEntry(kind=MeetingKind.TALK, minutes=60, mood=Mood.GOOD, held_on=day)
    meetings.log(session, pairing.id, actor, make.SPRING, entry, token=f"{pairing.id}")


def trial(session, office, now):
    pairing = since(State.APPROVED, 8)(session, office, now)
    pairings.act(session, pairing.id, Action.MEET, make.coordinator(session, office), now - timedelta(days=7))


def ending(session, office, now):
    guide, asked = make.guide(session, office), make.request(session, office)
    make.pairing(session, asked, guide, State.TRIAL, trial_until=now + timedelta(days=3))


def met_often(session, office, now):
    """No silence: only the regular question, every few months, may be due."""
    pairing = since(State.ACTIVE, 20)(session, office, now)
    make_meeting(session, pairing, local_date(now))


def asked(session, office, now):
    pairing = since(State.ACTIVE, 6)(session, office, now)
    checkins.ask(session, pairing, Question.CHECK_IN, now - timedelta(days=4))


def overdue(session, office, now):
    tasks.hand_over(session, Matter.CHECK_IN, since(State.ACTIVE, 6)(session, office, now), now - timedelta(days=5))


def waiting(session, office, now):
    make.request(session, office, waiting_since=now - timedelta(days=10))


def certificate(session, office, now):
    make.guide(session, office, conduct_valid_until=local_date(now) + timedelta(days=180))


def fitting(session, office, now):
    make.guide(session, office), make.request(session, office)


def one_appointment(session, office, now):
    """The last of its days is the Monday after next: three working days are left on Thursday."""
    until = local_date(now) + timedelta(days=5)
    days = {"wanted_from": until, "wanted_until": until}
    make.request(session, office, waiting_since=now, kind=RequestKind.ONE_OFF, **days)


def closed(session, office, now):
    long_ago = now - timedelta(days=100)
    make.request(session, office, state=RequestState.CLOSED, closed_at=long_ago, close_reason="goal_reached")


def written_to(session, office, now):
    about = {"key": f"old:{office.id}", "municipality_id": office.id, "state": MailState.SENT}
    then = now - timedelta(days=20)
    session.add(Mail(template="office_agreed", created_at=then, due_at=then, sent_at=then, **about))


def trace(session):
    """How much has been done in each municipality: events, tasks, escalations, breaks given."""
    session.flush()
    done = Counter(session.exec(select(Event.municipality_id)))
    done.update(session.exec(select(Task.municipality_id)))
    done.update(session.exec(select(Task.municipality_id).where(col(Task.escalated_at).is_not(None))))
    done.update(session.exec(select(Guide.municipality_id).where(col(Guide.paused))))
    done.update(session.exec(select(Pairing.municipality_id).join(CheckIn, col(CheckIn.pairing_id) == Pairing.id)))
    done.update(session.exec(select(Person.municipality_id).where(col(Person.erased_at).is_not(None))))
    done.subtract(session.exec(select(Mail.municipality_id).where(Mail.template == "office_agreed")))
    return done


#: What a setting of one of two offices changes: its name, another value than the usual, the job, and what was there.
ROWS = (
    ("remind_after_days", 1, remind, since(State.OFFERED, 2)),
    ("expire_after_days", 5, expire, since(State.OFFERED, 6)),
    ("expiries_until_pause", 1, expire, since(State.OFFERED, 8)),
    ("escalate_after_working_days", 1, hand_over, since(State.AGREED, 2)),
    ("overdue_working_days", 1, hand_over, overdue),
    ("first_meeting_working_days", 1, first_meeting, since(State.APPROVED, 2)),
    ("trial_days", 7, trial_end, trial),
    ("trial_notice_days", 3, trial_end, ending),
    ("check_in_days", [5, 10], check_in, since(State.ACTIVE, 6)),
    ("check_in_every_days", 14, check_in, met_often),
    ("answer_days", 2, check_in, asked),
    ("long_break_days", 7, check_in, since(State.PAUSED, 8)),
    ("unmatched_after_days", 7, unmatched, waiting),
    ("conduct_notice_days", [200, 150], conduct_check, certificate),
    ("appointment_working_days", 5, unmatched, one_appointment),
    ("keep_file_days", 90, retention.run, closed),
    ("keep_mail_days", 14, retention.run, written_to),
    ("release", "automatic", suggestion.run, fitting),
)
#: Nothing that a job does by itself hangs on these: what is listed first, how people register, how candidates are
#: weighed; and the year after a no, which has a test of its own.
NO_JOBS = {"release_working_days", "confirm_link_hours", "training_lessons", "default_radius_km", "weighing",
           "declined_pair_days"}  # fmt: skip


def test_each_setting_that_a_job_keeps_to_is_in_the_table():
    assert {row[0] for row in ROWS} == Settings.model_fields.keys() - NO_JOBS


@pytest.mark.parametrize(("setting", "value", "job", "story"), ROWS, ids=[row[0] for row in ROWS])
def test_each_municipality_is_treated_by_its_own_settings(session, now, setting, value, job, story):
    usual = make.municipality(session)
    other = make.municipality(session, "03403000", "Oldenburg", settings_changes={setting: value})
    for office in (usual, other):
        story(session, office, now)
    before = trace(session)
    job(session, now)
    done = trace(session)
    done.subtract(before)
    assert done[other.id] > done[usual.id], done
    if setting not in {"expiries_until_pause", "release"}:  # there both get something, the other one more
        assert done[usual.id] == 0


def test_a_pair_that_declined_waits_as_long_as_its_own_office_says(session, now):
    usual = make.municipality(session)
    other = make.municipality(session, "03403000", "Oldenburg", settings_changes={"declined_pair_days": 500})
    for office in (usual, other):
        since(State.DECLINED, 400)(session, office, now)
    assert suggestion.run(session, now) == 1
    query = select(Pairing.municipality_id).where(Pairing.state == State.SUGGESTED)
    assert session.exec(query).all() == [usual.id]
