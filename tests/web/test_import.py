"""An office imports its own list in the browser: every step, every refusal, and that others see nothing of it."""

import re
from io import BytesIO
from threading import Event

import pytest
from sqlmodel import select

from lotsen import clock, intake
from lotsen.jobs.take_over import take_over
from lotsen.models import ImportBatch, Person
from lotsen.rules.vocabulary import Role
from lotsen.services import imports
from tests import factories as make
from tests.test_intake import book
from tests.web.offices import Desk

HEAD = "Vorname;PLZ;Sprachen;Hilfe bei;Haushalt;Einwilligung;Spalte <b>\r\n"
GOOD = "Ömer;29221;Arabisch;Wohnen;allein;ja;\r\n"
DOUBLE = "Amal;29221;Arabisch;Wohnen;allein;ja;\r\n"
BAD = "Zoë;1;Klingonisch;Wohnen;allein;nein;\r\n"


@pytest.fixture
def desk(app, client):
    return Desk(app, client)


def upload(client, content, kind="newcomers", name="liste.csv"):
    client.get("/office/import")
    data = {"kind": kind, "file": (BytesIO(content), name)}
    return client.post("/office/import", data=data, content_type="multipart/form-data")


def mapped(client, address):
    """Send the form with the columns as they were guessed."""
    chosen = re.findall(r'<select[^>]*name="(column_\d+)".*?</select>', client.get(address).text, re.DOTALL)
    page = client.get(address).text
    data = {}
    for name in chosen:
        options = re.search(rf'name="{name}".*?</select>', page, re.DOTALL)[0]
        picked = re.search(r'<option selected value="(\w*)"', options)
        data[name] = picked[1] if picked else ""
    return client.post(f"{address}/columns", data=data)


def people(desk):
    with desk.writing() as session:
        return sorted(session.exec(select(Person.first_name)).all())


def test_a_list_is_tried_confirmed_with_the_doubles_that_are_ticked_and_undone(desk, client):
    before = people(desk)
    address = upload(client, (HEAD + GOOD + DOUBLE + BAD).encode("cp1252")).location
    page = client.get(address).text
    assert "Spalte &lt;b&gt;" in page
    assert mapped(client, address).location == address
    page = client.get(address).text
    assert "Checked: please decide" in page
    wrong = re.search(r'data-label="Languages"><bdi>Klingonisch<span.*?</td>', page, re.DOTALL)[0]
    assert "We know no language “Klingonisch”" in wrong, "beside the cell"
    assert 'aria-label="Problem"' in wrong, "not by colour alone"
    assert "<bdi>Ömer" not in page
    assert "<bdi>Ömer" in client.get(f"{address}?rows=all").text
    sheet = client.post(f"{address}/problems", data={"list": "import", "as": "csv"}).data.decode("utf-8-sig")
    assert sheet.splitlines()[1].endswith("Spalte <b>;Problems")
    assert re.search(r'Klingonisch;Wohnen;allein;nein;;"Postal code: .*; Languages: We know no language', sheet)
    assert "No consent is recorded" in page
    assert "name and postal code as somebody who is here already" in page
    assert people(desk) == before
    client.post(f"{address}/confirm", data={})
    assert people(desk) == sorted([*before, "Ömer"])
    assert "People stored: 1." in client.get(address).text
    client.post(f"{address}/undo")
    assert people(desk) == before
    assert "Undone" in client.get(address).text
    assert client.post(f"{address}/delete").location == "/office/sheets"


def test_each_guide_without_email_takes_a_letter_with_a_code(desk, client):
    rows = "Vorname;Name;PLZ;Sprachen;Themen;Einwilligung\r\nGerda;Berg;29221;Deutsch;Wohnen;ja\r\n"
    address = upload(client, rows.encode(), kind="guides").location
    mapped(client, address)
    client.post(f"{address}/confirm", data={})
    page = client.get(address).text
    assert "Gerda Berg" in page
    code = client.post(re.search(r'action="(/office/guides/\d+/code)"', page)[1]).location
    letter = client.get(code.removesuffix("code") + "letter.html").text
    assert "Gerda" in letter


def test_a_workbook_with_several_sheets_asks_which_and_a_ticked_double_is_stored(desk, client):
    rows = [line.split(";") for line in (HEAD + DOUBLE).split("\r\n") if line]
    made = book(rows)
    assert upload(client, made, name="x.exe").status_code == 302
    address = upload(client, made).location
    mapped(client, address)
    client.post(f"{address}/confirm", data={"double": "1"})
    assert people(desk).count("Amal") == 2


def test_long_lists_are_done_by_the_job_while_the_page_renews_itself(desk, client, app, monkeypatch):
    monkeypatch.setitem(imports.PORTION, imports.ImportStage.CHECKING, 1)
    address = upload(client, (HEAD + GOOD + DOUBLE + BAD).encode()).location
    mapped(client, address)
    page = client.get(address)
    assert page.headers["Refresh"] == "4"
    assert "1 of 3 rows" in page.text
    assert take_over(app, clock.now, Event()).done == 2
    page = client.get(address)
    assert "Checked: please decide" in page.text
    assert "Refresh" not in page.headers


def test_wrong_files_and_wrong_columns_get_a_sentence_and_keep_what_was_chosen(desk, client, app, monkeypatch):
    app.config["MAX_CONTENT_LENGTH"] = 1_000  # this page takes more than others
    monkeypatch.setattr(intake, "MAX_BYTES", 3_000)
    assert "cannot read" in upload(client, b"PK\x03\x04rubbish").text
    assert "Please choose a file" in client.post("/office/import", data={"kind": "guides"}).text
    assert "at most 5 MB" in upload(client, b"a;b\n" * 1_000).text
    address = upload(client, (HEAD + GOOD * 40).encode()).location
    client.get(address)
    answer = client.post(f"{address}/columns", data={"column_0": "postcode", "consent": "y"})
    assert answer.status_code == 422
    assert "no other twice. No column yet: First name, Languages, Topics, Household." in answer.text
    assert re.search(r'<option selected value="postcode"', answer.text)


def test_another_office_finds_none_of_it(desk, client):
    address = upload(client, (HEAD + GOOD).encode()).location
    with desk.writing() as session:
        make.account(
            session, Role.COORDINATOR, make.municipality(session, "03403000", "Oldenburg"), email="e@x.example"
        )
    client.sign_in("e@x.example", make.PASSWORD)
    client.get("/office/sheets")
    assert client.get(address).status_code == 404
    for step in ("sheet", "columns", "confirm", "undo", "delete"):
        assert client.post(f"{address}/{step}").status_code == 404
    with desk.writing() as session:
        assert session.exec(select(ImportBatch)).one().content
