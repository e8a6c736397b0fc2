"""Single sign-on against a real OpenID provider over real HTTP: who is let in, who is not, and never an error page."""

from collections.abc import Iterator
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
from joserfc.jwk import RSAKey
from sqlmodel import select

from lotsen.models import Account, SingleSignOn
from lotsen.rules.vocabulary import Role
from tests import factories as make
from tests.oidc import CLIENT_ID, CLIENT_SECRET, Provider, running
from tests.ports import free_port

CALLBACK = "http://127.0.0.1:8000/login/office/callback"


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch) -> Iterator[Provider]:
    monkeypatch.setenv("AUTHLIB_INSECURE_TRANSPORT", "1")  # tests speak HTTP on this machine
    with running(CALLBACK) as found:
        yield found


@pytest.fixture
def office(app, client, provider):
    """An office whose lead has entered the provider on the page."""
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        celle = make.municipality(session)
        make.account(session, Role.COORDINATOR, celle, is_lead=True, email="lead@celle.example")
        make.account(session, Role.COORDINATOR, celle, email="kim@celle.example")
    client.sign_in("lead@celle.example", make.PASSWORD)
    page = f"/staff/single-sign-on/{celle.id}"
    assert CALLBACK in client.get(page).text
    entered = {
        "issuer": provider.issuer + "/", "client_id": CLIENT_ID, "client_secret": CLIENT_SECRET,
        "email_domain": "Celle.example", "active": "y",
    }  # fmt: skip
    assert client.post(page, data=entered).status_code == 302
    client.get(page)
    client.post("/logout")
    return celle.id


def there_and_back(client, office, change=lambda address: address):
    """Go to the provider and come back, as a browser does."""
    begun = client.get(f"/login/office/{office}")
    assert begun.status_code == 302, begun.text
    if not begun.location.startswith("http"):
        return begun
    back = requests.get(begun.location, allow_redirects=False, timeout=10)
    assert back.status_code == 302, back.text
    return client.get(change(back.headers["Location"]).removeprefix("http://127.0.0.1:8000"))


def test_a_colleague_comes_in_with_the_account_at_work(client, office, provider):
    assert "Celle" in client.get("/login/office").text
    assert there_and_back(client, office).location == "/office/"
    assert client.get("/office/").status_code == 200
    asked = provider.asked[0]
    assert asked["code_challenge_method"] == "S256"
    assert asked["code_challenge"]
    assert asked["nonce"]
    assert asked["state"]
    assert asked["scope"] == "openid email"


@pytest.mark.parametrize("claims", [
    {"email": "stranger@celle.example"},
    {"email": "kim@elsewhere.example"},
    {"email": "kim@celle.example", "email_verified": False},
    {"email": "kim@celle.example.evil.example"},
    {},
])  # fmt: skip
def test_others_are_not_let_in_and_get_no_account(app, client, office, provider, claims):
    provider.claims = {"sub": "2", **claims}
    assert there_and_back(client, office).location == "/login"
    assert client.get("/office/").status_code == 302
    with app.extensions["lotsen_db"].reading() as session:
        assert len(session.exec(select(Account)).all()) == 2


def test_a_closed_account_and_one_of_another_office_stay_out(app, client, office, provider):
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        emden = make.municipality(session, "03402000", "Emden")
        make.account(session, Role.COORDINATOR, emden, email="elke@celle.example")
        session.exec(select(Account).where(Account.email == "kim@celle.example")).one().active = False
    for email in ("elke@celle.example", "kim@celle.example"):
        provider.claims = {"sub": "3", "email": email}
        assert there_and_back(client, office).location == "/login"


@pytest.mark.parametrize("error", ["access_denied", "server_error", "%3Cscript%3E"])
def test_a_providers_refusal_is_answered_kindly(client, office, provider, error):
    provider.refuse = error
    assert there_and_back(client, office).location == "/login"
    assert client.get("/login").status_code == 200


def test_a_foreign_or_forged_answer_lets_nobody_in(client, office, provider):
    def forge(address: str) -> str:
        return address.replace("state=", "state=x")

    assert there_and_back(client, office, forge).location == "/login"
    assert client.get("/login/office/callback").location == "/login"
    assert client.get("/login/office/callback?code=x&state=y").location == "/login"


def test_an_answer_counts_once_and_in_its_own_browser(app, client, office, provider):
    kept: list[str] = []
    there_and_back(client, office, lambda address: kept.append(address) or address)
    thief = app.test_client()
    address = kept[0].removeprefix("http://127.0.0.1:8000")
    assert thief.get(address).location == "/login"
    assert thief.get("/office/").status_code == 302


def test_a_token_signed_by_somebody_else_is_refused(client, office, provider):
    provider.signing_key = RSAKey.generate_key(2048, {"kid": "one", "use": "sig", "alg": "RS256"}, private=True)
    assert there_and_back(client, office).location == "/login"


def test_a_provider_that_is_away_is_answered_kindly(app, client, office, provider):
    with app.extensions["lotsen_db"].transaction() as session:
        session.exec(select(SingleSignOn)).one().issuer = f"http://127.0.0.1:{free_port()}"
    assert there_and_back(client, office).location == "/login"


def test_the_secret_stands_encrypted_and_is_never_shown(app, client, office):
    client.sign_in("lead@celle.example", make.PASSWORD)
    assert CLIENT_SECRET not in client.get(f"/staff/single-sign-on/{office}").text
    with app.extensions["lotsen_db"].reading() as session:
        raw = session.connection().exec_driver_sql("SELECT client_secret FROM singlesignon").scalar_one()
    assert CLIENT_SECRET not in raw


@pytest.mark.parametrize(
    "issuer", ["javascript:alert(1)", "https://", "ftp://login.example", "https://a:b@login.example"]
)
def test_what_is_no_address_is_not_stored(client, office, issuer):
    client.sign_in("lead@celle.example", make.PASSWORD)
    page = f"/staff/single-sign-on/{office}"
    client.get(page)
    data = {"issuer": issuer, "client_id": "x", "client_secret": "y", "email_domain": "celle.example"}
    assert client.post(page, data=data).status_code == 422


def test_an_office_without_it_is_not_there(client, office):
    assert client.get("/login/office/4711").status_code == 404


def test_where_people_are_sent_is_the_provider_alone(client, office, provider):
    location = client.get(f"/login/office/{office}").location
    assert location.startswith(provider.issuer + "/authorize?")
    assert parse_qs(urlsplit(location).query)["redirect_uri"] == [CALLBACK]
