"""Contact in the browser: write, read, share, plan and log, for both sides, and nothing of it for anybody else."""

import re
from datetime import timedelta
from itertools import product
from typing import Any

import pytest
from sqlmodel import select

from lotsen import access, clock, crypto
from lotsen.models import Account, Appointment, Event, Mail, Meeting, Message, Method, Pairing, Request
from lotsen.rules.calendar import local_date
from lotsen.rules.pairing import IN_CONTACT, LIVE, Action, Side, State
from lotsen.rules.vocabulary import Mood, Role
from lotsen.services import accounts, sessions
from lotsen.services import pairing as pairings
from lotsen.services.actor import Actor
from tests import factories as make

#: Planted on each side; the other sees the number and the address only once they are shared.
PHONES = {Side.GUIDE: "+4915112345678", Side.NEWCOMER: "+4915799999991"}
EMAILS = {Side.GUIDE: "planted.guide@example.net", Side.NEWCOMER: "planted.newcomer@example.net"}
OTHER = {Side.GUIDE: Side.NEWCOMER, Side.NEWCOMER: Side.GUIDE}
BOTH = (Side.GUIDE, Side.NEWCOMER)


def let_in(app: Any, browser: Any, account: Account) -> None:
    """Sign somebody in beside the page: that has tests of its own, and takes its time."""
    with app.extensions["lotsen_db"].transaction() as writing:
        key = sessions.begin(writing, account, Method.CODE, clock.now(), device="")
    with browser.session_transaction() as session:
        session["_user_id"], session[access.KEY], session["lang"] = account.get_id(), key, "en"


class Scene:
    """A pairing, and a browser for each of its two people."""

    def __init__(self, app: Any, state: State, code: str = "03351006") -> None:
        self.app, self.codes = app, {side: crypto.new_status_code() for side in BOTH}
        with self.change() as session:
            office = make.municipality(session, code)
            self.guide = make.guide(
                session, office,
                about={"first_name": "Renate", "phone": PHONES[Side.GUIDE], "email": EMAILS[Side.GUIDE]},
            )  # fmt: skip
            self.request = make.request(
                session, office,
                about={"first_name": "Shirin", "phone": PHONES[Side.NEWCOMER], "email": EMAILS[Side.NEWCOMER]},
            )  # fmt: skip
            people = {side: self.person(session, side) for side in BOTH}
            roles = {Side.GUIDE: Role.GUIDE, Side.NEWCOMER: Role.NEWCOMER}
            self.accounts = {
                side: accounts.open_account(session, role, make.SPRING, person=people[side], code=self.codes[side])
                for side, role in roles.items()
            }
            self.id = make.pairing(session, self.request, self.guide, state).id
            self.office_id = office.id
        self.browsers = {side: app.test_client() for side in BOTH}
        for side, browser in self.browsers.items():
            let_in(app, browser, self.accounts[side])

    def change(self) -> Any:
        return self.app.extensions["lotsen_db"].transaction()

    def person(self, session: Any, side: Side) -> Any:
        return make.newcomer_of(session, self.request.id) if side is Side.NEWCOMER else session.get_one(
            type(make.newcomer_of(session, self.request.id)), self.guide.person_id)  # fmt: skip

    def put(self, state: State) -> None:
        with self.change() as session:
            session.get_one(Pairing, self.id).state = state
            session.get_one(Request, self.request.id).live = int(state in LIVE)

    def get(self, side: Side, path: str = "") -> str:
        response = self.browsers[side].get(f"/contact/{self.id}{path}")
        assert response.status_code == 200, response.status_code
        return str(response.text)

    def post(self, side: Side, path: str, at: str = "", **data: Any) -> Any:
        self.get(side, at)
        return self.browsers[side].post(f"/contact/{self.id}{path}", data=data)

    def all(self, kind: Any) -> list[Any]:
        with self.app.extensions["lotsen_db"].reading() as session:
            return list(session.exec(select(kind).order_by(kind.id)))

    def act(self, action: Action, side: Side) -> None:
        with self.change() as session:
            pairings.act(session, self.id, action, Actor(side, None, None, self.person(session, side).id), clock.now(),
                         reason="other")  # fmt: skip


def home(side: Side) -> str:
    return "/guide/" if side is Side.GUIDE else "/status"


@pytest.fixture
def scene(app):
    return Scene(app, State.ACTIVE)


@pytest.mark.parametrize("side", BOTH)
def test_a_message_is_written_announced_opened_and_read(scene, side):
    other = OTHER[side]
    assert scene.post(side, "/send", text="Guten Tag <b>!").location.endswith("#newest")
    assert "Guten Tag &lt;b&gt;!" in scene.get(side)
    assert [mail.template for mail in scene.all(Mail)] == ["message_waits"]
    page = scene.browsers[other].get(home(other)).text
    assert "Read 1 new message" in page
    waiting = scene.get(other)
    assert ("Guten Tag" in waiting, "Read 1 new message" in waiting) == (False, True)
    assert scene.post(other, "/read").status_code == 302
    assert '<p class="message__text" dir="auto"><bdi>Guten Tag &lt;b&gt;!</bdi></p>' in scene.get(other)
    assert "new message" not in scene.browsers[other].get(home(other)).text


