"""Documents on paper: who gets which, what a PDF carries, and what happens where there is none."""

import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader
from sqlmodel import select

from lotsen import crypto, documents
from lotsen.models import Account, Event, Municipality, Person
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import IN_CONTACT, State
from lotsen.rules.vocabulary import Role
from lotsen.services import tasks
from tests import factories as make
from tests import tagged
from tests.pango import needs_pango
from tests.web.offices import Desk
from tests.web.test_referrer import FORM

ROOT = Path(__file__).parent.parent.parent
only_sqlite = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def desk(app, client) -> Desk:
    """Celle's desk; Amal reads Arabic."""
    desk = Desk(app, client)
    with desk.writing() as session:
        amal = session.get_one(Person, desk.request.person_id)
        amal.locale = "ar"
        guide = session.get_one(Person, desk.guide.person_id)
        make.account(session, Role.NEWCOMER, person=amal, email="amal@example.org")
        make.account(session, Role.GUIDE, person=guide, email="guide@example.org")
        other = make.guide(session, session.get_one(Municipality, desk.office_id))
        make.account(session, Role.GUIDE, person=session.get_one(Person, other.person_id), email="other@example.org")
        far = make.municipality(session, "03403000", "Oldenburg")
        make.account(session, Role.COORDINATOR, far, email="far@example.org")
    return desk


def read(answer: Any) -> PdfReader:
    """The PDF in an answer."""
    assert answer.mimetype == "application/pdf", answer.text
    return PdfReader(BytesIO(answer.data))


def signed_in(app, email: str) -> Any:
    client = app.test_client()
    client.sign_in(email, make.PASSWORD)
    return client


def fonts(pdf: PdfReader) -> dict[str, Any]:
    """Every font of a PDF by its name."""
    found = [font.get_object() for page in pdf.pages for font in page["/Resources"]["/Font"].values()]
    return {font["/BaseFont"].partition("+")[2]: font for font in found}


@needs_pango
@only_sqlite
def test_the_agreement_is_a_tagged_pdf_in_german_and_in_the_persons_language_with_its_fonts(desk, client):
    address = f"/office/pairings/{desk.pair(State.APPROVED)}/agreement."
    pdf = read(client.get(address + "pdf"))
    german, arabic = [page.extract_text() for page in pdf.pages]
    assert "Jürgen Lindqvist" in german
    assert "Rechtsberatung" in german
    assert "Jürgen" in arabic
    assert "Lindqvist" not in arabic
    root = pdf.trailer["/Root"]
    assert (root["/Lang"], root["/MarkInfo"]["/Marked"]) == ("de", True)
    told = tagged.of_pdf(pdf)
    assert told == tagged.of_page(client.get(address + "html").text), "the same elements in the same order and language"
    elements = {"de": {"H1", "H2", "LI", "P"}, "ar": {"H2", "H3", "LI", "P"}}
    assert {each[:2] for each in told} == {(kind, tag) for tag, kinds in elements.items() for kind in kinds}
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "Vereinbarung" in pdf.metadata.title
    assert b"pdfuaid" in root["/Metadata"].get_data()
    used = fonts(pdf)
    ours = {name for name in used if name.startswith(("fira-sans-paper", "vazirmatn-paper"))}
    assert set(used) == ours, "our own, whatever is installed"
    for font in used.values():
        described = font["/DescendantFonts"][0].get_object()["/FontDescriptor"].get_object()
        assert {"/FontFile2", "/FontFile3"} & set(described)


@only_sqlite
def test_whoever_asks_the_note_on_demo_data_speaks_the_documents_language(desk, client):
    with desk.writing() as session:
        session.get_one(Municipality, desk.office_id).demo = True
    page = client.get(f"/office/pairings/{desk.pair(State.APPROVED)}/agreement.html?lang=en").text
    assert "Beispieldaten" in page
    assert "demo data" not in page


