"""Whatever breaks, people get a page with a way on, and no traceback."""

from dataclasses import replace

import pytest
from sqlalchemy import text
from werkzeug.exceptions import BadRequest

from lotsen import revisions
from lotsen.app import create_app
from lotsen.models import Municipality, Person
from lotsen.rules.vocabulary import Role
from lotsen.security import depth, refuse_deep_json
from tests import factories as make


@pytest.fixture
def broken(app):
    """An application whose tables are gone while it runs."""
    with app.extensions["lotsen_db"].engine.begin() as connection:
        connection.execute(text("ALTER TABLE municipality RENAME TO elsewhere"))
    yield app
    with app.extensions["lotsen_db"].engine.begin() as connection:
        connection.execute(text("ALTER TABLE elsewhere RENAME TO municipality"))


def test_an_unknown_address_is_said_so_with_a_way_on(client):
    response = client.get("/nothing/here")
    assert response.status_code == 404
    assert 'href="/"' in response.text


def test_a_database_that_is_gone_gives_a_calm_page_in_three_languages(broken):
    response = broken.test_client().get("/imprint")
    assert response.status_code == 503
    assert 'lang="ar"' in response.text
    assert "Traceback" not in response.text
    assert Municipality.__tablename__ not in response.text


def test_readiness_follows_the_database(app, client):
    assert client.get("/health/live").get_json() == {"status": "ok"}
    assert client.get("/health/ready").status_code == 200
    with app.extensions["lotsen_db"].engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = 'old'"))
    assert client.get("/health/ready").status_code == 503
    with app.extensions["lotsen_db"].engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = :head"), {"head": revisions.head()})


def test_a_form_without_its_token_is_refused_kindly(client):
    response = client.post("/login", data={"email": "a@b.example", "password": "x"}, csrf=False)
    assert response.status_code == 400


def test_a_body_that_is_too_large_is_refused(client):
    client.get("/login")
    response = client.post("/login", data={"email": "x" * 1_100_000, "password": "x"})
    assert response.status_code == 413


def test_a_foreign_host_is_refused(client):
    assert client.get("/", headers={"Host": "evil.example"}).status_code == 400


def test_every_page_forbids_inline_code_framing_and_storing(client):
    headers = client.get("/").headers
    assert headers["Content-Security-Policy"].startswith("default-src 'self'")
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Cache-Control"] == "no-store"


def test_signing_out_ends_the_session_and_clears_what_the_browser_kept(app, client):
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        account = make.account(session, make.Role.COORDINATOR, make.municipality(session))
    client.sign_in(account.email, make.PASSWORD)
    client.get("/office/")
    response = client.post("/logout")
    assert response.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert client.get("/office/").status_code == 302


def test_the_way_after_signing_in_never_leads_elsewhere(app, client):
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        account = make.account(session, make.Role.COORDINATOR, make.municipality(session))
    client.get("/login?next=//evil.example")
    for target in ("//evil.example", "https://evil.example", "/\\evil.example", "evil"):
        response = client.post(f"/login?next={target}", data={"email": account.email, "password": make.PASSWORD})
        assert response.location == "/office/", target
        client.get("/office/")
        client.post("/logout")
        client.get("/login")


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_json_that_is_nested_too_deep_is_refused_before_it_is_read(app):
    def send(body):
        with app.test_request_context("/login", method="POST", data=body, content_type="application/json"):
            refuse_deep_json()

    send(b'{"a":' * 20 + b"1" + b"}" * 20)
    for body in (b"[" * 100_000, b'{"a":' * 21 + b"1" + b"}" * 21):
        with pytest.raises(BadRequest):
            send(body)
    assert depth(b'{"a": ["[[[[[[", "\\"[[["]}') == 2
    assert depth(b"]]]]" * 1000 + b"[" * 3) <= 3
    assert depth(b'"' + b'\\"' * 300_000 + b"\\") == 0, "an open text must not be tried from each of its marks"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_cookies_stay_with_this_host_over_tls_and_out_of_scripts(app, client, config):
    secure = create_app(replace(config, environment="production", base_url="https://lotsen.example"))
    answer = secure.test_client().get("/login", base_url="https://lotsen.example")
    for cookies, name, more in (
        (client.get("/login").headers.getlist("Set-Cookie"), "lotsen=", set()),
        (answer.headers.getlist("Set-Cookie"), "__Host-lotsen=", {"Secure"}),
    ):
        assert [cookie.startswith(name) for cookie in cookies] == [True]
        assert set(cookies[0].split("; ")[1:]) == {"HttpOnly", "Path=/", "SameSite=Lax"} | more
    secure.extensions["lotsen_db"].engine.dispose()


def test_security_txt_says_whom_to_tell(client):
    text = client.get("/.well-known/security.txt").text
    assert "Contact: http://127.0.0.1:8000/imprint" in text
    assert text.count("\n") == 4


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("role", "language"), [(Role.GUIDE, "ar"), (Role.COORDINATOR, "en")])
def test_whoever_is_signed_in_reads_errors_in_their_own_language_on_every_address(app, client, role, language):
    with app.extensions["lotsen_db"].transaction() as session:
        office = make.municipality(session)
        guide = make.guide(session, office, about={"locale": language})
        person = session.get_one(Person, guide.person_id) if role is Role.GUIDE else None
        make.account(session, role, office, email="a@example.org", person=person, locale=language)
    client.sign_in("a@example.org", make.PASSWORD)
    french = {"Accept-Language": "fr"}
    answers = [client.get(path, headers=french) for path in ("/nothing", "/admin/", "/guide/pairings/4711", "/staff/x")]
    answers.append(client.post("/account/devices/end", data={"csrf_token": "old"}, headers=french))
    assert [answer.status_code for answer in answers] == [404, 404, 404, 404, 400]
    assert all(f'<html lang="{language}"' in answer.text for answer in answers)
