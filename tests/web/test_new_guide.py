"""Registering a guide without e-mail beside the desk, and the guide's way in by the code of the letter."""

import re

import pytest
from sqlmodel import select

from lotsen.clock import now
from lotsen.models import Guide, Pairing, Person
from lotsen.rules.calendar import local_date
from lotsen.rules.pairing import State
from tests import factories as make
from tests.web.offices import Desk

GUIDE = {
    "first_name": "ويلما",
    "last_name": "Harms",
    "postcode": "٢٩٢٢١",
    "phone": "05141 73950",
    "languages-0-language": "ar",
    "languages-0-level": "C2",
    "topics": ["authorities"],
    "slots": ["mon-evening"],
    "capacity": "1",
    "radius_km": "12",
    "newcomer_gender": "any",
    "takes": "both",
    "locale": "ar",
    "consent": "y",
    "promised": "y",
}


@pytest.fixture
def desk(app, client):
    return Desk(app, client)


def test_a_guide_is_registered_and_answers_an_offer_on_any_phone_by_the_code(desk, client, app):
    asked = client.get("/office/guides/new").text
    assert re.search(r'name="radius_km"[^>]*value="\d+"', asked), "the office's own figure stands there"
    shown = client.post("/office/guides/new", data=GUIDE)
    assert shown.status_code == 302, shown.text
    kept = client.get(shown.location).text
    code = re.search(r'<strong class="leaflet__code" dir="ltr">([0-9A-Z-]+)</strong>', kept)[1]
    with desk.writing() as session:
        person = session.exec(select(Person).where(Person.first_name == "ويلما")).one()
        guide = session.exec(select(Guide).where(Guide.person_id == person.id)).one()
        assert (person.email, person.postcode, person.phone, person.locale) == (None, "29221", "+49514173950", "ar")
        assert (guide.radius_km, guide.confidentiality_on is not None) == (12, True)
        guide.interview_on = guide.cleared_on = local_date(now())
        pairing = make.pairing(session, session.merge(desk.request), guide, State.OFFERED).id
    file = f"/office/guides/{guide.id}"
    letter = client.get(f"{file}/letter.html").text
    assert code in letter
    assert 'dir="rtl"' in letter
    assert "/login/code" in letter
    assert "to=code" in letter
    client.get(shown.location)
    client.post(f"{file}/code/done")
    assert client.get(f"{file}/letter.html").status_code == 404
    phone = app.test_client()
    phone.get("/login/code?lang=en")
    wrong = phone.post("/login/code", data={"code": code[:-1] + ("1" if code[-1] != "1" else "2")})
    assert (wrong.status_code, "We do not know this code" in wrong.text) == (422, True)
    came = phone.post("/login/code", data={"code": code.lower()})
    assert came.location == "/guide/"
    assert "Confirm your e-mail address" not in phone.get("/guide/").text, "there is none"
    assert phone.get("/account").status_code == 200
    phone.get("/guide/")
    assert phone.post(f"/guide/pairings/{pairing}/accept").status_code == 302
    assert desk.state(pairing) is State.ACCEPTED
    again = app.test_client()
    again.get("/status")
    assert again.post("/status", data={"code": code}).location == "/guide/", "the other door opens, too"
    client.get(file)
    client.post(f"{file}/code")
    stale = app.test_client()
    stale.get("/login/code")
    assert stale.post("/login/code", data={"code": code}).status_code == 422, "a new letter ends the old code"


def test_what_is_missing_is_said_what_was_typed_stays_and_nothing_is_stored(desk, client):
    client.get("/office/guides/new")
    answer = client.post("/office/guides/new", data={**GUIDE, "phone": "", "consent": "", "radius_km": "500"})
    assert answer.status_code == 422
    for said in ("Without e-mail the office calls", "a number from 1 to 200", "ويلما", 'value="500"'):
        assert said in answer.text
    with desk.writing() as session:
        assert session.exec(select(Person).where(Person.last_name == "Harms")).first() is None


def test_an_answer_by_phone_is_recorded_for_the_guide_and_only_codes_can_be_renewed(desk, client):
    pairing = desk.pair(State.OFFERED)
    assert desk.act(pairing, "accept", "guide").status_code == 302
    with desk.writing() as session:
        assert session.get_one(Pairing, pairing).state is State.ACCEPTED
    page = client.get(f"/office/guides/{desk.guide.id}").text
    assert "Print letter with a new code" not in page, "this guide has an e-mail address"
