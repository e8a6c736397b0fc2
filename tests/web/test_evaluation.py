"""The Land's pages: a quarter in tables and plain words, as open data, and without anybody's name."""

import csv
import io
import re
from datetime import timedelta

import pytest
from pypdf import PdfReader

from lotsen.clock import now
from lotsen.models import QuarterFigures, ServiceRating
from lotsen.rules.figures import By, Measure
from lotsen.rules.quarters import last_closed
from lotsen.rules.vocabulary import Mood, Role
from lotsen.services import evaluation
from tests import factories as make

QUARTER = last_closed(now())


@pytest.fixture
def land(app, client):
    """The evaluator, signed in; two quarters with 8 and 12 requests are frozen."""
    with app.extensions["lotsen_db"].transaction() as session:
        office = make.municipality(session, name="=Celle")
        make.municipality(session, "03403", "Oldenburg")
        for number in range(20):
            when = (QUARTER if number < 12 else QUARTER.previous).begins + timedelta(days=3)
            about = {"first_name": "Nobodysname"}
            make.request(session, office, created_at=when, waiting_since=when, about=about)
        make.account(session, Role.EVALUATOR, email="land@example.org")
        referrer = make.referrer(session, office)
        session.add(ServiceRating(referrer_id=referrer.id, face=Mood.GOOD, shown=17))
        session.add(ServiceRating(referrer_id=referrer.id, face=Mood.DIFFICULT, shown=3))
        evaluation.freeze(session, now())
    client.sign_in("land@example.org", make.PASSWORD)
    return client


def test_the_page_shows_the_latest_quarter_or_the_one_in_the_address_beside_the_one_before(land):
    page = land.get("/evaluation/?lang=en").text
    assert "12 people asked for a guide. That is 4 more than in the quarter before." in page
    assert f"?quarter={QUARTER.previous}" in page
    assert "15 people at least rated the service of the office that referred them good." in page
    assert "Service rated good" in (rated := page.partition('id="rated"')[2].partition("</details>")[0])
    assert "Service rated difficult" not in rated, "three are too few"
    before = land.get(f"/evaluation/?quarter={QUARTER.previous}").text
    assert 'id="rated"' not in before
    assert "8 people asked for a guide." in before
    assert "more than in the quarter before" not in before
    german = land.get("/evaluation/?lang=de").text
    assert "12 Menschen haben um eine Begleitung gebeten. Das sind 4 mehr als im Quartal davor." in german
    assert "Nobodysname" not in page + before + german


def test_each_groups_figures_stand_beside_the_quarter_before_which_may_have_been_stored_without_details(app, land):
    within = ["municipality", "03403"]
    waiting = [["waiting", "land", "", 30], ["waiting", "reason", "distance", 13], ["waiting", "reason", "times", None]]
    groups = [["received", *within, 31], ["waiting", *within, 30]]
    with app.extensions["lotsen_db"].transaction() as session:
        now_, before = (session.get_one(QuarterFigures, str(each)) for each in (QUARTER, QUARTER.previous))
        now_.figures = [*waiting, *groups, ["waiting", "reason", "distance", 11, *within]]
        before.figures = [["received", *within, 8]]
    page = land.get("/evaluation/?lang=en&by=municipality").text
    contents = page.partition('aria-label="On this page"')[2].partition("</nav>")[0]
    assert {"summary", "land", "waiting-reason", "groups", "method"} == set(re.findall(r'href="#([\w-]+)"', contents))
    assert all(f'id="{each}"' in page for each in re.findall(r'href="#([\w-]+)"', contents))
    beside = page.partition('class="panels"')[2].partition("</div>")[0]
    assert re.findall(r'<th scope="row"[^>]*><bdi>([^<]+)', beside) == ["Guides live too far away", "All"], "no times"
    words = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", page.partition('id="groups"')[2].partition("</section>")[0]))
    assert "Oldenburg 31 ( Quarter before: 8) " in words
    assert "Why people are still waiting By municipality: Why people are still waiting" in words
    assert "Municipality All Guides live too far away Oldenburg 30 11 All municipalities 30 13" in words
    paper = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", land.get(f"/evaluation/{QUARTER}.html").text))
    assert "Oldenburg 31 (8)" in paper
    assert "Oldenburg 30 11" in paper
    line = (
        f"{QUARTER},waiting,reason,distance,Lotsinnen und Lotsen wohnen zu weit weg,municipality,03403,Oldenburg,11\r\n"
    )
    assert line in land.get(f"/evaluation/{QUARTER}.csv").text
    assert "By topic</h2>" in land.get("/evaluation/?by=topic").text
    assert "By municipality</h2>" in land.get("/evaluation/?by=nonsense").text


