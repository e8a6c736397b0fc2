"""One's own data in the browser: copy, correction, restriction, consent taken back and given anew, erasure."""

import json
from datetime import date
from io import BytesIO

import pytest
from pypdf import PdfReader
from sqlmodel import select

from lotsen.models import AuditEntry, Consent, Municipality, Pairing, Person, Request, purpose
from lotsen.models.audit import Did
from lotsen.models.types import EncryptedText
from lotsen.rules.pairing import State
from lotsen.rules.vocabulary import RequestKind, RequestState, Role
from lotsen.web import newcomer_words, own_copy
from lotsen.web.written import phone
from tests import factories as make
from tests.pango import needs_pango


@pytest.fixture
def leyla(app, client):
    """A newcomer with an active pairing, signed in."""
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        office = make.municipality(session)
        request = make.request(session, office, about={"first_name": "Leyla", "phone": "+4915123456789"}, note="leise")
        make.pairing(session, request, make.guide(session, office), State.ACTIVE)
        person = session.get_one(Person, request.person_id)
        session.add(Consent(person_id=person.id, kind="request", version="2020-1", text="früher", locale="de",
                            given_at=make.SPRING))  # fmt: skip
        account = make.account(session, Role.NEWCOMER, office, person=person)
    client.get("/login?lang=en")
    client.sign_in(account.email, make.PASSWORD)
    return person.id


def stored(app, model, **where):
    with app.extensions["lotsen_db"].reading() as session:
        return session.exec(select(model).filter_by(**where)).all()


def test_the_way_to_one_s_own_data_is_on_the_status_page_and_on_the_guide_s(app, client, leyla):
    assert "/my-data/" in client.get("/status").text
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        guide = session.exec(select(Person).where(Person.id != leyla)).one()
        account = make.account(session, Role.GUIDE, session.exec(select(Municipality)).one(), person=guide)
    client.post("/logout")
    client.sign_in(account.email, make.PASSWORD)
    assert "/my-data/" in client.get("/guide/").text
    assert "/guide/profile" in client.get("/my-data/").text


def test_the_copy_is_a_file_or_a_page_and_getting_it_is_written_down(app, client, leyla):
    client.get("/my-data/")
    file = client.post("/my-data/copy/json")
    assert file.mimetype == "application/json"
    assert file.headers["Content-Disposition"] == "attachment; filename=lotsen-data.json"
    assert file.headers["Cache-Control"] == "no-store"
    assert json.loads(file.text)["data"]["person"][0]["phone"] == "+4915123456789"
    page = client.post("/my-data/copy/read")
    assert page.status_code == 200
    for word in ("Leyla", phone("+4915123456789"), "leise", "früher"):
        assert word in page.text
    assert [entry.did for entry in stored(app, AuditEntry, person_id=leyla)] == [Did.COPIED, Did.COPIED]
    for code in ("municipality_id", "created_at", "+00:00", "mon-morning", "request_received", "withheld"):
        assert code not in page.text
    assert client.get("/my-data/copy/json").mimetype == "text/html"
    assert len(stored(app, AuditEntry, person_id=leyla)) == 2


@needs_pango
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_copy_is_a_pdf_too(client, leyla):
    client.get("/my-data/?lang=de")
    pdf = client.post("/my-data/copy/pdf")
    assert pdf.mimetype == "application/pdf"
    assert "no-store" in pdf.headers["Cache-Control"]
    text = " ".join("".join(page.extract_text() for page in PdfReader(BytesIO(pdf.data)).pages).split())
    assert "Kopie meiner Daten" in text
    assert "Leyla" in text


def test_every_text_that_somebody_wrote_is_in_the_words():
    """A new text of a person's own tables gets a name in words, else nobody reads it."""
    told = {name: set(columns) for name, (_title, columns) in own_copy.TABLES.items()}
    written = {
        (name, column.name)
        for name, model in purpose.models().items()
        for column in purpose.table_of(model).columns
        if isinstance(column.type, EncryptedText) and not purpose.by_column(model)[column.name].secret
    }
    offices_own = {("singlesignon", "client_secret"), ("importbatch", "content"), ("importbatch", "findings")}
    assert {each for each in written if each[1] not in told.get(each[0], ())} <= offices_own


