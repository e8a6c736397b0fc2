"""A lead looks after the organisations that refer people: names, people, tokens of their software."""

import re
from typing import Any

import pytest
from sqlmodel import select

from lotsen.models import Account, ApiToken, Referrer
from lotsen.rules.vocabulary import Role
from tests import factories as make

ADDRESS = "/staff/organisations"


@pytest.fixture
def lead(app, client) -> Any:
    """The lead of Celle's office; Emden has an organisation, too."""
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        office = make.municipality(session)
        make.referrer(session, office, "Jobcenter Celle")
        make.referrer(session, make.municipality(session, "03402000", "Emden"), "Jobcenter Emden")
        make.account(session, Role.COORDINATOR, office, email="lead@example.org", is_lead=True)
        make.account(session, Role.COORDINATOR, office, email="colleague@example.org")
    client.sign_in("lead@example.org", make.PASSWORD)
    return client


def stored(app: Any, table: Any) -> list[Any]:
    with app.extensions["lotsen_db"].reading() as session:
        return list(session.exec(select(table).order_by(table.id)).all())


def test_an_organisation_is_added_changed_and_its_people_are_invited(app, lead):
    lead.get(f"{ADDRESS}/new")
    answer = lead.post(f"{ADDRESS}/new", data={"name": "Jobcenter Celle", "kind": "job_centre"})
    assert answer.status_code == 422
    assert 'value="Jobcenter Celle"' in answer.text
    answer = lead.post(f"{ADDRESS}/new", data={"name": "VHS Celle", "kind": "course"})
    added = stored(app, Referrer)[-1]
    assert answer.location == f"{ADDRESS}/{added.id}"
    lead.get(f"{ADDRESS}/{added.id}/change")
    lead.post(f"{ADDRESS}/{added.id}/change", data={"name": "Volkshochschule Celle", "kind": "school"})
    changed = stored(app, Referrer)[-1]
    assert (changed.name, changed.kind) == ("Volkshochschule Celle", "school")
    page = lead.get(f"/staff/invite?organisation={added.id}").text
    assert 'value="Volkshochschule Celle"' in page
    person = {"name": "Ute Blum", "email": "ute@vhs.example", "role": "referrer", "kind": "school"}
    lead.post("/staff/invite", data=person | {"organisation": "Volkshochschule Celle"})
    assert stored(app, Account)[-1].referrer_id == added.id
    assert "ute@" in lead.get(f"{ADDRESS}/{added.id}").text
    page = lead.get(ADDRESS).text
    assert "Volkshochschule Celle" in page
    assert "Jobcenter Emden" not in page


def test_a_token_is_shown_once_and_ends_when_it_is_revoked(app, lead):
    lead.get(f"{ADDRESS}/1")
    shown = lead.post(f"{ADDRESS}/1/tokens", data={"token_name": "ADVIS"})
    secret = re.search(r"lotsen_[\w-]{43}", shown.text)[0]
    again = lead.post(f"{ADDRESS}/1/tokens", data={"token_name": "ADVIS"})
    assert again.status_code == 422, "the page loaded anew issues no second one"
    [token] = stored(app, ApiToken)
    assert secret not in token.digest
    assert secret not in lead.get(f"{ADDRESS}/1").text
    assert "noch nie" in lead.get(f"{ADDRESS}/1").text
    software, bearer = app.test_client(), {"Authorization": f"Bearer {secret}"}
    assert software.get("/api/v1/referrals", headers=bearer).status_code == 200
    assert "noch nie" not in lead.get(f"{ADDRESS}/1").text
    lead.post(f"{ADDRESS}/tokens/{token.id}/revoke")
    assert software.get("/api/v1/referrals", headers=bearer).status_code == 401
    lead.get(f"{ADDRESS}/1")
    assert lead.post(f"{ADDRESS}/1/tokens", data={"token_name": "ADVIS"}).status_code == 200


def test_whoever_does_not_lead_finds_nothing(app, lead):
    colleague = app.test_client()
    colleague.sign_in("colleague@example.org", make.PASSWORD)
    for address in (ADDRESS, f"{ADDRESS}/new", f"{ADDRESS}/1"):
        assert colleague.get(address).status_code == 404
    assert lead.get(f"{ADDRESS}/2").status_code == 404