def test_a_fixed_phrase_is_read_in_each_ones_language_and_what_is_being_typed_stays(scene):
    response = scene.post(Side.GUIDE, "/send", phrase="late", text="Half a sent")
    assert "Half a sent</textarea>" in response.text
    assert [(each.phrase, each.text) for each in scene.all(Message)] == [("late", None)]
    scene.post(Side.NEWCOMER, "/read")
    for locale, said in (("de", "Ich komme 10 Minuten später."), ("ar", "سأتأخر 10 دقائق."), ("en", "10 minutes late")):
        assert said in scene.get(Side.NEWCOMER, f"?lang={locale}").split("phrases")[0]


def test_bad_messages_are_explained_and_keep_what_was_typed(scene):
    empty = scene.post(Side.NEWCOMER, "/send", text=" \u202e")
    assert (empty.status_code, empty.text.count("Please write something")) == (422, 2)
    long = scene.post(Side.NEWCOMER, "/send", text="x" * 1001)
    assert (long.status_code, long.text.count("Please write at most 1000 characters")) == (422, 2)
    assert "x" * 1001 in long.text
    assert scene.all(Message) == []


def test_words_about_residence_status_are_warned_of_before_they_are_sent(scene):
    doubtful = {"text": "Meine Duldung läuft ab"}
    response = scene.post(Side.NEWCOMER, "/send", **doubtful)
    assert (response.status_code, response.text.count("This seems to be about a visa")) == (422, 2)
    assert scene.all(Message) == []
    scene.browsers[Side.NEWCOMER].post(f"/contact/{scene.id}/send", data=doubtful | {"text-anyway": "y"})
    assert [each.text for each in scene.all(Message)] == [doubtful["text"]]
    assert log(scene, Side.GUIDE, note=doubtful["text"]).status_code == 422
    assert scene.all(Meeting) == []


def test_phrases_that_belong_to_dates_or_do_not_exist_are_refused(scene):
    for phrase in ("date_confirmed", "nonsense"):
        assert scene.post(Side.GUIDE, "/send", phrase=phrase).status_code == 400
    assert scene.all(Message) == []


def test_a_double_click_is_one_message(scene):
    scene.get(Side.GUIDE)
    token = re.search(r'name="token" type="hidden" value="([^"]+)"', scene.get(Side.GUIDE)).group(1)
    for _click in range(2):
        scene.browsers[Side.GUIDE].post(f"/contact/{scene.id}/send", data={"text": "Once", "token": token})
    assert len(scene.all(Message)) == 1


@pytest.mark.parametrize("side", BOTH)
def test_no_page_shows_the_other_ones_number_or_address_before_it_is_shared(scene, side):
    pages = [home(side), *(f"/contact/{scene.id}{path}" for path in ("", "/meetings", "/meetings/new", "/dates/new"))]
    pages += ["/guide/profile", "/guide/hours"] if side is Side.GUIDE else []
    for state, path in product(State, pages):
        scene.put(state)
        response = scene.browsers[side].get(path)
        assert response.status_code == (200 if state in IN_CONTACT or "contact" not in path else 302), path
        told = response.text + str(response.headers)
        assert PHONES[OTHER[side]] not in told, path
        assert EMAILS[OTHER[side]] not in told, path


@pytest.mark.parametrize("side", BOTH)
def test_a_number_shows_to_the_other_while_it_is_shared_and_there_is_contact(scene, side):
    other = OTHER[side]
    pages = (home(other), f"/contact/{scene.id}")
    scene.post(side, "/share", **{"share-phone": "y"})
    for page in pages:
        text = scene.browsers[other].get(page).text
        assert (PHONES[side] in text, EMAILS[side] in text) == (True, False), page
    scene.post(side, "/share", **{"share-email": "y"})
    for page in pages:
        text = scene.browsers[other].get(page).text
        assert (PHONES[side] in text, EMAILS[side] in text) == (False, True), page
    scene.act(Action.SUSPEND, other)
    for page in pages:
        assert EMAILS[side] not in scene.browsers[other].get(page).text


