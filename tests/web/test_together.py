"""The worklist at work: narrowed by colleague, place and language; several tasks at once, without JavaScript."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from lotsen.models import AuditEntry, Municipality, Request, Task
from lotsen.models.audit import Did
from lotsen.rules.handover import Matter
from lotsen.services import tasks
from tests import factories as make
from tests.web.offices import Desk


@pytest.fixture
def desk(app, client):
    return Desk(app, client)


def waiting(desk, kind=Matter.UNMATCHED, **about):
    """Somebody else's matter waits in the office."""
    with desk.writing() as session:
        request = (
            make.request(session, session.get_one(Municipality, desk.office_id), about=about) if about else desk.request
        )
        return tasks.hand_over(session, kind, session.merge(request), datetime.now(UTC)).id


def stored(desk, task_id):
    with desk.writing() as session:
        task = session.get_one(Task, task_id)
        return task.assignee_id, task.due_on, task.outcome


def test_the_list_is_narrowed_by_colleague_place_and_language_and_the_filters_stay(desk, client):
    amal = waiting(desk)
    waiting(desk, first_name="Oksana", town="Bergen", languages={"uk": "C2"})
    with desk.writing() as session:
        session.get_one(Task, amal).assignee_id = desk.lee.id
    for query, seen, unseen in (
        (f"whose={desk.lee.id}", "Amal", "Oksana"), ("whose=nobody", "Oksana", "Amal"),
        ("town=bergen", "Oksana", "Amal"), ("language=uk", "Oksana", "Amal"),
        ("whose=nobody&language=uk&town=Berg", "Oksana", "Amal"),
    ):  # fmt: skip
        page = client.get(f"/office/?{query}").text
        assert seen in page, query
        assert unseen not in page, query
    assert "whose=nobody" in client.get("/office/?whose=nobody&language=uk").text
    assert "Nothing fits these filters." in client.get("/office/?town=Nirgendwo").text
    assert "Amal" in client.get("/office/?whose=999999&language=xx").text


def test_tasks_are_chosen_given_away_put_off_and_closed_and_what_was_typed_stays(desk, client):
    ids = [waiting(desk), waiting(desk, first_name="Oksana")]
    page = client.get("/office/?kind=unmatched&tick=1").text
    assert page.count('form="together"') == page.count("checked") == 2
    query = "&".join(f"task={number}" for number in ids)
    shown = client.get(f"/office/together?do=assign&{query}&next=/office/?kind=unmatched").text
    assert "Amal" in shown
    assert "Oksana" in shown
    sent = {"task": ids, "next": "/office/?kind=unmatched"}
    given = client.post("/office/together", data={**sent, "do": "assign", "together-assignee": str(desk.lee.id)})
    assert given.location == "/office/?kind=unmatched"
    assert {stored(desk, number)[0] for number in ids} == {desk.lee.id}
    with desk.writing() as session:
        changed = select(AuditEntry.person_id).where(AuditEntry.did == Did.CHANGED)
        people = select(Request.person_id).join(Task, Task.request_id == Request.id).where(Task.id.in_(ids))
        assert set(session.exec(changed)) == set(session.exec(people)) != set()

    later = (datetime.now(UTC) + timedelta(days=20)).date()
    off = {**sent, "do": "postpone", "together-due_on": later.isoformat()}
    missing = client.post("/office/together", data=off)
    assert missing.status_code == 422
    assert later.isoformat() in missing.text
    assert client.post("/office/together", data={**off, "together-reason": "date_agreed"}).status_code == 302
    assert {stored(desk, number)[1] for number in ids} == {later}
    assert "Put off: A date is agreed" in client.get(f"/office/tasks/{ids[0]}").text
    far = client.post(
        "/office/together", data={**off, "together-due_on": "2099-01-01", "together-reason": "date_agreed"}
    )
    assert "within three months" in far.text

    closed = client.post("/office/together", data={**sent, "do": "close", "together-outcome": "not_needed"})
    assert closed.location == "/office/?kind=unmatched"
    assert {stored(desk, number)[2] for number in ids} == {"not_needed"}
    again = client.post("/office/together", data={**sent, "do": "close", "together-outcome": "not_needed"})
    assert "Please choose at least one open task." in client.get(again.location).text


def test_what_is_not_possible_together_is_said_before_anything_is_sent(desk, client):
    safety, unmatched = waiting(desk, Matter.SAFETY), waiting(desk)
    nobody = waiting(desk, Matter.NOBODY_LEFT)
    put_off = client.get(f"/office/together?do=postpone&task={safety}&task={unmatched}").text
    assert "Not possible together" in put_off
    assert f'value="{unmatched}"' in put_off
    assert f'value="{safety}"' not in put_off
    mixed = client.get(f"/office/together?do=close&task={nobody}&task={unmatched}").text
    assert "Only tasks of one kind" in mixed
    assert "<fieldset" not in mixed


def test_tasks_of_another_office_are_not_there(desk, client):
    with desk.writing() as session:
        far = make.municipality(session, "03403000", "Oldenburg")
        foreign = tasks.hand_over(session, Matter.UNMATCHED, make.request(session, far), datetime.now(UTC)).id
    assert client.get(f"/office/together?do=close&task={foreign}").status_code == 302
    client.get("/office/")
    answer = client.post("/office/together", data={"task": foreign, "do": "close", "together-outcome": "talked"})
    assert answer.status_code == 302
    assert stored(desk, foreign)[2] is None


def test_a_task_that_somebody_adds_to_another_form_is_no_change_of_its_people(desk, client):
    theirs = waiting(desk, first_name="Oksana")
    client.get(f"/office/requests/{desk.request.id}")
    client.post(f"/office/requests/{desk.request.id}/close?task={theirs}", data={"close-reason": "moved"})
    with desk.writing() as session:
        changed = session.exec(select(AuditEntry.person_id).where(AuditEntry.did == Did.CHANGED)).all()
    assert changed == [desk.request.person_id]
