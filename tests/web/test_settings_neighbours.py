"""The neighbours' page: offered by one lead, accepted by the other, taken back by either; colleagues read it."""

import pytest
from sqlmodel import select

from lotsen.models import Account, Mail
from lotsen.rules.vocabulary import Role
from tests import factories as make
from tests.web.offices import Desk


@pytest.fixture
def desk(app, client):
    desk = Desk(app, client)
    with desk.writing() as session:
        session.get_one(Account, desk.kim.id).is_lead = True
        desk.other = make.municipality(session, "03103000", "Wolfsburg")
        make.account(session, Role.COORDINATOR, desk.other, email="wolf@example.org", name="Wolf", is_lead=True)
    return desk


def test_both_leads_agree_and_either_closes_the_border(desk, client):
    here, there = (f"/settings/{number}/neighbours" for number in (desk.office_id, desk.other.id))
    offer, accept = f"{here}/{desk.other.id}/offer", f"{there}/{desk.office_id}/offer"
    assert "Other offices" in client.get(here).text
    assert client.post(offer).status_code == 302
    assert client.post(offer).status_code == 302
    assert "You have asked" in client.get(here).text
    assert client.post(accept).status_code == 404
    assert client.post(f"{here}/{desk.office_id}/offer").status_code == 404
    client.get("/login")
    client.sign_in("wolf@example.org", make.PASSWORD)
    assert "They ask you" in client.get(f"{there}?lang=en").text
    assert client.post(accept).status_code == 302
    assert "Open borders" in client.get(there).text
    told = client.get(f"/settings/{desk.other.id}/").text
    assert "Border to Celle: closed → offered by them" in told
    assert "Kim" not in told
    assert client.post(f"{there}/{desk.office_id}/withdraw").status_code == 302
    assert "They ask you" in client.get(there).text
    client.sign_in("lee@example.org", make.PASSWORD)
    page = client.get(f"{here}?lang=en").text
    assert "You have asked" in page
    assert "<button" not in page.partition("<main")[2]
    assert client.post(offer).status_code == 404
    with desk.writing() as session:
        assert len(session.exec(select(Mail)).all()) == 3
