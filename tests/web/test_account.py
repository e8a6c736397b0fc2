"""One's own way in: links that scanners cannot use up, devices listed and ended, leaving that leaves nothing."""

from email import message_from_bytes
from email.policy import default
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlmodel import select

from lotsen import clock
from lotsen.jobs.deliver import deliver
from lotsen.models import Mail
from lotsen.rules.vocabulary import Role
from lotsen.services import accounts
from tests import factories as make


class Never:
    """Nobody says stop."""

    def is_set(self):
        return False


@pytest.fixture
def kim(app):
    """A coordinator."""
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        return make.account(session, Role.COORDINATOR, make.municipality(session), email="kim@example.org")


@pytest.fixture
def amal(app):
    """A newcomer who gave an address."""
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        office = make.municipality(session)
        request = make.request(session, office, about={"email": "amal@example.org"})
        person = make.newcomer_of(session, request.id)
        return accounts.open_account(session, Role.NEWCOMER, make.SPRING, person=person, code="7K2M-PQ4T-9WXY")


def mailed(app) -> str:
    """Send what is due and return the path of the last mail's link, as its reader sees it."""
    deliver(app, clock.now, Never())
    with app.extensions["lotsen_db"].reading() as session:
        assert all(mail.secret is None for mail in session.exec(select(Mail)))
    folder = urlsplit(app.extensions["lotsen_config"].mail_url).path
    newest = max(Path(folder).glob("*.eml"), key=lambda path: path.stat().st_mtime_ns)
    text = message_from_bytes(newest.read_bytes(), policy=default).get_body(("plain",)).get_content()
    link = urlsplit(next(line for line in text.splitlines() if line.startswith("http")))
    return f"{link.path}?{link.query}"


def ask(client, email: str):
    client.get("/login/link")
    return client.post("/login/link", data={"email": email})


def test_a_newcomer_with_an_address_comes_in_by_a_link_that_no_scanner_uses_up(app, client, amal):
    answers = [ask(client, email) for email in ("amal@example.org", "nobody@example.org")]
    assert {answer.location for answer in answers} == {"/login/sent"}
    link = mailed(app)
    scanner = app.test_client()
    for _visit in range(20):
        assert scanner.get(link).status_code == 200
    client.get(link)
    token = parse_qs(urlsplit(link).query)["token"][0]
    assert client.post("/login/open", data={"token": token}).location == "/status"
    assert client.get("/status").status_code == 200
    again = app.test_client()
    again.get("/login")
    assert again.post("/login/open", data={"token": token}).location == "/login/link"
    assert again.get(link).location == "/login/link"


def test_a_link_needs_the_form_of_its_page(app, client, amal):
    ask(client, "amal@example.org")
    token = parse_qs(urlsplit(mailed(app)).query)["token"][0]
    elsewhere = app.test_client()
    assert elsewhere.post("/login/open", data={"token": token}, csrf=False).status_code == 400


def test_staff_set_a_new_password_by_mail_and_every_device_is_out(app, client, kim):
    elsewhere = app.test_client()
    elsewhere.sign_in(kim.email, make.PASSWORD)
    ask(client, kim.email)
    link = mailed(app)
    assert client.get(link).status_code == 200
    token = parse_qs(urlsplit(link).query)["token"][0]
    weak = client.post("/login/password", data={"token": token, "password": "passwort12345678"})
    assert weak.status_code == 422
    changed = client.post("/login/password", data={"token": token, "password": "ein ganz anderer Satz"})
    assert changed.location == "/login"
    assert elsewhere.get("/office/").status_code == 302
    client.get("/login")
    assert client.post("/login", data={"email": kim.email, "password": make.PASSWORD}).status_code == 422
    client.sign_in(kim.email, "ein ganz anderer Satz")


def test_an_address_gets_three_mails_and_then_the_same_answer_without_one(app, client, kim):
    assert {ask(client, kim.email).location for _time in range(5)} == {"/login/sent"}
    with app.extensions["lotsen_db"].reading() as session:
        assert len(session.exec(select(Mail)).all()) == 3


def test_devices_are_listed_and_ended(app, client, kim):
    phone = app.test_client()
    phone.get("/login")
    agent = "Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0"
    phone.post("/login", data={"email": kim.email, "password": make.PASSWORD}, headers={"User-Agent": agent})
    client.sign_in(kim.email, make.PASSWORD)
    page = client.get("/account").text
    assert "Firefox, Android" in page
    number = next(form["action"] for form in client.page.forms if "/account/devices/" in form["action"])
    assert client.post(number).status_code == 302
    assert phone.get("/office/").status_code == 302
    assert client.get("/office/").status_code == 200


def test_everything_else_is_ended_at_once(app, client, kim):
    phone = app.test_client()
    phone.sign_in(kim.email, make.PASSWORD)
    client.sign_in(kim.email, make.PASSWORD)
    client.get("/account")
    client.post("/account/devices/end")
    assert phone.get("/office/").status_code == 302
    assert client.get("/office/").status_code == 200


def test_changing_the_password_keeps_this_device_alone(app, client, kim):
    phone = app.test_client()
    phone.sign_in(kim.email, make.PASSWORD)
    client.sign_in(kim.email, make.PASSWORD)
    client.get("/account/password")
    wrong = client.post("/account/password", data={"current": "falsch", "password": "ein ganz anderer Satz"})
    assert wrong.status_code == 422
    assert (
        client.post("/account/password", data={"current": make.PASSWORD, "password": "ein ganz anderer Satz"}).location
        == "/account"
    )
    assert phone.get("/office/").status_code == 302
    assert client.get("/office/").status_code == 200


def cookie(client) -> str:
    found = client.get_cookie("lotsen")
    assert found is not None
    return str(found.value)


def test_each_sign_in_has_a_session_of_its_own_and_an_old_cookie_opens_nothing(app, client, kim):
    client.get("/login")
    before = cookie(client)
    client.sign_in(kim.email, make.PASSWORD)
    first = cookie(client)
    client.get("/office/")
    client.post("/logout")
    client.sign_in(kim.email, make.PASSWORD)
    assert len({before, first, cookie(client)}) == 3
    thief = app.test_client()
    for old in (before, first):
        thief.set_cookie("lotsen", old)
        assert thief.get("/office/").status_code == 302
    assert client.get("/office/").status_code == 200


def test_leaving_quickly_signs_out_and_says_nothing(app, client, amal):
    client.get("/status")
    client.post("/status", data={"code": "7K2M-PQ4T-9WXY"})
    client.get("/status")
    here = cookie(client)
    response = client.post("/leave")
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert response.headers["Referrer-Policy"] == "no-referrer"
    assert "https://www.dwd.de/" in response.text
    assert "Lotsen" not in response.text
    client.set_cookie("lotsen", here)
    assert "Amal" not in client.get("/status").text
    assert "XXXX-XXXX-XXXX" in client.get("/status").text  # the empty field's placeholder: the code is asked for again


def test_only_newcomers_pages_can_be_left_quickly(app, client, kim):
    assert 'action="/leave"' in client.get("/request").text
    assert 'action="/leave"' in client.get("/status").text
    client.sign_in(kim.email, make.PASSWORD)
    assert 'action="/leave"' not in client.get("/office/").text


def test_newcomers_have_devices_but_no_password(app, client, amal):
    client.get("/status")
    client.post("/status", data={"code": "7K2M-PQ4T-9WXY"})
    assert client.get("/account").status_code == 200
    assert client.get("/account/password").status_code == 404
