"""How it ends and goes on, in the browser; what the office sees of contact; one appointment; two guides."""

from datetime import timedelta

import pytest
from sqlmodel import select

from lotsen import clock
from lotsen.models import Event, Guide, Person, Request
from lotsen.rules.calendar import local_date
from lotsen.rules.pairing import Action, Side, State
from lotsen.rules.vocabulary import Household, RequestState, Role, Takes
from lotsen.services import accounts
from tests import factories as make
from tests.web.newcomers import agree, answer, answer_all, offices
from tests.web.test_contact import BOTH, OTHER, Scene, home, let_in, log


@pytest.fixture
def scene(app):
    return Scene(app, State.ACTIVE)


def office(scene, name="kim"):
    """A browser with a member of staff."""
    with scene.change() as session:
        municipality = session.get_one(Request, scene.request.id).municipality_id
        account = accounts.open_account(
            session, Role.COORDINATOR, make.SPRING, email=f"{name}@example.org", municipality_id=municipality, name=name
        )
    browser = scene.app.test_client()
    let_in(scene.app, browser, account)
    return browser


@pytest.mark.parametrize(("answer", "state"), [("yes", RequestState.OPEN), ("no", RequestState.CLOSED)])
def test_a_newcomer_who_ends_it_says_whether_we_look_on(scene, answer, state):
    browser, path = scene.browsers[Side.NEWCOMER], f"/status/{scene.id}/end"
    page = browser.get(path).text
    assert "Shall we look for somebody else?" in page
    assert [field["value"] for field in browser.page.fields if "checked" in field] == ["yes"]
    assert browser.post(path, data={"look_on": "maybe"}).status_code == 422
    assert browser.post(path, data={"look_on": answer}).location == "/status"
    assert scene.all(Request)[0].state is state
    page = browser.get("/status").text
    assert ("Your request is closed" in page) is (answer == "no")
    assert "Yes, please" not in page


def test_a_newcomer_whose_guide_ended_it_is_asked_once_and_kindly(scene):
    guide, newcomer = scene.browsers[Side.GUIDE], scene.browsers[Side.NEWCOMER]
    guide.get(f"/guide/pairings/{scene.id}/end")
    guide.post(f"/guide/pairings/{scene.id}/end", data={"reason": "no_time"})
    assert "ask whether to look for somebody else" in guide.get("/guide/").text
    page = newcomer.get("/status").text
    assert "That is nobody’s fault" in page
    assert "Shall we look for somebody else?" in page
    assert "/status/close" in page
    newcomer.post("/status/look-on")
    page = newcomer.get("/status").text
    assert "Shall we look for somebody else?" not in page
    assert scene.all(Request)[0].state is RequestState.OPEN


@pytest.mark.parametrize(("answer", "state"), [("yes", RequestState.OPEN), ("no", RequestState.CLOSED)])
def test_the_office_ends_it_with_a_reason_and_says_how_it_goes_on(scene, answer, state):
    browser, path = office(scene), f"/office/pairings/{scene.id}"
    assert "Look for somebody else?" in browser.get(path).text
    data = {"end-office-reason": "moved", "end-office-look_on": answer}
    assert browser.post(f"{path}/do/end", data=data).status_code == 302
    assert scene.all(Request)[0].state is state


def test_the_office_sees_when_what_how_long_and_how_it_was_and_no_notes(scene):
    log(scene, Side.GUIDE, mood="mixed", note="Private planted note")
    scene.post(Side.GUIDE, "/send", text="Planted words")
    browser = office(scene)
    page = browser.get(f"/office/pairings/{scene.id}").text
    for said in ("At an office", "1 h 30 min", "mixed", "Meeting logged"):
        assert said in page
    for hidden in ("Private planted note", "Planted words", "/conversation"):
        assert hidden not in page
    browser.post(f"/office/pairings/{scene.id}/conversation")
    page = browser.get(f"/office/pairings/{scene.id}").text
    assert "Conversations are read only while a report" in page
    assert "conversation_read" not in [event.what for event in scene.all(Event)]


