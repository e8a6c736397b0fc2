"""Certificates of hours: they count what the guide logged; anyone can check one, nobody can look through them."""

import re
from datetime import date

import pytest
from flask_babel import force_locale
from sqlmodel import select

from lotsen import clock
from lotsen.models import Certificate, Event, Meeting, Municipality, Person
from lotsen.rules.pairing import Side, State
from lotsen.rules.vocabulary import MeetingKind, Mood, Role
from lotsen.services import erasure
from lotsen.services.actor import SYSTEM
from lotsen.web.certificates import hours
from tests import factories as make
from tests import tagged
from tests.pango import needs_pango
from tests.web.offices import Desk
from tests.web.test_papers import only_sqlite, read, signed_in

YEAR = {"since": "2026-01-01", "until": "2026-03-10"}


@pytest.fixture
def desk(app, client) -> Desk:
    """Celle's desk; Jürgen has logged three hours and a half in two meetings this year, Amal one of them too."""
    desk = Desk(app, client)
    pairing = desk.pair(State.ACTIVE)
    with desk.writing() as session:
        guide = session.get_one(Person, desk.guide.person_id)
        make.account(session, Role.GUIDE, person=guide, email="guide@example.org")
        other = make.guide(session, session.get_one(Municipality, desk.office_id))
        make.account(session, Role.GUIDE, person=session.get_one(Person, other.person_id), email="other@example.org")
        far = make.municipality(session, "03403000", "Oldenburg")
        make.account(session, Role.COORDINATOR, far, email="far@example.org")
        for number, (side, day, minutes) in enumerate(
            (
                (Side.GUIDE, date(2026, 2, 1), 120),
                (Side.GUIDE, date(2026, 3, 10), 90),
                (Side.NEWCOMER, date(2026, 3, 10), 90),
                (Side.GUIDE, date(2025, 12, 31), 60),
            )
        ):
            session.add(
                Meeting(
                    pairing_id=pairing,
                    guide_id=desk.guide.id,
                    municipality_id=desk.office_id,
                    token=f"{number}",
                    logged_by=side,
                    held_on=day,
                    kind=MeetingKind.TALK,
                    minutes=minutes,
                    mood=Mood.GOOD,
                    logged_at=make.SPRING,
                )
            )
    return desk


def check(app, code: str):
    """Type a code into the public page."""
    anyone = app.test_client()
    anyone.get("/verify?lang=en")
    return anyone.post("/verify", data={"code": code})


def stored(desk) -> Certificate:
    with desk.writing() as session:
        found = session.exec(select(Certificate)).one()
        session.expunge(found)
        return found


def test_a_guide_has_the_own_hours_certified_and_anyone_can_check_them(desk, app):
    guide = signed_in(app, "guide@example.org")
    guide.get("/guide/certificates?lang=en")
    answer = guide.post("/guide/certificates", data=YEAR)
    certificate = stored(desk)
    assert answer.location == f"/guide/certificates/{certificate.id}.pdf"
    assert (certificate.minutes, certificate.meetings) == (210, 2), "own entries of these days, no others"
    page = guide.get(f"/guide/certificates/{certificate.id}.html").text
    assert "Jürgen Lindqvist" in page
    assert "3 Stunden 30 Minuten" in page
    assert certificate.code in page
    assert "Amal" not in page
    for typed in (certificate.code, certificate.code.lower().replace("-", " ")):
        told = check(app, typed)
        assert told.status_code == 200
        assert "This certificate is genuine." in told.text
        for word in ("Jürgen Lindqvist", "Koordinierungsstelle Celle", "3 hours 30 minutes", "1 January 2026"):
            assert word in told.text, word
        assert certificate.code not in told.request.url
        assert "Amal" not in told.text


def test_the_same_hours_are_certified_once(desk, app):
    guide = signed_in(app, "guide@example.org")
    for _click in range(2):
        guide.get("/guide/certificates")
        guide.post("/guide/certificates", data=YEAR)
    stored(desk)
    with desk.writing() as session:
        assert len(session.exec(select(Event).where(Event.what == "certificate_issued")).all()) == 1


