"""The report for funders: the period stands in the address, and everything that is handed out says the same."""

from io import BytesIO

import pytest
from pypdf import PdfReader

from lotsen.rules.vocabulary import Role
from tests import factories as make
from tests import tagged


@pytest.fixture
def office(app, client):
    """A colleague of an office with three requests of March, signed in."""
    with app.extensions["lotsen_db"].transaction() as session:
        place = make.municipality(session)
        for _number in range(3):
            make.request(session, place, about={"first_name": "Nobodysname"})
        make.account(session, Role.COORDINATOR, place, email="office@example.org", name="=Sabine")
    client.sign_in("office@example.org", make.PASSWORD)
    return client


def test_page_paper_and_file_say_the_same_of_the_period(office):
    asked = "?since=2026-03-01&until=2026-03-31"
    page = office.get(f"/office/proof-of-use{asked}&lang=en").text
    assert "Newcomers who asked for a guide" in page
    assert "since=2026-03-01" in page
    table = office.get(f"/office/proof-of-use.csv{asked}").get_data().decode("utf-8-sig").splitlines()
    assert table[2] == "Newcomers who asked for a guide;3"
    assert ";=Sabine" not in "".join(table)
    paper = office.get(f"/office/proof-of-use.html{asked}").text
    assert "Verwendungsnachweis" in paper
    written = PdfReader(BytesIO(office.get(f"/office/proof-of-use.pdf{asked}").data))
    assert tagged.of_pdf(written) == tagged.of_page(paper), "rows and headers of the table, too"
    text = "".join(each.extract_text() for each in written.pages)
    assert "1. März 2026" in text
    assert "Nobodysname" not in page + paper + text + "".join(table)


def test_wrong_days_are_named_and_this_year_stands_in(office):
    answer = office.get("/office/proof-of-use?since=2026-03-31&until=2026-03-01")
    assert answer.status_code == 422
    assert "2026-03-31" in answer.text
