"""A guide's file in the browser: what is missing, the promise of confidentiality, the insured list and its file."""

import re
from datetime import timedelta

import pytest
from sqlmodel import select

from lotsen.clock import now
from lotsen.models import AuditEntry, Guide, Person
from lotsen.models.audit import Did
from lotsen.rules.calendar import local_date
from lotsen.services import conduct, insured
from tests.web.offices import Desk


@pytest.fixture
def desk(app, client):
    return Desk(app, client)


def test_the_file_leads_from_step_to_step_and_keeps_what_was_typed(desk, client):
    path = f"/office/guides/{desk.guide.id}"
    assert "Next:</strong> Promise of confidentiality is missing" in client.get(path).text
    today = local_date(now()).isoformat()
    unsigned = client.post(f"{path}/promise", data={"promise-on": today})
    assert unsigned.status_code == 422
    assert f'value="{today}"' in unsigned.text
    assert client.post(f"{path}/promise", data={"promise-on": today, "promise-signed": "y"}).status_code == 302
    page = client.get(path).text
    assert "today’s text" in page
    assert "Promise of confidentiality is missing" not in page
    sent = {"interview-on": today, "interview-note": "Ruhig", "interview-children": "no"}
    assert client.post(f"{path}/interview", data=sent).status_code == 302
    assert "not for children" in client.get(path).text
    with desk.writing() as session:
        assert session.get_one(Guide, desk.guide.id).interview_children is False


def test_a_notice_on_a_certificate_stands_in_the_history_in_words(desk, client):
    with desk.writing() as session:
        guide = session.get_one(Guide, desk.guide.id)
        guide.conduct_valid_until = local_date(now()) + timedelta(days=20)
        conduct.notify(session, guide, 30, now())
    for path in (f"/office/guides/{desk.guide.id}", f"/office/people/{desk.guide.person_id}/story"):
        page = client.get(path).text
        assert re.search(r'<p class="muted">Certificate of conduct valid until [^<:]+</p>', page)
        assert f"{guide.conduct_valid_until}:30" not in page


def test_the_insured_list_is_a_page_and_a_file_without_formulas(desk, client):
    with desk.writing() as session:
        guide = session.get_one(Guide, desk.guide.id)
        insured.begin(session, guide, local_date(now()))
        session.get_one(Person, guide.person_id).last_name = "=1+1"
    page = client.get("/office/guides/insured").text
    assert "Jürgen" in page
    file = client.post("/office/export", data={"list": "insured", "as": "csv"})
    assert file.mimetype == "text/csv"
    assert "'=1+1" in file.text
    assert "Jürgen" in file.text
    assert (
        "Jürgen"
        not in client.post(
            "/office/export?since=2020-01-01&until=2020-12-31", data={"list": "insured", "as": "csv"}
        ).text
    )
    assert "Jürgen" not in client.get("/office/guides/insured?since=2020-01-01&until=2020-12-31").text
    wrong = client.get("/office/guides/insured?since=2020-12-31&until=2020-01-01")
    assert wrong.status_code == 422
    assert "The last day is before the first" in wrong.text
    with desk.writing() as session:
        assert Did.EXPORTED in {entry.did for entry in session.exec(select(AuditEntry))}
