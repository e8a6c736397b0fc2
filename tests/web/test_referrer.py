"""Two minutes at a counter: consent or nothing, a leaflet, and afterwards one of three words."""

from typing import Any

import pytest
from sqlmodel import Session, select

from lotsen.models import Consent, Event, Person, Referral, Referrer, Request
from lotsen.rules.answers import RequestAnswers
from lotsen.rules.errors import ConsentMissing, NotFound
from lotsen.rules.vocabulary import RequestState, Role
from lotsen.services import referrals
from lotsen.services.persons import ConsentGiven
from tests import factories as make
from tests import planted

ANSWERS = RequestAnswers(
    languages={"ar": "C2"}, postcode="29221", topics=["housing"], slots=["mon-evening"], household="alone",
    first_name="Amal",
)  # fmt: skip
CONSENT = ConsentGiven("referral", "1", "the text", "ar")
FORM = {
    "first_name": "Amal", "postcode": "29221", "languages-0-language": "ar", "languages-0-level": "C2",
    "topics": ["housing"], "household": "alone", "guide_gender": "any", "locale": "ar", "reference": "32.4/17",
    "consent": "y",
}  # fmt: skip


@pytest.fixture
def counter(app, client) -> Any:
    """An immigration office's employee, signed in; another organisation has referred somebody, too."""
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        office = make.municipality(session)
        for number, name in enumerate(("Ausländerbehörde Celle", "Jobcenter Celle")):
            referrer = make.referrer(session, office, name)
            email = f"counter{number}@example.org"
            account = make.account(session, Role.REFERRER, office, email=email, referrer_id=referrer.id)
        referrals.refer(session, ANSWERS, CONSENT, account, make.SPRING, reference="foreign-1")
    client.sign_in("counter0@example.org", make.PASSWORD)
    return client


def count(app: Any, table: Any) -> int:
    with app.extensions["lotsen_db"].reading() as session:
        return len(session.exec(select(table)).all())


def test_without_consent_nothing_is_stored_and_what_was_typed_stays(app, counter):
    counter.get("/referrer/new")
    answer = counter.post("/referrer/new", data={key: value for key, value in FORM.items() if key != "consent"})
    assert answer.status_code == 422
    assert 'value="32.4/17"' in answer.text
    assert "Ohne die Einwilligung der Person" in answer.text, "it is not the clerk’s own"
    assert (count(app, Person), count(app, Request), count(app, Referral)) == (1, 1, 1)


def test_a_referral_ends_with_a_leaflet_in_the_persons_language_and_its_code_opens_the_request(app, counter):
    counter.get("/referrer/new")
    answer = counter.post("/referrer/new", data=FORM, follow_redirects=True)
    assert answer.request.path == "/referrer/leaflet"
    assert 'class="leaflet" lang="ar" dir="rtl"' in answer.text
    code = answer.text.split('leaflet__code" dir="ltr">')[1].split("<")[0]
    with counter.session_transaction() as kept:
        assert code not in str(dict(kept)), "the cookie can be read"
    stranger = app.test_client()
    stranger.get("/status")
    assert stranger.post("/status", data={"code": code}).status_code == 302
    assert 'href="/referrer/leaflet"' in counter.get("/referrer/").text, "one click away until it is handed over"
    assert counter.get("/referrer/leaflet").status_code == 200
    counter.post("/referrer/leaflet")
    assert counter.get("/referrer/leaflet").status_code == 302


def test_somebody_who_would_rather_ask_themselves_gets_a_leaflet_and_nothing_is_stored(app, counter):
    for page in ("/referrer/", "/referrer/new"):
        assert 'href="/referrer/invitation/ar.pdf"' in counter.get(page).text, "one click away"
    leaflet = counter.get("/referrer/invitation/ar.html").text
    assert 'dir="rtl"' in leaflet
    assert "/request</bdi>" in leaflet
    assert counter.get("/referrer/invitation/xx.html").status_code == 404
    assert counter.get("/referrer/qr/ar.svg?to=request").data != counter.get("/referrer/qr/ar.svg").data
    assert count(app, Person) == 1


def test_the_list_shows_the_own_reference_and_one_of_three_words_and_nothing_of_the_person(counter):
    counter.get("/referrer/new")
    counter.post("/referrer/new", data=FORM)
    page = counter.get("/referrer/", headers={"Accept-Language": "en"}).text
    assert "32.4/17" in page
    assert "foreign-1" not in page
    for told in ("Amal", "29221", "housing"):
        assert told not in page


def test_a_word_narrows_the_list_and_stays_in_the_box(counter):
    for reference in ("32.4/17", "41.9/03"):
        counter.get("/referrer/new")
        counter.post("/referrer/new", data=FORM | {"reference": reference})
    page = counter.get("/referrer/?q=32.4").text
    assert "32.4/17" in page
    assert "41.9/03" not in page
    assert 'value="32.4"' in page
    assert "32.4/17" not in counter.get("/referrer/?q=32%25").text, "no wildcard"


