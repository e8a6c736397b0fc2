"""Requests for one appointment: told in time that nobody is found, and never asked how it goes on."""

from datetime import date, timedelta

import pytest
from sqlmodel import col, select

from lotsen.jobs.unmatched import unmatched
from lotsen.models import Mail, Task
from lotsen.rules.calendar import local_date
from lotsen.rules.errors import NotFound
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import Side, State
from lotsen.rules.vocabulary import RequestKind, Takes
from lotsen.services import nextstep, requests, suggestion
from tests import factories as make


@pytest.fixture
def office(session):
    return make.municipality(session)


def mails(session):
    return [mail.template for mail in session.exec(select(Mail))]


def open_kinds(session):
    return [task.kind for task in session.exec(select(Task).where(col(Task.closed_at).is_(None)))]


@pytest.mark.parametrize(
    ("until", "first", "in_time"),
    [
        ("2026-03-20", "2026-03-18", None), ("2026-03-16", "2026-03-12", None), ("2026-04-07", "2026-04-01", None),
        ("2026-03-20", "2026-03-16", 4), ("2026-03-20", "2026-03-20", 0),
    ],
)  # fmt: skip
def test_an_appointment_without_anybody_is_handed_over_in_time_and_once_more_when_its_days_are_over(
    session, now, office, until, first, in_time
):
    if in_time is not None:
        office.settings_changes = {"appointment_working_days": in_time}
    over, told = date.fromisoformat(until) + timedelta(days=1), []
    asked = make.request(session, office, kind=RequestKind.ONE_OFF, wanted_until=date.fromisoformat(until))
    for day in range(35):
        moment = now + timedelta(days=day)
        assert nextstep.of_request(session, asked).owner is Side.OFFICE
        if unmatched(session, moment):
            told.append(local_date(moment))
            session.flush(), session.refresh(asked)
        assert unmatched(session, moment) == 0
    assert told == [date.fromisoformat(first), over]
    assert mails(session) == ["unmatched"] * 2
    [task] = session.exec(select(Task))
    assert (task.kind, task.request_id) == (Matter.UNMATCHED, asked.id)
    assert [why for why in task.why if why["code"].startswith("window")] == [
        {"code": "window_ends", "value": until}, {"code": "window_over", "value": until}
    ]  # fmt: skip


@pytest.mark.parametrize("kind", RequestKind)
def test_new_days_or_lasting_company_settle_it_and_somebody_is_looked_for_again(session, now, office, kind):
    today, staff = local_date(now), make.coordinator(session, office)
    guide = make.guide(session, office)
    asked = make.request(session, office, kind=RequestKind.ONE_OFF, wanted_until=today - timedelta(days=1))
    assert suggestion.run(session, now) == 0, "nobody is asked for days that are over"
    assert unmatched(session, now) == 1
    days = {"wanted_until": today + timedelta(days=9)} if kind is RequestKind.ONE_OFF else {}
    requests.want(session, asked.id, staff, now, kind=kind, **days)
    session.flush()
    assert open_kinds(session) == []
    assert unmatched(session, now) == 0
    assert suggestion.propose_due(session, now) == 1
    guide.takes = Takes.LASTING if kind is RequestKind.ONE_OFF else Takes.ONE_OFF
    session.add(guide)
    session.flush()
    assert suggestion.run(session, now) == 0, "a guide who no longer takes this kind is not proposed any more"
    foreign = make.coordinator(session, make.municipality(session, "03403000", "Oldenburg"))
    with pytest.raises(NotFound):
        requests.want(session, asked.id, foreign, now, kind=RequestKind.LASTING)


def test_while_somebody_is_asked_for_an_appointment_only_the_office_hears_that_its_days_end(session, now, office):
    asked = make.request(session, office, kind=RequestKind.ONE_OFF, wanted_until=local_date(now))
    pairing = make.pairing(session, asked, make.guide(session, office), State.ACCEPTED, state_since=now)
    assert unmatched(session, now) == 1
    assert (mails(session), open_kinds(session)) == ([], [Matter.UNMATCHED])
    assert pairing.state is State.ACCEPTED
