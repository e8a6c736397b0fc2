"""Lists that staff take away: narrowed as the page is, for their own office, and written down."""

import csv
from datetime import date
from io import BytesIO, StringIO

import openpyxl
import pytest
from sqlmodel import select

from lotsen.models import AuditEntry, Meeting
from lotsen.models.audit import Did
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import Side, State
from lotsen.rules.vocabulary import MeetingKind, Mood
from lotsen.services import notes, tasks
from lotsen.services.actor import Actor
from tests import factories as make
from tests.web.offices import Desk

SECRETS = ("vertraulich", "geheim")


@pytest.fixture
def desk(app, client, now):
    desk = Desk(app, client)
    pairing = desk.pair(State.ACTIVE)
    with desk.writing() as session:
        office = session.merge(make.municipality(session, "03403000", "Oldenburg"))
        make.guide(session, office, about={"last_name": "Fernab"})
        make.request(session, office, about={"first_name": "Fernab"})
        guide, request = session.merge(desk.guide), session.merge(desk.request)
        guide.interview_note = request.note = "geheim"
        session.add(Meeting(
            pairing_id=pairing, guide_id=guide.id, municipality_id=desk.office_id, token="m", logged_by=Side.GUIDE,
            held_on=date(2026, 3, 2), kind=MeetingKind.TALK, minutes=90, mood=Mood.GOOD, metres=4500,
            expenses_cents=250, note="geheim", logged_at=now,
        ))  # fmt: skip
        kim = Actor(Side.OFFICE, desk.kim.id, desk.office_id)
        notes.write(session, request.person_id, kim, now, "vertraulich")
        tasks.hand_over(session, Matter.CHECK_IN, session.get_one(type(request), request.id), now)
    return desk


def taken(client, name, kind="csv", query=""):
    client.get("/office/sheets")
    answer = client.post(f"/office/export{query}", data={"list": name, "as": kind})
    assert answer.status_code == 200, answer.text
    assert f"lotsen-{name}-" in answer.headers["Content-Disposition"]
    if kind == "xlsx":
        pages = openpyxl.load_workbook(BytesIO(answer.data)).worksheets
        about = [row[1] for row in pages[1].iter_rows(values_only=True)]
        return about, [list(row) for row in pages[0].iter_rows(values_only=True)]
    rows = list(csv.reader(StringIO(answer.data.decode("utf-8-sig")), delimiter=";"))
    return rows[0], rows[1:]


#: List, address, and one cell that only the row that belongs there has; None: no row.
LISTS = (
    ("requests", "?state=placed", None),
    ("requests", "?state=open&town=Celle&language=ar", "Amal"),
    ("guides", "?show=active", "Lindqvist"),
    ("guides", "?show=active&language=pl", None),
    ("pairings", "", "Jürgen"),
    ("worklist", "?kind=check_in", "Amal"),
    ("hours", "?year=2026", "Lindqvist"),
    ("hours", "?year=2025", None),
)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_each_list_goes_out_as_it_is_narrowed_without_notes_and_without_other_offices(desk, client, kind):
    for name, query, cell in LISTS:
        about, (columns, *rows) = taken(client, name, kind, query)
        assert any("Kim" in str(fact) for fact in about)
        assert len(rows) == (1 if cell else 0), (name, query)
        assert all(len(row) == len(columns) for row in rows)
        cells = [str(each) for row in rows for each in row]
        assert (cell in cells) or cell is None, (name, query)
        assert not [word for word in (*SECRETS, "Fernab") for each in cells if word in each]


def test_the_hours_are_numbers(desk, client):
    _about, (_columns, row) = taken(client, "hours", "xlsx", "?year=2026")
    assert row[4:] == [1.5, 4.5, 2.5]


def test_the_audit_log_knows_whose_file_was_taken_by_whom(desk, client):
    taken(client, "pairings")
    taken(client, "hours", query="?year=2000")
    with desk.writing() as session:
        found = session.exec(select(AuditEntry).where(AuditEntry.did == Did.EXPORTED)).all()
        people = {session.merge(desk.guide).person_id, session.merge(desk.request).person_id}
        assert {entry.person_id for entry in found} == {*people, None}
        assert {entry.account_id for entry in found} == {desk.kim.id}


def test_the_audit_log_says_which_list_in_which_format_and_narrowed_to_what_but_no_name(desk, client):
    taken(client, "guides", "xlsx", "?show=active&town=celle&language=ar&topic=housing")
    taken(client, "requests", query="?town=Amal")
    taken(client, "worklist", query=f"?kind=check_in&whose={desk.kim.id}&overdue=1")
    taken(client, "insured", query="?since=2026-01-01&until=2026-03-31")
    with desk.writing() as session:
        logged = {entry.taken for entry in session.exec(select(AuditEntry).where(AuditEntry.did == Did.EXPORTED))}
        desk.kim = session.merge(desk.kim)
        desk.kim.is_lead = True
    assert logged == {
        "list=guides&as=xlsx&show=active&town=Celle&language=ar&topic=housing",
        "list=requests&as=csv&state=open&town=%2A",
        f"list=worklist&as=csv&kind=check_in&whose={desk.kim.id}&overdue=1",
        "list=insured&as=csv&days=2026-01-01%2F2026-03-31",
    }
    page = client.get("/office/views").text
    for said in ("Guides, XLSX: ", "Celle, Arabic, ", "Newcomers, CSV: open, a place", "a colleague’s, Overdue"):
        assert said in page, said


def test_a_list_leaves_by_post_with_a_token_alone_and_only_for_staff(desk, client, app):
    assert client.get("/office/export").status_code != 200
    client.get("/office/sheets")
    assert client.post("/office/export", data={"list": "secrets", "as": "csv"}).status_code == 400
    assert client.post("/office/export", data={"list": "guides", "as": "exe"}).status_code == 400
    bare = app.test_client()
    bare.get("/login")
    refused = bare.post("/office/export", data={"list": "guides", "as": "csv"})
    assert refused.mimetype == "text/html"
    assert refused.status_code != 200


def test_an_address_with_orders_for_our_own_functions_is_an_address_like_others(desk, client):
    page = client.get("/office/guides?_scheme=javascript&_external=1&endpoint=x&_anchor=y")
    assert page.status_code == 200
    assert "javascript:" not in page.text
