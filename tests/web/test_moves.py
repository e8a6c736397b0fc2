"""Handing somebody over between two offices, in the browser's words, and what the first one finds afterwards."""

import pytest
from sqlmodel import select

from lotsen.clock import now
from lotsen.models import Consent, Mail, Move, Municipality, Person, Request
from lotsen.rules.calendar import local_date
from lotsen.rules.pairing import State
from lotsen.rules.vocabulary import Role
from tests import factories as make
from tests.web.offices import Desk


@pytest.fixture
def desk(app, client):
    return Desk(app, client)


@pytest.fixture
def emden(desk, app):
    """A member of staff of another municipality, signed in."""
    with desk.writing() as session:
        office = make.municipality(session, "03402000", "Emden")
        make.account(session, Role.COORDINATOR, office, name="Eva", email="eva@example.org")
    other = app.test_client()
    other.get("/login?lang=en")
    other.sign_in("eva@example.org", make.PASSWORD)
    other.office_id = office.id
    return other


def ask(desk, client, emden, person_id, **data):
    home = f"/office/people/{person_id}/move/{emden.office_id}"
    page = client.get(home).text
    assert "Koordinierungsstelle Emden" in page
    return client.post(home, data={"move-postcode": "26721", "move-word": "Ruft gern an", **data})


def test_a_person_is_handed_over_with_consent_and_gone_for_the_first_office(desk, client, emden):
    person_id, request_id = desk.request.person_id, desk.request.id
    pairing_id = desk.pair(State.ACTIVE)
    where = f"/office/people/{person_id}/move"
    assert f'href="{where}"' in client.get(f"/office/requests/{request_id}").text, "one click from the file"
    assert "Emden" in client.get(where).text
    refused = ask(desk, client, emden, person_id)
    assert refused.status_code == 422
    assert "Nobody is handed over without their consent" in refused.text
    assert "Ruft gern an" in refused.text
    answer = ask(desk, client, emden, person_id, **{"move-agreed": "y", "move-pairings": "keep"})
    address = answer.location
    assert client.get(where).location == address, "whoever is asked already is not asked twice"
    assert "Waits for an answer" in client.get(address).text
    with desk.writing() as session:
        proof = session.exec(select(Consent).where(Consent.kind == "move")).one()
        assert "Koordinierungsstelle Emden" in proof.text
    assert "Somebody moves here" in emden.get("/office/").text
    assert emden.get(f"/office/requests/{request_id}").status_code == 404
    page = emden.get(address).text
    assert "Ruft gern an" in page
    assert "person1@" not in page
    assert emden.post(f"{address}/accept").location == f"/office/requests/{request_id}"
    assert "Amal" in emden.get(f"/office/requests/{request_id}").text
    assert "Amal" in emden.get(f"/office/pairings/{pairing_id}").text
    gone = [f"/office/requests/{request_id}", f"/office/pairings/{pairing_id}", f"/office/people/{person_id}/story",
            f"/office/people/{person_id}/data", f"/office/people/{person_id}/move", address]  # fmt: skip
    assert {client.get(page).status_code for page in gone} == {404}
    for page in ("/office/", "/office/requests", "/office/pairings", "/office/views"):
        assert "Amal" not in client.get(page).text
    client.post("/office/search", data={"look-q": "Amal"})
    assert "Nobody here fits" in client.get("/office/search").text


def test_whoever_moves_is_told_by_mail_or_gets_a_letter_in_their_language(desk, client, emden):
    with desk.writing() as session:
        mailed, silent = (session.get_one(Person, each.person_id) for each in (desk.guide, desk.request))
        silent.email, silent.locale = None, "ar"
        session.add(silent)
        asked = session.get_one(Request, desk.request.id)
        asked.nobody, asked.matched_on = [{"code": "no_guide"}], local_date(now())
    file = f"/office/requests/{desk.request.id}"
    assert "proposed nobody" in client.get(file).text
    for person_id in (desk.guide.person_id, desk.request.person_id):
        address = ask(desk, client, emden, person_id, **{"move-agreed": "y"}).location
        assert emden.get(f"{address}/letter.html").status_code == 404, "nobody has said yes"
        emden.get(address)
        answer = emden.post(f"{address}/accept").location
    assert answer == address, "who has no e-mail gets a letter first"
    assert "please send or hand over the letter" in emden.get(address).text
    assert "proposed nobody" not in emden.get(file).text, "the first office's guides are not theirs"
    letter = emden.get(f"{address}/letter.html").text
    assert 'dir="rtl"' in letter
    assert "Koordinierungsstelle Emden" in letter
    assert client.get(f"{address}/letter.html").status_code == 404
    with desk.writing() as session:
        told = session.exec(select(Mail).where(Mail.template == "moved")).one()
        assert (told.person_id, told.municipality_id, told.params["path"]) == (mailed.id, emden.office_id, "/guide/")


def test_a_guide_is_declined_with_a_reason_and_the_proposal_is_called_off(desk, client, emden):
    person_id = desk.guide.person_id
    address = ask(desk, client, emden, person_id, **{"move-agreed": "y"}).location
    emden.get(address)
    assert emden.post(f"{address}/decline", data={"decline-reason": " "}).status_code == 422
    emden.post(f"{address}/decline", data={"decline-reason": "Kein Platz im Kurs"})
    assert emden.get(address).status_code == 404
    assert "Kein Platz im Kurs" in client.get(address).text
    assert "The other office declined: please read why" in client.get("/office/").text
    again = ask(desk, client, emden, person_id, **{"move-agreed": "y"}).location
    client.post(f"{again}/call-off")
    assert "Called off" in client.get(again).text
    assert emden.get(again).status_code == 404
    with desk.writing() as session:
        assert session.get_one(Person, person_id).municipality_id == desk.office_id
        assert len(session.exec(select(Move)).all()) == 2
        assert session.get_one(Municipality, emden.office_id)
