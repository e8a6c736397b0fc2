"""Becoming a guide: the pages, the draft, the same answer for known addresses, the confirmation link."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlmodel import select

from lotsen.models import Account, Consent, Guide, Mail, Person, Task
from lotsen.services import tokens
from tests import factories as make

ABOUT = {"first_name": "Renate", "last_name": "Brandt", "postcode": "٢٩٢٢١", "phone": "0151 23456789", "gender": "f"}
LANGUAGES = {
    "languages-0-language": "de", "languages-0-level": "C2", "languages-1-language": "fr", "languages-1-level": "B1",
}  # fmt: skip
LIMITS = {"capacity": "2", "radius_km": "12", "newcomer_gender": "any"}
ACCOUNT = {"email": "Renate@Example.org", "password": make.PASSWORD, "consent": "y", "confidentiality": "y"}


@pytest.fixture
def office(app):
    with app.extensions["lotsen_db"].transaction() as session:
        return make.municipality(session)


def rows(app, model):
    with app.extensions["lotsen_db"].reading() as session:
        return session.exec(select(model)).all()


def answer(client, step, data):
    client.get(f"/volunteer/{step}")
    response = client.post(f"/volunteer/{step}", data=data)
    return client.get(response.location) if response.status_code == 303 else response


def answer_all(client, office_id):
    answer(client, "about", ABOUT)
    answer(client, "office", {"municipality_id": office_id})
    answer(client, "languages", LANGUAGES)
    answer(client, "topics", {"topics": ["housing", "work"]})
    answer(client, "times", {"slots": ["mon-evening", "sat-morning"]})
    response = answer(client, "limits", LIMITS)
    assert response.location == "/volunteer/account"


def register(client, office_id, **changes):
    answer_all(client, office_id)
    client.get("/volunteer/account")
    return client.post("/volunteer/account", data={**ACCOUNT, "shown_in": "de", **changes})


def token_of(app):
    return tokens.confirm_address(app.config["SECRET_KEY"], rows(app, Account)[0].id)


def test_a_guide_registers_with_both_declarations_word_for_word(app, client, office):
    assert register(client, office.id).location == "/volunteer/check-mail"
    assert client.get("/volunteer/check-mail").status_code == 200
    (person,), (guide,), (account,) = rows(app, Person), rows(app, Guide), rows(app, Account)
    assert (person.postcode, person.phone, person.languages) == ("29221", "+4915123456789", {"de": "C2", "fr": "B1"})
    assert (guide.capacity, guide.radius_km, guide.newcomer_gender) == (2, 12.0, None)
    assert guide.confidentiality_on is not None
    assert not guide.address_confirmed
    assert account.email == "renate@example.org"
    consents = {consent.kind: consent for consent in rows(app, Consent)}
    assert set(consents) == {"volunteer", "confidentiality"}
    assert all(consent.text and consent.version and consent.locale == "de" for consent in consents.values())
    assert office.office_name in consents["volunteer"].text
    assert [mail.template for mail in rows(app, Mail)] == ["confirm_address"]


def test_a_known_address_sees_the_same_page_and_only_its_owner_hears(app, client, office):
    with app.extensions["lotsen_db"].transaction() as session:
        make.account(session, make.Role.COORDINATOR, office, email="renate@example.org")
    fresh = register(client, office.id, email="somebody.else@example.org")
    page = client.get("/volunteer/check-mail").text
    known = register(client, office.id)
    assert (known.status_code, known.location) == (fresh.status_code, fresh.location)
    assert client.get("/volunteer/check-mail").text == page
    assert len(rows(app, Guide)) == 1
    assert [mail.template for mail in rows(app, Mail)] == ["confirm_address", "already_registered"]


def test_the_cookie_keeps_answers_but_never_the_password(app, client, office):
    answer_all(client, office.id)
    client.get("/volunteer/account")
    response = client.post("/volunteer/account", data={**ACCOUNT, "password": "too brief", "shown_in": "de"})
    assert response.status_code == 422
    assert "Renate@" in response.text
    assert "too brief" not in response.text
    with client.session_transaction() as kept:
        assert "too brief" not in str(dict(kept))
        assert make.PASSWORD not in str(dict(kept))
    assert 'value="Renate"' in client.get("/volunteer/about?lang=ar").text
    assert 'value="12"' in client.get("/volunteer/limits").text


def test_a_password_of_one_sign_is_refused_beside_the_field(app, client, office):
    response = register(client, office.id, password="a" * 20)
    assert response.status_code == 422
    assert "password-error" in response.text
    assert rows(app, Guide) == []


@pytest.mark.parametrize("box", ["consent", "confidentiality"])
def test_without_a_declaration_nothing_is_stored(app, client, office, box):
    answer_all(client, office.id)
    client.get("/volunteer/account")
    sent = {key: value for key, value in ACCOUNT.items() if key != box}
    assert client.post("/volunteer/account", data={**sent, "shown_in": "de"}).status_code == 422
    assert rows(app, Person) == []


def test_an_unknown_postal_code_leads_to_a_list_of_offices(app, client, office):
    answer(client, "about", {**ABOUT, "postcode": "00000"})
    page = client.get("/volunteer/office").text
    assert "municipality_id" in page
    assert 'role="status"' in page
    response = answer(client, "office", {"municipality_id": office.id})
    assert response.location == "/volunteer/languages"


@pytest.mark.parametrize(
    ("step", "sent"),
    [
        ("about", {**ABOUT, "postcode": "123", "first_name": "Kept"}),
        ("about", {**ABOUT, "phone": "12", "first_name": "Kept"}),
        ("about", {**ABOUT, "last_name": " ", "first_name": "Kept"}),
    ],
)
def test_what_is_wrong_stands_beside_the_field_and_what_was_typed_stays(client, office, step, sent):
    response = answer(client, step, sent)
    assert response.status_code == 422
    assert 'value="Kept"' in response.text
    assert "-error" in response.text


@pytest.mark.parametrize(
    ("step", "sent", "field"),
    [
        ("languages", {}, "languages-error"),
        ("languages", {"languages-0-language": "de", "languages-0-level": ""}, "languages-0-level-error"),
        ("languages", {"languages-1-level": "C1"}, "languages-1-language-error"),
        ("languages", {"languages-0-language": "xx", "languages-0-level": "C1"}, "languages-0-language-error"),
        ("topics", {"topics": ["flying"]}, "topics-error"),
        ("times", {}, "slots-error"),
        ("limits", {**LIMITS, "capacity": "11"}, "capacity-error"),
        ("limits", {**LIMITS, "radius_km": "many"}, "radius_km-error"),
        ("limits", {**LIMITS, "newcomer_gender": "x"}, "newcomer_gender-error"),
    ],
)
def test_each_page_refuses_what_makes_no_sense(client, office, step, sent, field):
    answer_all(client, office.id)
    response = answer(client, step, sent)
    assert response.status_code == 422
    assert f'id="{field}"' in response.text


def test_nobody_jumps_ahead(client, office):
    assert client.get("/volunteer/account").location == "/volunteer/about"
    assert client.get("/volunteer/topics").location == "/volunteer/about"
    assert client.get("/volunteer").status_code == 200


def test_opening_the_link_changes_nothing_and_the_button_confirms_once(app, client, office):
    register(client, office.id)
    link = f"/volunteer/confirm?token={token_of(app)}"
    for _scan in range(5):
        assert client.get(link).status_code == 200
    assert not rows(app, Guide)[0].address_confirmed
    for _press in range(2):
        client.get(link)
        assert client.post("/volunteer/confirm", data={"token": token_of(app)}).location == "/login"
    assert rows(app, Guide)[0].address_confirmed
    assert [task.kind for task in rows(app, Task)] == ["new_guide"]
    assert client.sign_in("renate@example.org", make.PASSWORD).location == "/guide/"


def test_before_confirming_nobody_signs_in(client, office):
    register(client, office.id)
    client.get("/login")
    response = client.post("/login", data={"email": "renate@example.org", "password": make.PASSWORD})
    assert response.status_code == 422


def test_a_link_that_is_too_old_or_tampered_with_leads_to_a_new_mail(app, client, office):
    register(client, office.id)
    token = token_of(app)
    for damaged in ("", "x", f"{token}x", tokens.confirm_address("another key" * 4, 1)):
        assert client.get("/volunteer/confirm", query_string={"token": damaged}).location == "/volunteer/new-link"
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=73)):
        assert client.get(f"/volunteer/confirm?token={token}").location == "/volunteer/new-link"
        client.get("/volunteer/new-link")
        assert client.post("/volunteer/confirm", data={"token": token}).location == "/volunteer/new-link"
    assert not rows(app, Guide)[0].address_confirmed


def test_a_new_mail_has_one_answer_for_all_and_goes_to_those_who_wait(app, client, office):
    register(client, office.id)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=80)):
        client.get("/volunteer/new-link")
        for address in ("renate@example.org", "renate@example.org", "nobody@example.org"):
            assert client.post("/volunteer/new-link", data={"email": address}).location == "/volunteer/check-mail"
    assert [mail.template for mail in rows(app, Mail)] == ["confirm_address"] * 2


def test_a_new_mail_needs_an_address(client):
    client.get("/volunteer/new-link")
    assert client.post("/volunteer/new-link", data={"email": "no address"}).status_code == 422


def test_registering_again_before_confirming_brings_the_link_again(app, client, office):
    register(client, office.id)
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=2)):
        register(client, office.id)
    assert [mail.template for mail in rows(app, Mail)] == ["confirm_address"] * 2
