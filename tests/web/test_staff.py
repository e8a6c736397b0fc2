"""Leads and administrators look after accounts: invited by mail, closed at once, never in a foreign office."""

import pytest
from sqlmodel import select

from lotsen.cli.accounts import group
from lotsen.models import Account, Mail, Referrer
from lotsen.rules.vocabulary import Role
from tests import factories as make


@pytest.fixture
def house(app):
    """Two offices with a lead each, a colleague and an administrator."""
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        celle, emden = make.municipality(session), make.municipality(session, "03402000", "Emden")
        make.account(session, Role.COORDINATOR, celle, is_lead=True, name="Lea", email="lead@example.org")
        make.account(session, Role.COORDINATOR, celle, name="Kim", email="kim@example.org")
        make.account(session, Role.COORDINATOR, emden, name="Elke", email="elke@example.org")
        make.account(session, Role.ADMIN, email="admin@example.org")
        return celle.id, emden.id


def number(app, email: str) -> int:
    with app.extensions["lotsen_db"].reading() as session:
        return session.exec(select(Account.id).where(Account.email == email)).one()


def invite(client, **data):
    client.get("/staff/invite")
    return client.post("/staff/invite", data={"kind": "immigration_office", **data})


def test_a_lead_invites_a_colleague_into_her_own_office(app, client, house):
    client.sign_in("lead@example.org", make.PASSWORD)
    response = invite(client, name="Noor", email="Noor@Example.org", role="coordinator", municipality_id=str(house[1]))
    assert response.location == "/staff/"
    with app.extensions["lotsen_db"].reading() as session:
        account = session.exec(select(Account).where(Account.email == "noor@example.org")).one()
        assert (account.municipality_id, account.is_lead, account.password_hash) == (house[0], False, None)
        assert session.exec(select(Mail.template)).all() == ["office_invitation"]
    page = client.get("/staff/?lang=en").text
    assert "invited" in page
    assert "Elke" not in page


def test_a_lead_invites_a_referrer_with_the_organisation(app, client, house):
    client.sign_in("lead@example.org", make.PASSWORD)
    assert invite(client, name="Ron", email="ron@example.org", role="referrer").status_code == 422
    for email in ("ron@example.org", "rita@example.org"):
        invite(client, name="Ron", email=email, role="referrer", organisation="Jobcenter Celle", kind="job_centre")
    with app.extensions["lotsen_db"].reading() as session:
        assert len(session.exec(select(Referrer)).all()) == 1


def test_a_lead_makes_no_administrators(client, house):
    client.sign_in("lead@example.org", make.PASSWORD)
    assert invite(client, name="X", email="x@example.org", role="admin").status_code == 422


def test_a_known_address_is_not_invited_twice(client, house):
    client.sign_in("admin@example.org", make.PASSWORD)
    data = {"name": "Kim", "email": "kim@example.org", "role": "coordinator", "municipality_id": str(house[0])}
    assert invite(client, **data).status_code == 422


def test_an_administrator_invites_everywhere(app, client, house):
    client.sign_in("admin@example.org", make.PASSWORD)
    invite(client, name="E", email="e@example.org", role="coordinator", municipality_id=str(house[1]), is_lead="y")
    invite(client, name="V", email="v@example.org", role="evaluator", municipality_id="")
    with app.extensions["lotsen_db"].reading() as session:
        lead = session.exec(select(Account).where(Account.email == "e@example.org")).one()
        assert (lead.municipality_id, lead.is_lead) == (house[1], True)
        assert session.exec(select(Account.role).where(Account.email == "v@example.org")).one() is Role.EVALUATOR


def test_an_administrator_alone_lets_reviewers_in_and_says_what_they_read(app, client, house):
    leyla = {"name": "L", "email": "l@example.org", "role": "reviewer", "municipality_id": ""}
    client.sign_in("lead@example.org", make.PASSWORD)
    assert invite(client, **leyla, reads=["ar"]).status_code == 422
    client.sign_in("admin@example.org", make.PASSWORD)
    assert invite(client, **leyla).status_code == 422
    assert invite(client, **leyla, reads=["ar", "en"]).status_code == 422
    assert invite(client, **leyla, reads=["ar"]).status_code == 302
    page = f"/staff/reviewers/{number(app, 'l@example.org')}"
    assert client.get(page).status_code == 200
    assert client.post(page, data={}).status_code == 422
    assert client.post(page, data={"reads": ["ti", "ps"]}).status_code == 302
    told = client.get("/staff/?lang=en").text
    assert "Tigrinya – ትግርኛ, Pashto – پښتو" in told
    assert "changed the languages to read" in told
    with app.extensions["lotsen_db"].reading() as session:
        account = session.exec(select(Account).where(Account.email == "l@example.org")).one()
        assert (account.role, account.reads, account.municipality_id) == (Role.REVIEWER, ["ti", "ps"], None)
    assert client.get(f"/staff/reviewers/{number(app, 'kim@example.org')}").status_code == 404


def test_a_removed_colleague_is_out_at_once_and_can_come_back(app, client, house):
    kim = app.test_client()
    kim.sign_in("kim@example.org", make.PASSWORD)
    client.sign_in("lead@example.org", make.PASSWORD)
    client.get("/staff/")
    assert client.post(f"/staff/{number(app, 'kim@example.org')}/remove").status_code == 302
    assert kim.get("/office/").status_code == 302
    kim.get("/login")
    assert kim.post("/login", data={"email": "kim@example.org", "password": make.PASSWORD}).status_code == 422
    client.get("/staff/")
    client.post(f"/staff/{number(app, 'kim@example.org')}/restore")
    told = client.get("/staff/?lang=en").text.partition("Who let whom in or out")[2]
    assert told.index("opened the account again") < told.index("closed the account")
    kim.sign_in("kim@example.org", make.PASSWORD)


def test_nobody_closes_their_own_account(app, client, house):
    client.sign_in("lead@example.org", make.PASSWORD)
    client.get("/staff/?lang=en")
    client.post(f"/staff/{number(app, 'lead@example.org')}/remove")
    assert "your own account" in client.get("/staff/?lang=en").text


@pytest.mark.parametrize("what", ["remove", "restore", "invite", "reset"])
def test_foreign_and_unknown_accounts_are_not_there(app, client, house, what):
    client.sign_in("lead@example.org", make.PASSWORD)
    client.get("/staff/")
    for account in (number(app, "elke@example.org"), number(app, "admin@example.org"), 4711):
        assert client.post(f"/staff/{account}/{what}").status_code == 404


def test_a_colleague_who_does_not_lead_finds_nothing(client, house):
    client.sign_in("kim@example.org", make.PASSWORD)
    for page in ("/staff/", "/staff/invite", f"/staff/single-sign-on/{house[0]}"):
        assert client.get(page).status_code == 404


def test_the_command_line_lets_the_first_administrator_in(app, client):
    result = app.test_cli_runner().invoke(group, ["invite-admin", "first@example.org"])
    assert result.exit_code == 0, result.output
    link = result.output.splitlines()[0].removeprefix("http://127.0.0.1:8000")
    client.get(link)
    token = link.partition("token=")[2]
    client.post("/login/password", data={"token": token, "password": "ein ganz anderer Satz"})
    client.sign_in("first@example.org", "ein ganz anderer Satz")
    assert client.get("/admin/").status_code == 200
    again = app.test_cli_runner().invoke(group, ["invite-admin", "first@example.org"])
    assert again.exit_code == 1
