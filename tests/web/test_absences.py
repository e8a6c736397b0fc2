"""The office's page of absences: noted by oneself, by the lead for all, and said wherever tasks are given away."""

from datetime import timedelta

import pytest

from lotsen.clock import now
from lotsen.models import Account, Task
from lotsen.rules.calendar import local_date
from lotsen.rules.handover import Matter
from lotsen.services import tasks
from tests import factories as make
from tests.web.offices import Desk


@pytest.fixture
def desk(app, client):
    return Desk(app, client)


def test_whoever_is_away_says_so_and_the_substitute_finds_the_tasks_under_mine(desk, client):
    with desk.writing() as session:
        task = tasks.hand_over(session, Matter.NOBODY_LEFT, session.merge(desk.request), now())
        task.assignee_id = desk.kim.id
        number = task.id
    today = local_date(now())
    page = client.get("/office/absences").text
    assert "Nobody is away." in page
    assert 'name="absence-account"' not in page
    sent = {"absence-begins_on": today.isoformat(), "absence-ends_on": (today - timedelta(days=1)).isoformat()}
    wrong = client.post("/office/absences", data={**sent, "absence-substitute": desk.lee.id})
    assert wrong.status_code == 422
    assert "The last day is before the first" in wrong.text
    sent["absence-ends_on"] = (today + timedelta(days=9)).isoformat()
    assert client.post("/office/absences", data={**sent, "absence-substitute": desk.lee.id}).status_code == 302
    twice = client.post("/office/absences", data={**sent, "absence-substitute": desk.lee.id})
    assert (twice.status_code, "is away on some of these days already" in twice.text) == (422, True)
    assert "(away until" in client.get(f"/office/tasks/{number}").text
    client.sign_in("lee@example.org", make.PASSWORD)
    mine = client.get("/office/?whose=mine").text
    assert "Amal" in mine
    assert "You stand in for Kim" in mine
    assert client.post("/office/absences/1/end").status_code == 404
    with desk.writing() as session:
        session.get_one(Account, desk.lee.id).is_lead = True
    assert 'name="absence-account"' in client.get("/office/absences").text
    assert client.post("/office/absences/1/end").status_code == 302
    assert "Nothing fits these filters." in client.get("/office/?whose=mine").text
    with desk.writing() as session:
        assert session.get_one(Task, number).assignee_id == desk.kim.id
