"""The private calendar: the right dates under a secret address, first names and towns, until its owner ends it."""

import re
from datetime import datetime, timedelta

import pytest
from icalendar import Calendar
from sqlmodel import select

from lotsen.models import Account, Appointment, CalendarFeed, Meeting, Municipality, Pairing, Person
from lotsen.rules.calendar import BERLIN, local_date
from lotsen.rules.pairing import Side, State
from lotsen.rules.vocabulary import AppointmentState, MeetingKind, Mood, Role
from tests import factories as make
from tests.queries import counted
from tests.web.offices import Desk
from tests.web.test_papers import signed_in

PLANTED = ("Lindqvist", "planted@example.org", "+4915112345678", "Rathausgasse 9", "Geheimnotiz", "29221")


@pytest.fixture
def soon() -> datetime:
    """Tomorrow week at 15:30 in Celle: calendars show what lies ahead, whenever this test runs."""
    return (datetime.now(BERLIN) + timedelta(days=8)).replace(hour=15, minute=30, second=0, microsecond=0)


@pytest.fixture
def desk(app, client, soon) -> Desk:
    """Amal and Jürgen in their trial: one date agreed, one only proposed, one meeting logged by each."""
    desk = Desk(app, client)
    number = desk.pair(
        State.TRIAL, first_meeting_at=soon, first_meeting_place="Rathausgasse 9", trial_until=soon + timedelta(days=28)
    )
    with desk.writing() as session:
        amal, guide = (session.get_one(Person, each.person_id) for each in (desk.request, desk.guide))
        amal.phone, guide.email, guide.phone, amal.locale = PLANTED[2], PLANTED[1], PLANTED[2], "ar"
        make.account(session, Role.NEWCOMER, person=amal, email="amal@example.org")
        make.account(session, Role.GUIDE, person=guide, email="guide@example.org")
        far = make.municipality(session, "03403000", "Oldenburg")
        make.account(session, Role.COORDINATOR, far, email="far@example.org")
        for at, state in ((soon + timedelta(days=2), "confirmed"), (soon + timedelta(days=3), "proposed")):
            session.add(
                Appointment(
                    pairing_id=number,
                    token=state,
                    proposed_by=Side.GUIDE,
                    proposed_at=make.SPRING,
                    at=at,
                    minutes=90,
                    kind=MeetingKind.TALK,
                    place="Rathausgasse 9",
                    state=AppointmentState(state),
                )
            )
        for side in (Side.GUIDE, Side.NEWCOMER):
            session.add(
                Meeting(
                    pairing_id=number,
                    guide_id=desk.guide.id,
                    municipality_id=desk.office_id,
                    token=side,
                    logged_by=side,
                    held_on=local_date(datetime.now(BERLIN)) - timedelta(days=3),
                    kind=MeetingKind.DOCTOR,
                    minutes=60,
                    mood=Mood.DIFFICULT,
                    note="Geheimnotiz",
                    logged_at=make.SPRING,
                )
            )
    return desk


def subscribe(visitor) -> str:
    """Make an address and return its path."""
    visitor.get("/calendar?lang=en")
    shown = visitor.post("/calendar/open", follow_redirects=True).text
    return re.search(r"http://127\.0\.0\.1:8000(/calendar/feed/[\w-]+\.ics)", shown)[1]


def dates(app, path: str) -> list[tuple[str, str, object]]:
    """Read a feed as a calendar does, without a session: what, where, when."""
    answer = app.test_client().get(path)
    assert answer.content_type == "text/calendar; charset=utf-8"
    for planted in PLANTED:
        assert planted not in answer.text
    events = Calendar.from_ical(answer.data).walk("VEVENT")
    return [(str(each["summary"]), str(each["location"]), each["dtstart"].dt) for each in events]


