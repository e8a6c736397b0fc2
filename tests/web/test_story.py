"""The story on the office's page: filters in the address, notes kept as typed, nothing for anybody else."""

import pytest
from sqlmodel import select

from lotsen.models import AuditEntry, Note, Person
from lotsen.models.audit import Did
from lotsen.rules.pairing import State
from lotsen.rules.vocabulary import Role
from tests import factories as make
from tests.web.offices import Desk


@pytest.fixture
def desk(app, client):
    return Desk(app, client)


def test_a_note_is_written_read_and_taken_back(desk, client):
    home = f"/office/people/{desk.request.person_id}/story"
    assert home in client.get(f"/office/requests/{desk.request.id}").text
    client.get(home)
    empty = client.post(home.replace("story", "notes"), data={"note-text": "  "})
    assert empty.status_code == 422
    doubtful = client.post(home.replace("story", "notes"), data={"note-text": "Duldung läuft aus"})
    assert doubtful.status_code == 422
    assert "Duldung läuft aus" in doubtful.text
    assert client.post(home.replace("story", "notes"), data={"note-text": "Ruft Montag an"}).location == home
    page = client.get(home + "?show=notes").text
    assert "Ruft Montag an" in page
    assert "Kim" in page
    with desk.writing() as session:
        note = session.exec(select(Note)).one()
        assert Did.CHANGED in session.exec(select(AuditEntry.did).where(AuditEntry.person_id == note.person_id)).all()
    client.post(f"/office/people/{note.person_id}/notes/{note.id}/delete")
    assert "Ruft Montag an" not in client.get(home).text
    assert "Note deleted by its author" in client.get(home).text


def test_a_colleague_reads_a_note_and_cannot_delete_it(desk, client, app):
    home = f"/office/people/{desk.guide.person_id}/story"
    client.get(home)
    client.post(home.replace("story", "notes"), data={"note-text": "Spricht auch etwas Dari"})
    colleague = app.test_client()
    colleague.get("/login?lang=en")
    colleague.sign_in("lee@example.org", make.PASSWORD)
    page = colleague.get(home).text
    assert "Spricht auch etwas Dari" in page
    assert "/delete" not in page
    with desk.writing() as session:
        note = session.exec(select(Note)).one()
    colleague.post(f"/office/people/{note.person_id}/notes/{note.id}/delete")
    assert "within a day" in colleague.get(home).text
    assert "Spricht auch etwas Dari" in client.get(home).text


def test_notes_stand_on_no_page_of_the_two_people(desk, client, app):
    pairing_id = desk.pair(State.ACTIVE)
    for person_id in (desk.request.person_id, desk.guide.person_id):
        client.get(f"/office/people/{person_id}/story")
        client.post(f"/office/people/{person_id}/notes", data={"note-text": "Notiz-7391"})
    with desk.writing() as session:
        for role, person_id in ((Role.NEWCOMER, desk.request.person_id), (Role.GUIDE, desk.guide.person_id)):
            person = session.get_one(Person, person_id)
            make.account(session, role, person=person, email=f"{role}@own.example")
    seen_by = {
        "newcomer": ["/status", "/my-data/"],
        "guide": ["/guide/", f"/contact/{pairing_id}", f"/guide/pairings/{pairing_id}/agreement.html"],
    }
    for role, pages in seen_by.items():
        own = app.test_client()
        own.get("/login?lang=en")
        own.sign_in(f"{role}@own.example", make.PASSWORD)
        for page in pages:
            answer = own.get(page)
            assert answer.status_code == 200, page
            assert "Notiz-7391" not in answer.text