@pytest.mark.parametrize("reporter", BOTH)
def test_after_a_report_the_office_reads_the_conversation_and_both_learn_of_it(scene, reporter):
    scene.post(OTHER[reporter], "/send", text="Planted <i>words</i>")
    scene.act(Action.SUSPEND, reporter)
    for side in BOTH:
        assert "the office may read what you wrote" in scene.browsers[side].get(home(side)).text
    kim, lee = office(scene), office(scene, "lee")
    assert "Read the conversation" in kim.get(f"/office/pairings/{scene.id}").text
    page = kim.post(f"/office/pairings/{scene.id}/conversation")
    assert "Planted &lt;i&gt;words&lt;/i&gt;" in page.text
    assert [event.what for event in scene.all(Event)][-1] == "conversation_read"
    assert "Conversation read by the office" in kim.get(f"/office/pairings/{scene.id}").text
    for browser in (kim, lee):
        browser.get(f"/office/pairings/{scene.id}")
        browser.post(f"/office/pairings/{scene.id}/do/lift", data={"lift-office-note": "Talked with both"})
    for side in BOTH:
        assert "The coordination office read this conversation on" in scene.get(side)
    assert kim.post(f"/office/pairings/{scene.id}/conversation").status_code == 302


def test_a_difficult_meeting_stands_in_the_offices_list(scene):
    log(scene, Side.NEWCOMER, mood="difficult")
    page = office(scene).get("/office/").text
    assert "Ask how it is going" in page
    assert "The newcomer says that a meeting was difficult" in page


def test_one_appointment_is_asked_for_within_the_ten_questions(app, client):
    offices(app)
    client.get("/?lang=en")
    today = local_date(clock.now())
    days = {"wanted_from": today.isoformat(), "wanted_until": (today + timedelta(days=7)).isoformat()}
    once = {"topics": ["authorities"], "kind": "one_off"}
    answer_all(client, topics=once | days)
    for wrong, told in (
        ({"wanted_until": (today - timedelta(days=1)).isoformat()}, "This day is over."),
        ({"wanted_from": days["wanted_until"], "wanted_until": days["wanted_from"]}, "The last day is before"),
        ({"kind": "never"}, "Please choose an answer."),
    ):
        response = answer(client, "topics", once | days | wrong)
        assert (response.status_code, response.text.count(told)) == (422, 2), wrong
    answer(client, "topics", once | days)
    assert "For one appointment: " in client.get("/request/check").text
    assert agree(client).status_code == 302
    with app.extensions["lotsen_db"].reading() as session:
        request = session.exec(select(Request)).one()
    assert (request.kind, request.wanted_from, request.wanted_until) == ("one_off", today, today + timedelta(days=7))
    client.post("/request/done")
    assert "For one appointment" in client.get("/status").text


def test_a_guide_says_which_requests_suit(scene):
    browser = scene.browsers[Side.GUIDE]
    browser.get("/guide/profile")
    data = {
        "first_name": "Renate", "last_name": "Muster", "postcode": "29221", "phone": "", "gender": "any",
        "languages-0-language": "de", "languages-0-level": "C2", "topics": ["housing"], "slots": ["mon-evening"],
        "capacity": "1", "radius_km": "10", "newcomer_gender": "any", "takes": "one_off",
    }  # fmt: skip
    assert browser.post("/guide/profile", data=data).status_code == 302
    assert scene.all(Guide)[0].takes is Takes.ONE_OFF


def test_two_guides_accompany_one_large_family_and_both_stand_on_its_page(scene):
    with scene.change() as session:
        request = session.get_one(Request, scene.request.id)
        request.household, request.places = Household.LARGE_FAMILY, 2
        municipality = session.get_one(type(make.municipality(session, "03403000", "Emden")), request.municipality_id)
        second = make.guide(session, municipality, about={"first_name": "Torsten"})
        account = accounts.open_account(
            session, Role.GUIDE, make.SPRING, person=session.get_one(Person, second.person_id), email="t@example.org"
        )
    kim, torsten = office(scene), scene.app.test_client()
    let_in(scene.app, torsten, account)
    kim.get(f"/office/requests/{scene.request.id}")
    chosen = {"choose-guide": str(second.id), "choose-because": "Four children", "choose-release": "y"}
    kim.post(f"/office/requests/{scene.request.id}/choose", data=chosen)
    number = scene.id + 1
    torsten.get("/guide/")
    torsten.post(f"/guide/pairings/{number}/accept")
    family = scene.browsers[Side.NEWCOMER]
    family.get("/status")
    family.post(f"/status/{number}/agree")
    kim.get(f"/office/pairings/{number}")
    kim.post(f"/office/pairings/{number}/do/approve")
    page = family.get("/status").text
    assert ("Renate" in page, "Torsten" in page) == (True, True)
    for each in (scene.id, number):
        assert f"/contact/{each}" in page
        assert family.get(f"/contact/{each}").status_code == 200
    assert torsten.get(f"/contact/{scene.id}").status_code == 404