def test_each_side_reads_its_own_dates_in_germanys_time_and_its_own_language(desk, app, client, soon):
    guide = dates(app, subscribe(signed_in(app, "guide@example.org")))
    assert guide == [
        ("Erstes Treffen: Amal", "Celle", soon),
        ("Kennenlernzeit endet: Amal", "Celle", (soon + timedelta(days=28)).date()),
        ("Termin: Amal", "Celle", soon + timedelta(days=2)),
        ("Getroffen: Amal", "Celle", local_date(datetime.now(BERLIN)) - timedelta(days=3)),
    ]
    newcomer = dates(app, subscribe(signed_in(app, "amal@example.org")))
    assert [each[0].split(": ")[1] for each in newcomer] == ["Jürgen"] * 4
    assert newcomer[0][0].startswith("اللقاء")
    office = dates(app, subscribe(client))
    assert [each[0] for each in office] == ["Erstes Treffen: Amal, Jürgen", "Kennenlernzeit endet: Amal, Jürgen"]
    assert dates(app, subscribe(signed_in(app, "far@example.org"))) == []


def test_the_calendar_carries_its_time_zone_and_keeps_each_dates_identity(desk, app, soon):
    path = subscribe(signed_in(app, "guide@example.org"))
    first = Calendar.from_ical(app.test_client().get(path).data)
    assert [str(zone["tzid"]) for zone in first.walk("VTIMEZONE")] == ["Europe/Berlin"]
    assert "DTSTART;TZID=Europe/Berlin:" in app.test_client().get(path).text
    identities = [str(each["uid"]) for each in first.walk("VEVENT")]
    assert len(set(identities)) == len(identities) == 4
    with desk.writing() as session:
        pairing = session.exec(select(Pairing)).one()
        pairing.first_meeting_at = soon + timedelta(days=1)
        session.add(pairing)
    moved = Calendar.from_ical(app.test_client().get(path).data).walk("VEVENT")
    assert [str(each["uid"]) for each in moved] == identities
    assert moved[0]["dtstart"].dt == soon + timedelta(days=1)


def test_the_address_is_shown_once_stored_as_a_digest_renewed_and_ended(desk, app):
    guide = signed_in(app, "guide@example.org")
    first = subscribe(guide)
    secret = first.split("/")[-1].removesuffix(".ics")
    assert len(secret) == 32, "192 bits"
    assert secret not in guide.get("/calendar").text
    with desk.writing() as session:
        assert secret not in session.exec(select(CalendarFeed)).one().digest
    with guide.session_transaction() as kept:
        assert secret not in str(dict(kept))
    second = subscribe(guide)
    assert [app.test_client().get(path).status_code for path in (first, second)] == [404, 200]
    guide.get("/calendar")
    guide.post("/calendar/close")
    assert app.test_client().get(second).status_code == 404
    with desk.writing() as session:
        assert session.exec(select(CalendarFeed)).all() == []


def test_a_feed_ends_with_its_account_and_with_the_contact(desk, app):
    path = subscribe(signed_in(app, "guide@example.org"))
    with desk.writing() as session:
        pairing = session.exec(select(Pairing)).one()
        pairing.state = State.SUSPENDED
        session.add(pairing)
    assert dates(app, path) == []
    with desk.writing() as session:
        account = session.exec(select(Account).where(Account.email == "guide@example.org")).one()
        account.active = False
        session.add(account)
    assert app.test_client().get(path).status_code == 404


def test_reading_changes_nothing_and_costs_the_same_however_many_dates_there_are(desk, app):
    path = subscribe(signed_in(app, "kim@example.org"))
    app.test_client().get(path)
    with counted(app.extensions["lotsen_db"].engine) as few:
        app.test_client().get(path)
    with desk.writing() as session:
        office = session.get_one(Municipality, desk.office_id)
        for _each in range(10):
            make.pairing(
                session,
                make.request(session, office),
                make.guide(session, office),
                State.APPROVED,
                first_meeting_at=datetime.now(BERLIN) + timedelta(days=3),
            )
    with counted(app.extensions["lotsen_db"].engine) as many:
        assert len(dates(app, path)) == 12
    assert len(many) == len(few)
    changing = [statement for statement in many if statement.split()[0] in {"INSERT", "UPDATE", "DELETE"}]
    assert [statement for statement in changing if "INTO counter" not in statement] == []  # tries are counted


def test_an_address_that_nobody_made_is_not_there(desk, app, client):
    assert app.test_client().get("/calendar/feed/AAAA.ics").status_code == 404
    assert client.get("/calendar/feed/.ics").status_code == 404
    assert app.test_client().get("/calendar").location.startswith("/login")