@pytest.mark.parametrize("side", BOTH)
def test_a_report_closes_the_conversation_at_once_for_both(scene, side):
    scene.post(side, "/send", text="Planted words")
    assert "suspend" in scene.get(side)
    scene.act(Action.SUSPEND, side)
    for each in BOTH:
        browser = scene.browsers[each]
        for path in ("", "/meetings", "/meetings/new", "/dates/new"):
            response = browser.get(f"/contact/{scene.id}{path}")
            assert response.location == home(each), path
        page = browser.get(home(each)).text
        assert "You cannot write to each other at the moment." in page
        assert "Planted words" not in page
        browser.post(f"/contact/{scene.id}/send", data={"text": "Still there?"})
    assert len(scene.all(Message)) == 1


def test_others_find_nothing(app, scene, client):
    with scene.change() as session:
        office = session.get_one(Request, scene.request.id).municipality_id
        office = session.get_one(type(make.municipality(session, "03403000", "Emden")), office)
        guide = make.guide(session, office)
        person = session.get_one(type(make.newcomer_of(session, scene.request.id)), guide.person_id)
        make.account(session, Role.GUIDE, office, email="other@example.org", person=person)
    scene.post(Side.GUIDE, "/meetings/new", "/meetings/new", kind="talk", minutes="60", mood="good")
    client.sign_in("other@example.org", make.PASSWORD)
    for path in ("", "/meetings", "/meetings/new", "/dates/new"):
        assert client.get(f"/contact/{scene.id}{path}").status_code == 404
    number = scene.all(Meeting)[0].id
    assert client.get(f"/contact/{scene.id}/meetings/{number}").status_code == 404
    client.get("/guide/")
    for path in ("send", "read", "share", f"meetings/{number}/delete", f"meetings/{number + 1}/delete"):
        assert client.post(f"/contact/{scene.id}/{path}", data={"text": "x"}).status_code == 404, path
    assert scene.browsers[Side.NEWCOMER].get(f"/contact/{scene.id}/meetings/{number}").status_code == 404


def log(scene, side, **data):
    values = {"kind": "authority", "minutes": "90", "mood": "good"} | data
    return scene.post(side, "/meetings/new", "/meetings/new", **values)


@pytest.mark.parametrize("side", BOTH)
def test_a_meeting_takes_three_taps(scene, side):
    page = scene.get(side, "/meetings/new")
    assert re.findall(r'<button type="submit" class="face[^"]*" name="mood" value="(\w+)"', page) == [*Mood]
    assert log(scene, side).location == f"/contact/{scene.id}/meetings"
    meeting = scene.all(Meeting)[0]
    assert (meeting.kind, meeting.minutes, meeting.mood, meeting.logged_by) == ("authority", 90, "good", side)
    assert meeting.held_on == local_date(clock.now())
    assert "1 h 30 min" in scene.get(side, "/meetings")


@pytest.mark.parametrize("side", BOTH)
def test_enter_in_a_field_taps_no_face_and_keeps_what_was_typed(scene, side):
    page = scene.get(side, "/meetings/new")
    first = re.search(r"<button[^>]*>", page[page.index('<form class="form"') :]).group()
    assert "hidden" in first
    assert "mood" not in first
    answer = scene.post(side, "/meetings/new", "/meetings/new", kind="doctor", minutes="90", note="Typed before")
    assert answer.status_code == 422
    assert 'href="#mood-0">Please choose an answer.' in answer.text
    assert "Typed before" in answer.text
    assert scene.all(Meeting) == []


def test_more_can_be_said_and_the_other_one_sees_only_what_when_and_how_long(scene):
    yesterday = local_date(clock.now()) - timedelta(days=1)
    log(scene, Side.GUIDE, minutes="other", other_minutes="45", held_on=yesterday.isoformat(), km="12,5",
        expenses="٣٫٤٠", note="Private planted note", mood="mixed")  # fmt: skip
    meeting = scene.all(Meeting)[0]
    assert (meeting.minutes, meeting.held_on, meeting.metres, meeting.expenses_cents) == (45, yesterday, 12_500, 340)
    own, others = scene.get(Side.GUIDE, "/meetings"), scene.get(Side.NEWCOMER, "/meetings")
    for said in ("45 min", "At an office"):
        assert said in own
        assert said in others
    for said in ("Private planted note", "12.5 km", "3.4 €", "mixed", f"/contact/{scene.id}/meetings/{meeting.id}"):
        assert said in own
        assert said not in others
    hours = scene.browsers[Side.GUIDE].get("/guide/hours").text
    assert [hours.count(said) for said in ("45 min", "12.5", "3.4 €")] == [2, 2, 2]


WRONG_MEETINGS = (
    ({"kind": ""}, "Please choose an answer."),
    ({"minutes": ""}, "Please choose an answer."),
    ({"minutes": "other"}, "Please enter a number."),
    ({"minutes": "other", "other_minutes": "2000"}, "Please enter a number from 5 to 1440."),
    ({"km": "far"}, "Please enter a number, for example 12.50."),
    ({"km": "NaN"}, "Please enter a number"),
    ({"expenses": "-1"}, "Please enter a number from 0 to 2000."),
    ({"held_on": "2099-01-01"}, "Please choose a day since you were brought together, up to today."),
    ({"held_on": "2020-01-01"}, "Please choose a day since you were brought together, up to today."),
)


