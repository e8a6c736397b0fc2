"""Every look into a file is written down by its address; what people ask the office for; words that are warned of."""

from pathlib import Path

import pytest
from sqlmodel import select
from wtforms import TextAreaField

from lotsen import web
from lotsen.models import Account, AuditEntry, Guide, Person, Task
from lotsen.models.audit import Did
from lotsen.rules.pairing import State
from lotsen.web.forms.free_text import FreeLineField, FreeTextField
from tests import factories as make
from tests.web.offices import Desk


@pytest.fixture
def desk(app, client):
    """Celle's office, Kim at the desk."""
    return Desk(app, client)


def entries(desk):
    with desk.writing() as session:
        return [(entry.did, entry.person_id) for entry in session.exec(select(AuditEntry).order_by(AuditEntry.id))]


def test_opening_changing_and_copying_files_is_written_down(desk, client):
    pairing_id = desk.pair(State.AGREED)
    newcomer, guide = desk.request.person_id, desk.guide.person_id
    client.get("/office/requests")
    assert entries(desk) == []
    client.get(f"/office/requests/{desk.request.id}")
    client.get(f"/office/requests/{desk.request.id}")
    assert entries(desk) == [(Did.SAW, newcomer)]
    client.get(f"/office/pairings/{pairing_id}")
    assert entries(desk)[1:] == [(Did.SAW, guide)]
    desk.act(pairing_id, "approve")
    assert set(entries(desk)[2:]) == {(Did.CHANGED, newcomer), (Did.CHANGED, guide)}
    desk.act(pairing_id, "approve")  # a page that is out of date: refused, so nothing was changed
    assert len(entries(desk)) == 4
    client.get(f"/office/people/{guide}/data")
    client.post(f"/office/people/{guide}/copy")
    assert entries(desk)[4:] == [(Did.EXPORTED, guide)]
    client.get("/office/guides/999999")
    assert len(entries(desk)) == 5


def test_a_task_leads_to_its_people(desk, client):
    pairing_id = desk.pair(State.AGREED)
    with desk.writing() as session:
        task = Task(
            municipality_id=desk.office_id, kind="approve", matter="approve:pairing:1", due_on=make.SPRING.date(),
            pairing_id=pairing_id, request_id=desk.request.id, guide_id=desk.guide.id, opened_at=make.SPRING,
        )  # fmt: skip
        session.add(task)
    client.get(f"/office/tasks/{task.id}")
    assert set(entries(desk)) == {(Did.SAW, desk.request.person_id), (Did.SAW, desk.guide.person_id)}


def test_the_office_restricts_and_erases_on_somebody_s_word(desk, client):
    number = desk.guide.person_id
    assert f"/office/people/{number}/data" in client.get(f"/office/guides/{desk.guide.id}").text
    client.get(f"/office/people/{number}/data")
    client.post(f"/office/people/{number}/restrict")
    assert "Restricted" in client.get(f"/office/guides/{desk.guide.id}").text
    client.get(f"/office/people/{number}/data")
    client.post(f"/office/people/{number}/erase")
    with desk.writing() as session:
        assert session.get_one(Person, number).first_name == "–"
        assert session.exec(select(Guide.cleared_on).where(Guide.id == desk.guide.id)).one() is None
    assert "Lindqvist" not in client.get("/office/guides").text
    assert client.get(f"/office/people/{number}/data").status_code == 404


def test_people_of_another_office_are_not_there(desk, client):
    with desk.writing() as session:
        far = make.person(session, make.municipality(session, "03403000", "Oldenburg"))
    client.get("/office/")
    for what in ("copy", "restrict", "erase"):
        assert client.post(f"/office/people/{far.id}/{what}").status_code == 404
    assert client.get(f"/office/people/{far.id}/data").status_code == 404
    assert entries(desk) == []


def test_the_lead_alone_sees_who_looked_at_files(desk, client):
    client.get(f"/office/requests/{desk.request.id}")
    assert client.get("/office/views").status_code == 404
    with desk.writing() as session:
        lead = session.exec(select(Account).where(Account.email == "kim@example.org")).one()
        lead.is_lead = True
        session.add(lead)
    page = client.get("/office/views").text
    assert "looked at the file" in page
    assert "Kim" in page
    assert "/office/views" in client.get("/office/help").text


def test_words_about_residence_status_are_warned_of_once_and_kept(desk, client):
    address = f"/office/guides/{desk.guide.id}"
    client.get(address)
    sent = {"interview-on": "2026-01-10", "interview-note": "Wohnt bei jemandem mit Duldung"}
    names = [field["name"] for field in client.page.fields if (field["name"] or "").endswith(("on", "note"))]
    sent = {next(name for name in names if name.endswith(key.split("-")[1])): value for key, value in sent.items()}
    note = next(name for name in sent if name.endswith("note"))
    warned = client.post(address + "/interview", data=sent)
    assert warned.status_code == 422
    assert "residence status" in warned.text
    assert "Wohnt bei jemandem mit Duldung" in warned.text
    with desk.writing() as session:
        assert session.get_one(Guide, desk.guide.id).interview_note is None
    assert client.post(address + "/interview", data=sent | {f"{note}-anyway": "y"}).status_code == 302
    with desk.writing() as session:
        assert session.get_one(Guide, desk.guide.id).interview_note == "Wohnt bei jemandem mit Duldung"


def test_every_field_for_free_words_warns(app):
    assert app
    kinds, todo = set(), [TextAreaField, FreeLineField]
    while todo:
        kind = todo.pop()
        kinds.add(kind)
        todo += kind.__subclasses__()
    ours = {kind for kind in kinds if kind.__module__.startswith("lotsen")}
    assert ours == {FreeTextField, FreeLineField}
    others = {
        "free_text.py",
        "showcase.py",
        "appearance.py",
        "wording.py",
    }  # the last two: what all read is about nobody
    plain = [
        path.name
        for path in Path(web.__file__).parent.rglob("*.py")
        if "TextAreaField(" in path.read_text(encoding="utf-8") and path.name not in others
    ]
    assert plain == []