def test_days_without_hours_and_days_to_come_are_refused_and_what_was_typed_stays(desk, app):
    guide = signed_in(app, "guide@example.org")
    for days, told in (
        ({"since": "2024-01-01", "until": "2024-12-31"}, "No meeting is logged"),
        ({"since": "2026-01-01", "until": "2999-12-31"}, "up to today"),
        ({"since": "2026-02-01", "until": "2026-01-01"}, "before the first"),
        ({"since": "soon", "until": "2026-01-01"}, "Please choose a day"),
    ):
        guide.get("/guide/certificates?lang=en")
        answer = guide.post("/guide/certificates", data=days)
        assert (answer.status_code, told in answer.text) == (422, True), days
        assert f'value="{days["until"]}"' in answer.text
    with desk.writing() as session:
        assert session.exec(select(Certificate)).all() == []


def test_the_office_certifies_too_and_others_find_no_certificate(desk, app, client):
    home = f"/office/guides/{desk.guide.id}/certificates"
    assert home in client.get(f"/office/guides/{desk.guide.id}").text
    client.get(home)
    answer = client.post(home, data=YEAR)
    number = stored(desk).id
    assert answer.location == f"{home}/{number}.pdf"
    assert client.get(f"{home}/{number}.html").status_code == 200
    guide, other = signed_in(app, "guide@example.org"), signed_in(app, "other@example.org")
    assert guide.get(f"/guide/certificates/{number}.html").status_code == 200
    assert other.get(f"/guide/certificates/{number}.html").status_code == 404
    far = signed_in(app, "far@example.org")
    assert [far.get(address).status_code for address in (home, f"{home}/{number}.html")] == [404, 404]
    far.get("/office/")
    assert far.post(home, data=YEAR).status_code == 404


@needs_pango
@only_sqlite
def test_the_pdf_says_what_the_page_says_in_the_same_order(desk, app):
    with desk.writing() as session:
        session.get_one(Person, desk.guide.person_id).locale = "ar"
    guide = signed_in(app, "guide@example.org")
    guide.get("/guide/certificates")
    pdf = read(guide.post("/guide/certificates", data=YEAR, follow_redirects=True))
    text = pdf.pages[0].extract_text()
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", text)[0]
    assert "Lindqvist" in text
    assert "3 Stunden 30 Minuten" in text
    assert "/verify" in text
    assert check(app, code).status_code == 200
    page = guide.get(f"/guide/certificates/{stored(desk).id}.html").text
    assert tagged.of_pdf(pdf) == tagged.of_page(page)


def test_unknown_codes_get_one_answer_and_guessing_is_slowed_down(desk, app):
    anyone = app.test_client()
    anyone.get("/verify?lang=en")
    answers = [anyone.post("/verify", data={"code": typed}) for typed in ("AAAA-AAAA-AAAA", "x", "'; DROP TABLE", "١٢")]
    assert {answer.status_code for answer in answers} == {422}
    assert all("There is no certificate with this code" in answer.text for answer in answers)
    assert 429 in [anyone.post("/verify", data={"code": "AAAA-AAAA-AAAA"}).status_code for _try in range(8)]
    assert anyone.get("/verify?code=AAAA").status_code == 200, "looking costs nothing and shows nothing"


def test_a_certificate_whose_guide_was_erased_can_still_be_checked_and_names_nobody(desk, app):
    guide = signed_in(app, "guide@example.org")
    guide.get("/guide/certificates")
    guide.post("/guide/certificates", data=YEAR)
    code = stored(desk).code
    with desk.writing() as session:
        erasure.erase(session, desk.guide.person_id, SYSTEM, clock.now())
    left = stored(desk)
    assert (left.name, left.code) == (None, None)
    assert left.digest != code
    told = check(app, code)
    assert told.status_code == 200
    for word in ("This certificate is genuine.", "Koordinierungsstelle Celle", "3 hours 30 minutes", "1 January 2026",
                 "The name is not stored here any more."):  # fmt: skip
        assert word in told.text, word
    assert not {word for word in ("Jürgen", "Lindqvist") if word in told.text}


@pytest.mark.parametrize(
    ("locale", "minutes", "told"),
    [
        ("de", 60, "1 Stunde"), ("de", 150, "2 Stunden 30 Minuten"), ("de", 45, "45 Minuten"), ("de", 0, "0 Stunden"),
        ("en", 61, "1 hour 1 minute"), ("ar", 180, "3 ساعات"), ("ar", 2520, "42 ساعة"), ("ar", 30, "30 دقيقة"),
    ],
)  # fmt: skip
@only_sqlite
def test_a_time_is_said_with_each_languages_own_plurals(app, locale, minutes, told):
    with app.test_request_context(), force_locale(locale):
        assert hours(minutes) == told
