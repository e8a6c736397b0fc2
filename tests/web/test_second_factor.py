"""The second step of signing in, and setting it up: without JavaScript, and before anything else in production."""

import re
from dataclasses import replace
from datetime import timedelta

import pyotp
import pytest
import time_machine
from sqlmodel import select

from lotsen import access
from lotsen.app import create_app
from lotsen.clock import now
from lotsen.models import Authenticator, Method, Person, RecoveryCode
from lotsen.rules.vocabulary import Role
from lotsen.services import second_factor, sessions
from tests import factories as make
from tests.client import CheckedClient

MOMENT = make.SPRING
BASE = "https://lotsen.example"


@pytest.fixture
def clock():
    with time_machine.travel(MOMENT, tick=False) as clock:
        yield clock


@pytest.fixture
def kim(app):
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        return make.account(session, Role.COORDINATOR, make.municipality(session), email="kim@example.org")


def secret(app, account) -> str:
    with app.extensions["lotsen_db"].reading() as session:
        return session.get(Authenticator, account.id).secret


def set_up(app, client, account, moment=MOMENT) -> list[str]:
    """Set an app up through the pages; return the recovery codes as they are shown."""
    client.get("/account/second-factor")
    assert client.post("/account/second-factor/app").status_code == 302
    page = client.get("/account/second-factor/app/confirm").text
    assert "<svg" in page
    key = secret(app, account)
    assert key[:4] in page
    shown = client.post("/account/second-factor/app/confirm", data={"code": pyotp.TOTP(key).at(moment)}).text
    return re.findall(r'<code dir="ltr">([0-9A-Z-]{19})</code>', shown)


def test_staff_set_up_an_app_and_sign_in_with_its_codes_from_then_on(app, client, kim, clock):
    client.sign_in(kim.email, make.PASSWORD)
    codes = set_up(app, client, kim)
    assert len(codes) == 10
    client.get("/account")
    client.post("/logout")
    client.get("/login?next=/office/guides")
    half = client.post("/login?next=/office/guides", data={"email": kim.email, "password": make.PASSWORD})
    assert half.location.startswith("/login/second")
    assert client.get("/office/").status_code == 302
    client.get(half.location)
    assert client.post(half.location, data={"code": "000000"}).status_code == 422
    clock.shift(timedelta(minutes=1))
    typed = pyotp.TOTP(secret(app, kim)).at(MOMENT + timedelta(minutes=1))
    assert client.post(half.location, data={"code": f"{typed[:3]} {typed[3:]}"}).location == "/office/guides"
    assert client.get("/office/guides").status_code == 200


def test_a_recovery_code_lets_in_once(app, client, kim, clock):
    client.sign_in(kim.email, make.PASSWORD)
    codes = set_up(app, client, kim)
    for expected in (302, 422):
        client.get("/account")
        client.post("/logout")
        client.sign_in(kim.email, make.PASSWORD)
        client.get("/login/second")
        assert client.post("/login/second", data={"code": codes[0]}).status_code == expected


def test_the_second_step_alone_opens_nothing_and_does_not_wait_for_ever(app, client, kim, clock):
    assert client.get("/login/second").location == "/login"
    client.sign_in(kim.email, make.PASSWORD)
    set_up(app, client, kim)
    client.get("/account")
    client.post("/logout")
    client.sign_in(kim.email, make.PASSWORD)
    assert client.get("/login/second").status_code == 200
    clock.shift(timedelta(minutes=11))
    assert client.get("/login/second").location == "/login"


def test_six_digits_are_not_guessed(app, client, kim, clock):
    client.sign_in(kim.email, make.PASSWORD)
    set_up(app, client, kim)
    client.get("/account")
    client.post("/logout")
    client.sign_in(kim.email, make.PASSWORD)
    client.get("/login/second")
    statuses = []
    for number in range(6):
        elsewhere = {"REMOTE_ADDR": f"192.0.2.{number}"}
        statuses.append(client.post("/login/second", data={"code": "000000"}, environ_base=elsewhere).status_code)
    assert statuses == [422] * 5 + [429]


def test_what_a_broken_script_sends_is_refused_kindly(app, client, kim):
    with app.extensions["lotsen_db"].transaction() as session:
        second_factor.add_passkey(session, kim.id, "blue", "YW4taWQ", "a2V5", 0, MOMENT)
    client.sign_in(kim.email, make.PASSWORD)
    for answer in ("nonsense", "[]", '{"id": "YW4taWQ"}', '{"id": "other", "response": {}}'):
        client.get("/login/second")
        assert client.post("/login/second", data={"credential": answer}).status_code == 422