@needs_pango
@only_sqlite
def test_the_letter_to_counselling_exists_once_somebody_was_passed_on_with_consent(desk, client, now):
    with desk.writing() as session:
        task = tasks.hand_over(session, Matter.UNMATCHED, desk.request, now).id
    letter = f"/office/tasks/{task}/letter.pdf"
    assert client.get(letter).status_code == 404
    client.post(f"/office/tasks/{task}/close", data={"close-outcome": "referred_on"})
    assert client.get(letter).status_code == 404, "without consent nobody is passed on"
    client.post(f"/office/tasks/{task}/close", data={"close-outcome": "referred_on", "close-agreed": "y"})
    german, arabic = [page.extract_text() for page in read(client.get(letter)).pages]
    assert "An die Beratungsstelle" in german
    for page in (german, arabic):
        assert "Amal" in page
        assert "29221" in page
    assert signed_in(desk.app, "far@example.org").get(letter).status_code == 404


@needs_pango
@only_sqlite
def test_arabic_letters_are_joined_and_can_be_copied_and_read_aloud(desk, client):
    """Each letter of the text comes back from the glyphs, the same letter in several shapes."""
    home = f"/office/pairings/{desk.pair(State.APPROVED)}/agreement"
    pdf, written = read(client.get(f"{home}.pdf")), client.get(f"{home}.html").text
    letters = set(re.findall("[\u0621-\u064a]", written))
    maps = [
        font["/ToUnicode"].get_object().get_data().decode() for name, font in fonts(pdf).items() if "vazirmatn" in name
    ]
    drawn = "".join(
        bytes.fromhex(code).decode("utf-16-be") for code in re.findall(r"<[0-9a-f]{4}> <([0-9a-f]+)>", "\n".join(maps))
    )
    assert len(letters) > 25
    assert letters <= set(drawn)
    assert drawn.count("ب") >= 3, "first, middle, last: a letter takes the shape of its place"


@pytest.mark.parametrize("state", State)
def test_an_agreement_exists_from_the_approval_until_the_two_part(desk, client, app, state):
    number = desk.pair(state)
    expected = 200 if state in IN_CONTACT else 404
    for visitor, address in (
        (client, f"/office/pairings/{number}/agreement.html"),
        (signed_in(app, "guide@example.org"), f"/guide/pairings/{number}/agreement.html"),
        (signed_in(app, "amal@example.org"), f"/status/{number}/agreement.html"),
    ):
        answer = visitor.get(address)
        assert answer.status_code == expected, address
        if expected == 200:
            assert "Amal" in answer.text
            assert ("Lindqvist" in answer.text) == address.startswith("/office"), "people know each other by first name"


def test_nobody_elses_agreement_is_there(desk, app):
    number = desk.pair(State.ACTIVE)
    for email, address in (
        ("other@example.org", f"/guide/pairings/{number}/agreement."),
        ("far@example.org", f"/office/pairings/{number}/agreement."),
        ("amal@example.org", f"/status/{number + 1}/agreement."),
        ("amal@example.org", f"/guide/pairings/{number}/agreement."),
    ):
        visitor = signed_in(app, email)
        assert [visitor.get(address + kind).status_code for kind in ("pdf", "html")] == [404, 404]


@needs_pango
def test_the_printed_letter_carries_a_new_code_that_works_and_the_old_one_does_not(desk, client, app):
    with desk.writing() as session:
        account = session.exec(select(Account).where(Account.person_id == desk.request.person_id)).one()
        old = "AAAA-BBBB-CCCC"
        account.code_digest = crypto.code_digest(old)
        session.add(account)
    home = f"/office/requests/{desk.request.id}"
    assert client.get(f"{home}/letter.pdf").status_code == 404, "no letter without a new code"
    client.get(home)
    page = client.post(f"{home}/code", follow_redirects=True)
    assert f"{home}/letter.pdf" in page.text
    pdf = read(client.get(f"{home}/letter.pdf"))
    assert tagged.of_pdf(pdf) == tagged.of_page(client.get(f"{home}/letter.html").text)
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", pdf.pages[1].extract_text())[0]
    assert len(pdf.pages) == 2
    assert pdf.trailer["/Root"]["/Lang"] == "ar", "the person's language first"
    assert "/status" in pdf.pages[0].extract_text()
    for typed, expected in ((old, 422), (code, 302)):
        phone = app.test_client()
        phone.get("/status")
        assert phone.post("/status", data={"code": typed}).status_code == expected
    with desk.writing() as session:
        assert [event.what for event in session.exec(select(Event).where(Event.what == "new_code"))] == ["new_code"]
    client.get(f"{home}/code")
    client.post(f"{home}/code/done")
    assert client.get(f"{home}/letter.pdf").status_code == 404
    assert client.get(f"{home}/code").status_code == 302