@pytest.mark.parametrize(
    ("step", "data", "model", "column", "value"),
    [
        ("name", {"first_name": "Leila"}, Person, "first_name", "Leila"),
        ("contact", {"contact": "leila@example.org"}, Person, "email", "leila@example.org"),
        ("place", {"postcode": "29223"}, Person, "postcode", "29223"),
        ("topics", {"topics": ["school"]}, Request, "topics", ["school"]),
        ("times", {"slots": ["fri-evening"]}, Request, "slots", ["fri-evening"]),
        ("guide", {"guide_gender": "f"}, Request, "guide_gender", "f"),
        ("household", {"household": "children"}, Request, "household", "children"),
    ],
)
def test_an_answer_can_be_corrected(app, client, leyla, step, data, model, column, value):
    assert client.get(f"/my-data/change/{step}").status_code == 200
    answer = client.post(f"/my-data/change/{step}", data=data)
    assert (answer.status_code, answer.location) == (302, "/my-data/")
    key = {"id": leyla} if model is Person else {"person_id": leyla}
    assert getattr(stored(app, model, **key)[0], column) == value


@pytest.mark.parametrize(
    ("step", "data"), [("topics", {"topics": ["school"]}), ("place", {"postcode": "29223"})], ids=["topics", "place"]
)
def test_a_correction_keeps_that_only_one_appointment_is_wanted_and_when(app, client, leyla, step, data):
    days = {"wanted_from": date(2099, 3, 1), "wanted_until": date(2099, 3, 5)}
    with app.extensions["lotsen_db"].transaction() as session:
        request = session.exec(select(Request).where(Request.person_id == leyla)).one()
        request.sqlmodel_update({"kind": RequestKind.ONE_OFF, **days})
    client.get(f"/my-data/change/{step}")
    assert client.post(f"/my-data/change/{step}", data=data).status_code == 302
    kept = stored(app, Request, person_id=leyla)[0]
    assert (kept.kind, kept.wanted_from, kept.wanted_until) == (RequestKind.ONE_OFF, *days.values())


def test_languages_are_corrected_with_their_levels(app, client, leyla):
    client.get("/my-data/change/languages")
    answer = client.post("/my-data/change/languages", data={"common": ["ar", "tr"]})
    assert answer.location == "/my-data/change/levels"
    client.get(answer.location)
    client.post("/my-data/change/levels", data={"level_ar": "C2", "level_tr": "B1"})
    assert stored(app, Person, id=leyla)[0].languages == {"ar": "C2", "tr": "B1"}


def test_what_is_wrong_is_said_and_kept(app, client, leyla):
    client.get("/my-data/change/place")
    answer = client.post("/my-data/change/place", data={"postcode": "2922"})
    assert answer.status_code == 422
    assert "2922" in answer.text
    assert client.get("/my-data/change/office").status_code == 404


def test_use_is_stopped_and_allowed_again(app, client, leyla):
    assert "Nobody new is proposed" in client.get("/my-data/restrict").text
    assert stored(app, Person, id=leyla)[0].restricted_at is None
    client.post("/my-data/restrict")
    assert stored(app, Person, id=leyla)[0].restricted_at is not None
    client.get("/my-data/release")
    client.post("/my-data/release")
    assert stored(app, Person, id=leyla)[0].restricted_at is None


def test_consent_taken_back_ends_what_runs_and_keeps_the_proof(app, client, leyla):
    client.get("/my-data/withdraw")
    client.post("/my-data/withdraw")
    assert stored(app, Pairing)[0].state is State.ENDED
    assert stored(app, Request, person_id=leyla)[0].state is RequestState.CLOSED
    consent = stored(app, Consent, person_id=leyla)[0]
    assert consent.withdrawn_at is not None
    assert consent.text == "früher"
    assert stored(app, Person, id=leyla)[0].restricted_at is not None


def test_erasure_signs_out_for_good(app, client, leyla):
    client.get("/my-data/erase")
    answer = client.post("/my-data/erase")
    assert (answer.status_code, answer.location) == (302, "/")
    assert answer.headers["Clear-Site-Data"] == '"cache", "storage"'
    assert "All your data are deleted." in client.get("/").text
    assert client.get("/my-data/").status_code == 302
    shell = stored(app, Person, id=leyla)[0]
    assert (shell.first_name, shell.phone, shell.email, shell.postcode) == ("–", None, None, "")
    assert stored(app, Request, person_id=leyla)[0].note is None


def test_a_changed_text_is_asked_about_at_the_next_visit_and_recorded_with_its_words(app, client, leyla):
    assert "/my-data/consent" in client.get("/status").text
    assert client.get("/my-data/consent").status_code == 200
    assert client.post("/my-data/consent", data={}).status_code == 422
    client.post("/my-data/consent", data={"agree": "y", "shown_in": "en", "guardian": "y"})
    newest = stored(app, Consent, person_id=leyla)[-1]
    assert (newest.version, newest.locale, newest.guardian) == (newcomer_words.CONSENT_VERSION, "en", True)
    assert "stores my answers" in newest.text
    assert "/my-data/consent" not in client.get("/status").text
    assert client.get("/my-data/consent").status_code == 302