def test_a_factor_changes_only_just_after_password_and_code(app, client, kim, clock):
    with app.extensions["lotsen_db"].transaction() as session:
        second_factor.add_passkey(session, kim.id, "blue", "YW4taWQ", "a2V5", 0, MOMENT)
        codes = second_factor.new_recovery_codes(session, kim.id)
    before = factors(app, kim)

    def enter(code):
        client.get("/login?lang=en")
        half = client.post(anew, data={"email": kim.email, "password": make.PASSWORD}).location
        assert client.get("/account/second-factor").location.startswith("/login?"), "a password alone opens nothing"
        client.get(half)
        assert client.post(half, data={"code": code}).location == "/account/second-factor"
        client.get("/account/second-factor")

    anew = "/login?next=/account/second-factor"
    enter(codes[0])
    clock.shift(timedelta(minutes=10))
    for what in ("app/remove", "passkeys/1/remove", "app", "recovery-codes"):
        assert client.post(f"/account/second-factor/{what}").location == anew
    assert factors(app, kim) == before
    assert "sign in once more" in client.get(anew).text
    enter(codes[1])
    client.post("/account/second-factor/passkeys/1/remove")
    assert factors(app, kim) == (0, set())


def test_the_office_s_own_sign_in_stands_for_no_second_factor(app, client, kim):
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        second_factor.add_passkey(session, kim.id, "blue", "YW4taWQ", "a2V5", 0, MOMENT)
        key = sessions.begin(session, kim, Method.SINGLE_SIGN_ON, now())
    with client.session_transaction() as cookie:
        cookie |= {access.KEY: key, "_user_id": str(kim.id)}
    assert client.get("/account/second-factor").status_code == 200
    assert client.post("/account/second-factor/app").location == "/login?next=/account/second-factor"


def factors(app, account) -> tuple[int, set[str]]:
    """The account's passkeys and apps, confirmed or not, and the digests of its recovery codes."""
    with app.extensions["lotsen_db"].reading() as session:
        app_there = session.get(Authenticator, account.id) is not None
        codes = set(session.exec(select(RecoveryCode.digest).where(RecoveryCode.account_id == account.id)))
        return len(second_factor.passkeys(session, account.id)) + app_there, codes


@pytest.fixture
def production(config, app):
    """The same database, run as in production."""
    application = create_app(replace(config, environment="production", base_url=BASE))
    application.testing, application.test_client_class = True, CheckedClient
    yield application
    application.extensions["lotsen_db"].engine.dispose()


def enter(application, email: str):
    client = application.test_client()
    options = {"base_url": BASE, "headers": {"Referer": f"{BASE}/login"}}
    client.get("/login?lang=en", **options)
    assert client.post("/login", data={"email": email, "password": make.PASSWORD}, **options).status_code == 302
    return client, options


def test_in_production_staff_see_nothing_before_it_is_set_up(app, production, kim, clock):
    client, options = enter(production, kim.email)
    for page in ("/office/", "/office/guides", "/account", "/account/password"):
        assert client.get(page, **options).location == "/account/second-factor", page
    client.get("/account/second-factor", **options)
    client.post("/account/second-factor/app", **options)
    assert client.get("/account/second-factor/app/confirm", **options).status_code == 200
    typed = pyotp.TOTP(secret(app, kim)).at(MOMENT)
    assert client.post("/account/second-factor/app/confirm", data={"code": typed}, **options).status_code == 200
    assert client.get("/office/", **options).status_code == 200
    client.get("/account/second-factor", **options)
    client.post("/account/second-factor/app/remove", **options)
    assert "your account needs a second factor" in client.get("/account/second-factor?lang=en", **options).text


def test_guides_need_none(app, production, clock):
    with app.extensions["lotsen_db"].transaction() as session:
        office = make.municipality(session)
        guide = make.guide(session, office)
        person = session.get(Person, guide.person_id)
        make.account(session, Role.GUIDE, person=person, email="guide@example.org")
    client, options = enter(production, "guide@example.org")
    assert client.get("/guide/", **options).status_code == 200
    assert client.get("/account/second-factor", **options).status_code == 404