def test_the_report_is_a_document_to_print_and_a_tagged_pdf(land):
    paper = land.get(f"/evaluation/{QUARTER}.html").text
    assert "12 Menschen haben um eine Begleitung gebeten." in paper
    assert "Land Niedersachsen" in paper
    written = PdfReader(io.BytesIO(land.get(f"/evaluation/{QUARTER}.pdf").data))
    assert written.trailer["/Root"]["/MarkInfo"]["/Marked"]
    text = "".join(each.extract_text() for each in written.pages)
    assert "12 Menschen" in text
    assert "Nobodysname" not in paper + text


@pytest.mark.parametrize("asked", ["1999-Q1", "nonsense", str(QUARTER.next)])
def test_what_is_not_published_is_not_there(land, asked):
    for address in (
        f"/evaluation/?quarter={asked}",
        f"/evaluation/{asked}.csv",
        f"/evaluation/{asked}.html",
        f"/evaluation/{asked}.csv-metadata.json",
    ):
        assert land.get(address).status_code == 404, address


def test_the_open_data_are_what_their_description_says(land):
    answer = land.get(f"/evaluation/{QUARTER}.csv")
    address = re.search(r"<(.*)>", answer.headers["Link"])[1]
    schema = land.get(address).json
    assert schema["url"] in answer.headers["Content-Disposition"]
    assert schema["dc:license"]["@id"].startswith("https://")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    columns = schema["tableSchema"]["columns"]
    assert list(rows[0]) == [column["name"] for column in columns]
    for column in columns:
        kind = column["datatype"]
        for row in rows:
            value = row[column["name"]]
            assert value or not column["required"], (column["name"], row)
            if isinstance(kind, dict) and value:
                fits = re.fullmatch(kind["format"], value) if "format" in kind else int(value) >= kind["minimum"]
                assert fits, (column["name"], value)
    keys = {tuple(row[name] for name in schema["tableSchema"]["primaryKey"]) for row in rows}
    assert len(keys) == len(rows)
    told = {(row["measure"], row["breakdown"], row["group"]): row["value"] for row in rows}
    assert told["received", "land", "land"] == "12"
    assert told["rated_good", "municipality", "03351006"] == "15"
    assert told["received", "municipality", "03403"] == told["received", "municipality", "03351006"] == ""
    assert all(int(row["value"]) >= 5 for row in rows if row["value"] and not row["measure"].endswith("days"))
    assert all(not cell.startswith("=") for row in rows for cell in row.values())
    assert all(f"{measure}: " in str(columns) for measure in Measure)
    assert all(f"{by}: " in str(columns) for by in By)


def test_programs_get_the_same_figures_without_a_token(app, land):
    """The file of the open data is the measure: nothing more is told, nothing less is hidden."""
    system = app.test_client()
    for quarter, query in ((QUARTER, ""), (QUARTER.previous, f"?quarter={QUARTER.previous}")):
        told = system.get("/api/v1/statistics" + query).json
        assert (told["quarter"], told["quarters"]) == (str(quarter), [str(QUARTER), str(QUARTER.previous)])
        lines = list(csv.DictReader(io.StringIO(land.get(f"/evaluation/{quarter}.csv").text)))
        for figure, line in zip(told["figures"], lines, strict=True):
            line["group_name"] = line["group_name"].removeprefix("'")  # keeps spreadsheets from calculating
            value = "" if figure["value"] is None else str(figure["value"])
            assert {"quarter": str(quarter)} | figure | {"value": value} == line


@pytest.mark.parametrize(
    ("asked", "status", "code"),
    [(str(QUARTER.next), 404, "not_published"), ("0000-Q1", 404, "not_published"), ("spring", 422, "invalid")],
)
def test_programs_are_told_which_quarter_is_none(land, asked, status, code):
    answer = land.get(f"/api/v1/statistics?quarter={asked}")
    assert (answer.status_code, answer.json["code"]) == (status, code)


def test_before_the_first_quarter_the_page_says_when_it_comes(app, client):
    with app.extensions["lotsen_db"].transaction() as session:
        make.account(session, Role.EVALUATOR, email="land@example.org")
    client.sign_in("land@example.org", make.PASSWORD)
    page = client.get("/evaluation/?lang=en").text
    assert "No quarter is published yet." in page
    assert f"{QUARTER.next.frozen_from.day} {QUARTER.next.frozen_from:%B %Y}" in page