def test_words_about_residence_status_are_warned_of_and_may_be_confirmed(app, counter):
    counter.get("/referrer/new")
    answer = counter.post("/referrer/new", data=FORM | {"reference": "ASYL 17"})
    assert answer.status_code == 422
    assert 'name="reference-anyway"' in answer.text
    assert 'value="ASYL 17"' in answer.text
    assert counter.post("/referrer/new", data=FORM | {"first_name": "Duldung"}).status_code == 422
    assert count(app, Referral) == 1
    assert counter.post("/referrer/new", data=FORM | {"reference": "ASYL 17", "reference-anyway": "y"}).location


def test_a_newcomer_rates_the_office_by_one_tap_and_it_learns_only_of_five(app, counter):
    office, codes = "/referrer/", []
    for _number in range(5):
        counter.get("/referrer/new")
        page = counter.post("/referrer/new", data=FORM, follow_redirects=True).text
        codes.append(page.split('leaflet__code" dir="ltr">')[1].split("<")[0])
    for number, code in enumerate(codes):
        assert "Gut: " not in counter.get(office).text, number
        browser = app.test_client()
        browser.get("/status")
        browser.post("/status", data={"code": code})
        assert "Ausländerbehörde Celle: " in browser.get("/status").text
        browser.post("/status/rating", data={"face": "angry"})
        browser.post("/status/rating", data={"face": "good" if number else "difficult"})
        assert "Ausländerbehörde Celle: " not in browser.get("/status").text
        assert browser.post("/status/rating", data={"face": "good"}).status_code == 302
    page = counter.get(office).text
    assert "Gut: 4" in page
    assert "Schwierig: 1" in page


def test_nothing_about_a_person_flows_back_in_any_byte(app):
    """On no page and in no answer of the interface, once everything about the person is unique words."""
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        newcomer, guide = planted.world(session)
        referral = session.exec(select(Referral).order_by(Referral.id.desc())).first()
        referrer = session.get(Referrer, referral.referrer_id)
        account = make.account(session, Role.REFERRER, None, email="all@example.org", referrer_id=referrer.id)
        account.municipality_id = referrer.municipality_id
        secret = make.token(session, referrer)
        words = planted.plant(session, newcomer)
        words[guide.first_name] = words[guide.email] = ("person", "guide")
        number = referral.id
        session.refresh(referral)
        own = {referral.reference}
    browser = app.test_client()
    browser.sign_in("all@example.org", make.PASSWORD)
    bearer = {"Authorization": f"Bearer {secret}"}
    pages = [browser.get(address) for address in ("/referrer/", "/referrer/new", "/account", "/referrer/qr/ar.svg")]
    pages += [browser.get(f"/api/v1{address}", headers=bearer) for address in (*API, f"/referrals/{number}")]
    assert all(page.status_code == 200 for page in pages)
    told = b"".join(page.data for page in pages).decode() + "".join(str(page.headers) for page in pages)
    assert own <= {word for word in words if word in told}, "the test sees what is there"
    assert {words[word] for word in words if word in told and word not in own} == set()


API = ("/referrals", "/consent", "/openapi.json")


def test_names_do_not_fit_into_the_reference(counter):
    counter.get("/referrer/new")
    answer = counter.post("/referrer/new", data=FORM | {"reference": "Frau Öz, wohnt in Celle"})
    assert answer.status_code == 422


def test_an_unknown_postal_code_is_refused_in_a_sentence(app, counter):
    counter.get("/referrer/new")
    answer = counter.post("/referrer/new", data=FORM | {"postcode": "00000"})
    assert answer.status_code == 422
    assert count(app, Referral) == 1


def test_the_qr_code_leads_to_the_status_page_and_carries_no_code(counter):
    answer = counter.get("/referrer/qr/ar.svg")
    assert answer.mimetype == "image/svg+xml"
    assert answer.data.startswith(b"<svg")
    assert counter.get("/referrer/qr/xx.svg").status_code == 404


def test_the_office_of_the_referrer_takes_places_that_nobody_serves(session: Session, now):
    office = make.municipality(session)
    referrer = make.referrer(session, office)
    account = make.account(session, Role.REFERRER, office, referrer_id=referrer.id)
    elsewhere = ANSWERS.model_copy(update={"postcode": "80331"})
    referral, _code = referrals.refer(session, elsewhere, CONSENT, account, now)
    assert session.get_one(Request, referral.request_id).municipality_id == office.id
    proof = session.get_one(Consent, referral.consent_id)
    assert (proof.kind, proof.version, proof.text, proof.locale) == ("referral", "1", "the text", "ar")
    assert {event.what for event in session.exec(select(Event))} == {"request_received", "referred"}
    assert [line.state for line in referrals.lines(session, referrer.id).items] == [RequestState.OPEN]


def test_no_consent_and_no_organisation_are_refused(session: Session, now):
    office = make.municipality(session)
    account = make.account(session, Role.REFERRER, office, referrer_id=make.referrer(session, office).id)
    with pytest.raises(ConsentMissing):
        referrals.refer(session, ANSWERS, None, account, now)
    with pytest.raises(NotFound):
        referrals.refer(session, ANSWERS, CONSENT, make.account(session, Role.ADMIN), now)
    assert session.exec(select(Person)).all() == []