@needs_pango
@only_sqlite
def test_the_leaflet_of_a_referral_is_a_pdf_in_the_persons_language_that_names_nobody(desk, app):
    with desk.writing() as session:
        office = session.get_one(Municipality, desk.office_id)
        make.account(
            session, Role.REFERRER, office, email="counter@example.org", referrer_id=make.referrer(session, office).id
        )
    counter = signed_in(app, "counter@example.org")
    counter.get("/referrer/new")
    shown = counter.post("/referrer/new", data=FORM | {"first_name": "Noura"}, follow_redirects=True).text
    code = shown.split('leaflet__code" dir="ltr">')[1].split("<")[0]
    assert "/referrer/leaflet.pdf" in shown
    pdf = read(counter.get("/referrer/leaflet.pdf"))
    assert (len(pdf.pages), pdf.trailer["/Root"]["/Lang"]) == (1, "ar")
    assert code in pdf.pages[0].extract_text()
    assert "Noura" not in counter.get("/referrer/leaflet.html").text
    counter.get("/referrer/leaflet")
    counter.post("/referrer/leaflet")
    assert counter.get("/referrer/leaflet.pdf").status_code == 404


@pytest.mark.parametrize(
    "url",
    [
        "https://lotsen.invalid/static/../wsgi.py",
        "https://lotsen.invalid/static/%2e%2e/wsgi.py",
        "https://lotsen.invalid/office/",
        "https://example.org/static/letter.css",
        "http://127.0.0.1:8000/static/letter.css",
        "file:///etc/passwd",
    ],
)
def test_documents_fetch_nothing_but_files_of_ours(url):
    assert documents.own_file(url) is None
    assert documents.own_file("https://lotsen.invalid/static/letter.css") == ROOT / "static/letter.css"


#: A server that has loaded nothing slow, and whose WeasyPrint finds no Pango; pages of guide and administrator.
_WITHOUT = """
import sys
from pathlib import Path
from lotsen.app import create_app
from lotsen.config import Config
url, key, data_key, number, password = sys.argv[1:]
app = create_app(Config(secret_key=key, data_key=data_key, database_url=url, mail_url="file:///nowhere",
                        environment="development", instance=Path(url.removeprefix("sqlite:///")).parent))
slow = {"alembic", "apscheduler", "authlib", "icalendar", "numpy", "openpyxl", "ortools", "PIL", "requests", "scipy",
        "sklearn", "weasyprint", "webauthn", "xlsxwriter", "lotsen.demo", "lotsen.migrations", "matching"}
assert slow.isdisjoint(sys.modules), f"start-up must not wait for {slow & sys.modules.keys()}"
from tests.client import CheckedClient
app.test_client_class = CheckedClient
guide = app.test_client()
guide.get("/login?lang=en")
guide.sign_in("guide@example.org", password)
answer = guide.get(f"/guide/pairings/{number}/agreement.pdf")
print(answer.status_code, "cannot make PDF" in answer.text, f"/guide/pairings/{number}/agreement.html" in answer.text)
print(guide.get(f"/guide/pairings/{number}/agreement.html").status_code)
admin = app.test_client()
admin.get("/login?lang=en")
admin.sign_in("admin@example.org", password)
print("libpango-1.0-0" in admin.get("/admin/").text)
"""


@pytest.mark.slow
@only_sqlite
def test_without_pango_the_pages_say_so_and_offer_the_page_to_print(desk, config, tmp_path):
    number = desk.pair(State.APPROVED)
    with desk.writing() as session:
        make.account(session, Role.ADMIN, email="admin@example.org")
    broken = tmp_path / "broken" / "weasyprint"
    broken.mkdir(parents=True)
    (broken / "__init__.py").write_text("raise OSError(\"cannot load library 'libpango-1.0-0'\")")
    told = subprocess.run(
        [sys.executable, "-c", _WITHOUT, config.database_url, config.secret_key, config.data_key, str(number),
         make.PASSWORD],
        capture_output=True, text=True, cwd=ROOT, check=False, timeout=120,
        env={"PYTHONPATH": f"{broken.parent}:{ROOT}", "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    assert told.returncode == 0, told.stderr
    assert told.stdout.split("\n")[:3] == ["503 True True", "200", "True"]
