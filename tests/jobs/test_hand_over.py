"""What waits reaches the office each working morning, and its lead when it waits too long."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from lotsen.jobs.hand_over import hand_over
from lotsen.models import Mail, Task
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import State
from lotsen.rules.vocabulary import Role
from lotsen.services import followup, tasks
from tests import factories as make


@pytest.fixture
def office(session):
    return make.municipality(session)


def digests(session):
    return session.exec(select(Mail).where(Mail.template == "office_digest")).all()


def waiting(session, office, now):
    request = make.request(session, office)
    pairing = make.pairing(session, request, make.guide(session, office), State.AGREED, state_since=now)
    tasks.hand_over(session, Matter.APPROVE, pairing, now, working_days=5)
    return pairing


@pytest.mark.parametrize(
    ("moment", "sent"),
    [
        ("2026-03-11T06:30+01:00", False),
        ("2026-03-11T07:00+01:00", True),
        ("2026-03-11T15:00+01:00", True),
        ("2026-03-30T07:00+02:00", True),
        ("2026-03-14T09:00+01:00", False),
        ("2026-04-03T09:00+02:00", False),
        ("2026-10-31T09:00+01:00", False),
    ],
    ids=["too early", "seven", "late", "after the clocks changed", "Saturday", "Good Friday", "Reformation Day"],
)
def test_a_digest_goes_out_on_working_mornings_only(session, office, moment, sent):
    now = datetime.fromisoformat(moment).astimezone(UTC)
    make.coordinator(session, office)
    waiting(session, office, now)
    assert hand_over(session, now) == int(sent)
    assert hand_over(session, now + timedelta(hours=1)) == 0 or not sent
    assert len(digests(session)) == 1 or not sent


def test_each_active_member_of_staff_gets_the_numbers_of_the_worklist_and_no_names(session, now, office):
    actors = [make.coordinator(session, office) for _ in range(2)]
    make.account(session, Role.COORDINATOR, office).active = False
    make.coordinator(session, make.municipality(session, "03241001", "Hannover"))
    waiting(session, office, now)
    make.pairing(session, make.request(session, office), make.guide(session, office), State.SUGGESTED)
    assert hand_over(session, now) == 2
    mails = digests(session)
    assert {mail.account_id for mail in mails} == {actor.account_id for actor in actors}
    assert mails[0].params == {"path": "/office/", "waiting": 2, "overdue": 0, "approve": 1, "mine": 0}


def test_where_nothing_waits_nobody_is_written_to(session, now, office):
    make.coordinator(session, office)
    assert hand_over(session, now) == 0


def test_an_agreement_left_for_five_working_days_goes_to_the_lead_once(session, now, office):
    lead = make.account(session, Role.COORDINATOR, office, is_lead=True)
    pairing = waiting(session, office, now)
    for days in (5, 6):
        hand_over(session, now + timedelta(days=days))
    session.refresh(pairing)
    assert pairing.escalated_at is None
    late = now + timedelta(days=7)
    hand_over(session, late)
    hand_over(session, late + timedelta(days=1))
    session.refresh(pairing)
    assert pairing.escalated_at == late
    [mail] = session.exec(select(Mail).where(Mail.template == "office_overdue"))
    assert (mail.account_id, mail.params["path"]) == (lead.id, f"/office/pairings/{pairing.id}")
    assert session.exec(select(Task)).one().assignee_id == lead.id


def test_without_a_lead_the_offices_own_address_is_told(session, now, office):
    waiting(session, office, now)
    hand_over(session, now + timedelta(days=7))
    [mail] = session.exec(select(Mail))
    assert (mail.template, mail.account_id, mail.municipality_id) == ("office_overdue", None, office.id)


@pytest.mark.parametrize(
    ("since", "later"),
    [
        ("2026-03-11T10:00+01:00", "2026-03-18T10:00+01:00"),
        ("2026-03-27T10:00+01:00", "2026-04-07T10:00+02:00"),
        ("2026-03-14T10:00+01:00", "2026-03-20T10:00+01:00"),
    ],
    ids=["a week", "Easter and the clocks", "from a Saturday"],
)
def test_working_days_skip_weekends_and_holidays_and_keep_the_time_of_day(since, later):
    assert followup.working_days_later(datetime.fromisoformat(since), 5) == datetime.fromisoformat(later)