def test_what_is_wrong_with_a_meeting_is_said_and_what_was_typed_stays(scene):
    for wrong, told in WRONG_MEETINGS:
        response = log(scene, Side.GUIDE, note="Keep me", **wrong)
        assert (response.status_code, response.text.count(told)) == (422, 2), wrong
        assert "Keep me" in response.text
        assert '<details class="fold" open>' in response.text
    assert scene.all(Meeting) == []


def test_a_newcomer_is_not_asked_for_mileage(scene):
    page = scene.get(Side.NEWCOMER, "/meetings/new")
    assert 'name="km"' not in page
    log(scene, Side.NEWCOMER, km="12", note="Mine")
    assert scene.all(Meeting)[0].metres == 0


def test_an_entry_is_corrected_and_deleted_by_whoever_logged_it(scene):
    log(scene, Side.GUIDE, minutes="other", other_minutes="45", km="1.25")
    number, browser = scene.all(Meeting)[0].id, scene.browsers[Side.GUIDE]
    address = f"/contact/{scene.id}/meetings/{number}"
    page = browser.get(address).text
    assert 'value="45"' in page
    assert 'value="1.25"' in page
    browser.post(address, data={"kind": "doctor", "minutes": "120", "mood": "mixed", "km": ""})
    meeting = scene.all(Meeting)[0]
    assert (meeting.kind, meeting.minutes, meeting.mood, meeting.metres) == ("doctor", 120, "mixed", 0)
    browser.get(address)
    browser.post(f"{address}/delete")
    assert scene.all(Meeting) == []
    assert [event.what for event in scene.all(Event)] == ["meeting_logged", "meeting_changed", "meeting_deleted"]


def test_a_difficult_meeting_says_that_the_office_helps(scene):
    log(scene, Side.NEWCOMER, mood="difficult")
    assert "The coordination office knows now" in scene.get(Side.NEWCOMER, "/meetings")


def propose(scene, side, **data):
    tomorrow = local_date(clock.now()) + timedelta(days=1)
    values = {"day": tomorrow.isoformat(), "clock": "10:30", "kind": "doctor", "place": "Rathaus"} | data
    return scene.post(side, "/dates/new", "/dates/new", **values)


@pytest.mark.parametrize("side", BOTH)
def test_a_date_is_proposed_confirmed_and_called_off(scene, side):
    other = OTHER[side]
    assert propose(scene, side).status_code == 302
    page = scene.get(side)
    assert "Rathaus" in page
    assert "Waits for an answer" in page
    assert "/confirm" not in page
    assert "Proposed to you" in scene.browsers[other].get(home(other)).text
    number = scene.all(Appointment)[0].id
    assert "10:30" in scene.get(other)
    scene.post(other, f"/dates/{number}/confirm")
    assert "Next date" in scene.browsers[side].get(home(side)).text
    scene.post(side, f"/dates/{number}/cancel")
    assert "Rathaus" not in scene.get(other)
    assert [each.phrase for each in scene.all(Message)] == ["date_proposed", "date_confirmed", "date_cancelled"]


WRONG_DATES = (
    ({"day": ""}, "Please choose a day."),
    ({"clock": ""}, "Please choose a time."),
    ({"kind": ""}, "Please choose an answer."),
    ({"day": "2020-01-01"}, "Please choose a day and a time"),
    ({"place": "x" * 121}, "Please write at most 120 characters."),
)


def test_what_is_wrong_with_a_date_is_said_and_what_was_typed_stays(scene):
    for wrong, told in WRONG_DATES:
        response = propose(scene, Side.NEWCOMER, **({"place": "Rathaus"} | wrong))
        assert (response.status_code, response.text.count(told)) == (422, 2), wrong
        assert wrong.get("place", "Rathaus") in response.text
    assert scene.all(Appointment) == []


def test_after_the_end_the_last_meeting_can_still_be_logged_and_no_name_shows(scene):
    with scene.change() as session:
        session.add(Event(at=clock.now(), municipality_id=scene.office_id, pairing_id=scene.id, what="approve",
                          to_state=State.APPROVED, side=Side.OFFICE))  # fmt: skip
    scene.act(Action.END, Side.GUIDE)
    log(scene, Side.GUIDE)
    for path in ("/meetings", "/meetings/new"):
        assert "Shirin" not in scene.get(Side.GUIDE, path)
    page = scene.browsers[Side.GUIDE].get("/guide/hours").text
    assert f"/contact/{scene.id}/meetings" in page
    assert "Shirin" not in page
    with scene.app.extensions["lotsen_db"].reading() as session:
        assert session.get_one(Pairing, scene.id).state is State.ENDED
