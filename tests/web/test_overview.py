"""The office's overview: pictures with words for whoever cannot see them, tables that say the same, own people only."""

import re

import pytest
from sqlmodel import select

from lotsen import clock
from lotsen.models import MatchRun, Municipality, Stage, Territory
from lotsen.rules.pairing import State
from tests import factories as make
from tests.queries import counted
from tests.web.offices import Desk

PAGE = "/office/overview"


@pytest.fixture
def desk(app, client):
    return Desk(app, client)


def cells(page: str, first: str) -> list[str]:
    """The figures of the table row that begins with `first`."""
    row = re.search(rf'<tr[^>]*>\s*<th scope="row"[^>]*><bdi>{first}</bdi></th>(.*?)</tr>', page, re.DOTALL)
    return re.findall(r"<bdi>([^<]*)</bdi>", row[1]) if row else []


def test_pictures_and_tables_say_the_same(desk, client):
    page = client.get(PAGE).text
    pictures = re.findall(
        r'<svg class="drawing" role="img" aria-labelledby="([\w-]+)" aria-describedby="([\w-]+)"', page
    )
    assert len(pictures) == 5
    for title, description in pictures:
        assert re.search(rf'<title id="{title}">[^<]+</title><desc id="{description}">[^<]+</desc>', page)
    assert cells(page, "29221 Celle") == ["1", "1", "1"]
    assert cells(page, "Arabic") == ["1", "1", "1"]
    assert "29221 Celle. Waiting: 1, guides: 1" in page
    assert "There has been no run yet" in page
    assert 'aria-current="page"' in page.partition(">Overview</a>")[0].rpartition("<a")[2]


def test_an_office_sees_its_own_people_and_its_own_shortage(desk, client, app):
    shortage = [{"language": "ti", "municipality": "", "time": "evening", "asking": 4, "placed": 2}]
    with desk.writing() as session:
        other = make.municipality(session, "03403", "Oldenburg")
        make.pairing(
            session, make.request(session, other, about={"postcode": "26121"}), make.guide(session, other), State.ACTIVE
        )
        for office, short in ((desk.office_id, shortage), (other.id, [])):
            session.add(MatchRun(municipality_id=office, stage=Stage.DONE, queued_at=clock.now(), shortage=short))
    with counted(app.extensions["lotsen_db"].engine) as statements:
        page = client.get(PAGE).text
    few = len(statements)
    assert "26121" not in page
    assert "2 more people would be placed" in page
    assert 'name="list" value="shortages"' in page
    taken = client.post("/office/export", data={"list": "shortages", "as": "csv"}).text
    assert re.search(r"\r\nTigrinya;[^;]*evening[^;]*;2;4\r\n", taken)
    with desk.writing() as session:
        celle = session.get_one(type(other), desk.office_id)
        for number in range(20):
            make.request(session, celle, about={"postcode": f"2922{number % 5}", "languages": {"so": "C2"}})
        make.request(session, celle, about={"postcode": "10115"})
    with counted(app.extensions["lotsen_db"].engine) as statements:
        page = client.get(PAGE).text
    assert len(statements) == few
    assert "postal code lies outside the map" in page or "postal codes lie outside the map" in page
    assert cells(page, "10115 Berlin") == ["1", "0", "0"]
    assert cells(page, "Somali") == ["20", "0", "0"]


def test_an_office_outside_lower_saxony_has_a_map_and_reads_why_it_has_no_outlines(desk, client):
    assert "Outlines: ©" in client.get(PAGE).text
    with desk.writing() as session:
        for territory in session.exec(select(Territory).where(Territory.municipality_id == desk.office_id)):
            territory.prefix = "05515"
        make.request(session, session.get_one(Municipality, desk.office_id), about={"postcode": "48143"})
    page = client.get(PAGE).text
    assert "a grey dot stands for each postal code" in page
    assert "Outlines: ©" not in page
    assert "48143 Münster. Waiting: 1, guides: 0" in page
    assert "1 postal code lies outside the map." in page, "Celle, where the others live"


def test_an_office_without_people_is_told_so(desk, client):
    with desk.writing() as session:
        for left in (desk.request, desk.guide):
            session.delete(session.merge(left))
    page = client.get(PAGE).text
    assert "Nobody waits, and no guide may be proposed." in page
    assert "Nobody waits, and nobody was placed within a year." in page
