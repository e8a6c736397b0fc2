"""The status page: by code alone, with what each state allows and never more."""

from datetime import timedelta
from typing import Any, Final

import pytest
from flask import Flask
from sqlmodel import select

from lotsen import clock, crypto
from lotsen.models import Account, Consent, Municipality, Pairing, Person, Request, Task
from lotsen.rules.following import Question
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import RUNNING, Action, Side, State, allowed_actions
from lotsen.rules.vocabulary import RequestState, Role
from lotsen.services import accounts, checkins, tasks
from tests import factories as make
from tests.factories import SPRING
from tests.queries import counted

SECRETS: Final = ("Geheimname", "guide@planted.example", "+4915112345678", "29999")


class Scene:
    """A newcomer with a status code, and a guide with things that nobody may see."""

    def __init__(self, app: Flask, state: State | None, **values: Any) -> None:
        self.app = app
        self.code = crypto.new_status_code()
        with app.extensions["lotsen_db"].transaction() as session:
            office = session.exec(select(Municipality)).first() or make.municipality(session, office_phone="05141 1")
            guide = make.guide(
                session,
                office,
                about={
                    "first_name": "Katharina",
                    "last_name": SECRETS[0],
                    "email": SECRETS[1],
                    "phone": SECRETS[2],
                    "postcode": SECRETS[3],
                    "town": "Wathlingen",
                },
            )
            request = make.request(session, office)
            if state:
                self.pairing = make.pairing(session, request, guide, state, **values)
            person = session.get_one(Person, request.person_id)
            accounts.open_account(session, Role.NEWCOMER, SPRING, person=person, code=self.code)
            self.request_id = request.id

    def state(self) -> tuple[State, RequestState]:
        """The pairing's and the request's state now."""
        with self.app.extensions["lotsen_db"].reading() as session:
            pairing = session.get_one(Pairing, self.pairing.id)
            return pairing.state, session.get_one(Request, self.request_id).state


def enter(client: Any, code: str) -> Any:
    """Type the code."""
    client.get("/status?lang=en")
    return client.post("/status", data={"code": code})


@pytest.mark.parametrize("typed", [str.lower, lambda code: code.replace("-", " "), lambda code: code.replace("0", "O")])
def test_the_code_opens_the_status_page_however_it_is_typed(app: Flask, client: Any, typed: Any) -> None:
    scene = Scene(app, None)
    assert enter(client, typed(scene.code)).location == "/status"
    page = client.get("/status").text
    assert "We are looking for your guide" in page
    assert "110" in page
    assert "05141 1" in page
    assert 'action="/logout"' in page


def test_unknown_codes_get_one_answer(app: Flask, client: Any) -> None:
    Scene(app, None)
    for typed in ["AAAA-AAAA-AAAA", "x", "'; DROP TABLE account", "١٢٣٤" * 3]:
        response = enter(client, typed)
        assert (response.status_code, response.text.count("We do not know this code")) == (422, 2)
    for typed in ["", "  "]:
        assert enter(client, typed).text.count("Please enter your status code.") == 2


def test_a_disabled_account_is_an_unknown_code(app: Flask, client: Any) -> None:
    scene = Scene(app, None)
    with app.extensions["lotsen_db"].transaction() as session:
        for account in session.exec(select(Account)):
            account.active = False
    assert "We do not know this code" in enter(client, scene.code).text


def test_guessing_codes_is_slowed_down(app: Flask, client: Any) -> None:
    statuses = [enter(client, "AAAA-AAAA-AAAA").status_code for _try in range(21)]
    assert statuses[-1] == 429


@pytest.mark.parametrize("state", State)
def test_every_state_renders_and_shows_no_more_than_it_allows(app: Flask, client: Any, state: State) -> None:
    scene = Scene(
        app, state, trial_until=SPRING + timedelta(days=28), first_meeting_at=SPRING, first_meeting_place="Rathaus"
    )
    enter(client, scene.code)
    page = client.get("/status").text
    for secret in SECRETS:
        assert secret not in page
    shown = state in RUNNING - {State.SUSPENDED}
    assert ("Katharina" in page) is shown
    assert ("Wathlingen" in page) is shown
    assert ("Rathaus" in page) is (state is State.APPROVED)
    linked = {action for action in Action if f'/status/{scene.pairing.id}/{action}"' in page}
    expected = set(allowed_actions(state, Side.NEWCOMER)) if state in RUNNING else set()
    if Action.DECLINE in expected:
        expected -= {Action.WITHDRAW}  # one no is enough
    assert linked == expected


@pytest.mark.parametrize("state", sorted(RUNNING))
def test_each_button_leads_to_a_page_that_explains_and_does_what_it_says(app: Flask, client: Any, state: State) -> None:
    for action in allowed_actions(state, Side.NEWCOMER):
        scene = Scene(app, state)
        enter(client, scene.code)
        path = f"/status/{scene.pairing.id}/{action}"
        assert client.get(path).status_code == 200
        assert scene.state()[0] is state
        assert client.post(path).location == "/status"
        after = client.get("/status")
        assert after.status_code == 200
        assert "not possible any more" not in after.text
        if action is not Action.CONFIRM:
            assert scene.state()[0] is not state
        client.post("/logout")


def test_a_confirmed_trial_waits_for_the_guide(app: Flask, client: Any) -> None:
    scene = Scene(app, State.TRIAL, trial_until=SPRING)
    enter(client, scene.code)
    client.get("/status")
    client.post(f"/status/{scene.pairing.id}/confirm")
    page = client.get("/status").text
    assert "We are waiting for your guide’s answer." in page
    assert f"/status/{scene.pairing.id}/confirm" not in page
    client.post(f"/status/{scene.pairing.id}/confirm")
    assert "Somebody was faster" in client.get("/status").text


def test_an_answer_that_comes_too_late_is_explained(app: Flask, client: Any) -> None:
    scene = Scene(app, State.EXPIRED)
    enter(client, scene.code)
    client.get("/status")
    client.post(f"/status/{scene.pairing.id}/agree")
    assert "This is not possible any more" in client.get("/status").text


def test_foreign_pairings_do_not_exist(app: Flask, client: Any) -> None:
    foreign, own = Scene(app, State.ACCEPTED), Scene(app, State.ACCEPTED)
    enter(client, own.code)
    client.get("/status")
    assert client.post(f"/status/{foreign.pairing.id}/agree").status_code == 404
    assert foreign.state()[0] is State.ACCEPTED
    client.get("/status")
    assert client.post(f"/status/{own.pairing.id}/release").status_code == 404
    assert client.post(f"/status/{own.pairing.id}/nonsense").status_code == 404


def test_signed_out_people_are_asked_for_their_code(app: Flask, client: Any) -> None:
    scene = Scene(app, State.ACCEPTED)
    client.get("/status")
    assert client.post(f"/status/{scene.pairing.id}/agree").status_code == 302
    assert scene.state()[0] is State.ACCEPTED


def test_reasons_are_told_kindly_when_nobody_fits(app: Flask, client: Any) -> None:
    scene = Scene(app, None)
    with app.extensions["lotsen_db"].transaction() as session:
        request = session.get_one(Request, scene.request_id)
        request.nobody = [
            {"code": "but_for_no_shared_slot", "value": "guides=2;slots=sat-morning|sun-evening"},
            {"code": "unheard_of", "value": ""},
        ]
    enter(client, scene.code)
    page = client.get("/status").text
    assert "We have not found anybody yet" in page
    assert "Guides have time at other hours." in page
    assert "Guides have time then: Saturday" in page


@pytest.mark.parametrize("state", [State.SUGGESTED, State.OFFERED, State.ACCEPTED, State.APPROVED])
def test_a_request_is_closed_by_its_owner_once(app: Flask, client: Any, state: State) -> None:
    scene = Scene(app, state)
    enter(client, scene.code)
    assert "/status/close" in client.get("/status").text
    assert client.get("/status/close").status_code == 200
    client.post("/status/close")
    assert "Your request is closed" in client.get("/status").text
    assert scene.state() == (State.DISMISSED if state is State.SUGGESTED else State.WITHDRAWN, RequestState.CLOSED)
    client.post("/status/close")
    assert "This is closed already." in client.get("/status").text


def test_what_runs_is_ended_before_the_request_is_closed(app: Flask, client: Any) -> None:
    scene = Scene(app, State.ACTIVE)
    enter(client, scene.code)
    assert "/status/close" not in client.get("/status").text
    client.post("/status/close")
    assert "Please end that first." in client.get("/status").text
    assert scene.state() == (State.ACTIVE, RequestState.OPEN)


def ask(app: Flask, scene: Scene, kind: Question) -> int:
    """Put a question to the pairing."""
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        return checkins.ask(session, session.get_one(Pairing, scene.pairing.id), kind, clock.now()).id or 0


def test_a_question_is_answered_by_one_tap_and_is_gone_then(app, client):
    scene = Scene(app, State.ACTIVE)
    number = ask(app, scene, Question.CHECK_IN)
    enter(client, scene.code)
    assert "How is it going?" in client.get("/status").text
    assert client.post(f"/status/questions/{number}/difficult").location == "/status"
    page = client.get("/status").text
    assert "How is it going?" not in page
    assert "gets in touch with you" in page
    with app.extensions["lotsen_db"].reading() as session:
        assert session.exec(select(Task)).one().kind == "check_in"
    other = Scene(app, State.ACTIVE)
    foreign = ask(app, other, Question.CHECK_IN)
    assert client.post(f"/status/questions/{foreign}/good").status_code == 404


def test_the_end_of_a_trial_asks_for_yes_or_no(app, client):
    scene = Scene(app, State.TRIAL, trial_until=clock.now())
    ask(app, scene, Question.TRIAL_END)
    enter(client, scene.code)
    page = client.get("/status").text
    assert "Do you want to go on together?" in page
    assert page.count(f"/status/{scene.pairing.id}/confirm") == 1
    assert page.count(f"/status/{scene.pairing.id}/end") == 1
    client.post(f"/status/{scene.pairing.id}/confirm")
    assert "Do you want to go on together?" not in client.get("/status").text


@pytest.mark.parametrize("said", ["yes", "no"])
def test_nobody_is_passed_on_to_counselling_without_saying_yes(app, client, said):
    scene = Scene(app, None)
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        request = session.get_one(Request, scene.request_id)
        task = tasks.hand_over(session, Matter.UNMATCHED, request, clock.now())
        task.consent_asked_at = clock.now()
    enter(client, scene.code)
    assert "/status/counselling" in client.get("/status").text
    assert "MBE" in client.get("/status/counselling").text
    client.post("/status/counselling", data={"said": said, "shown_in": "en"})
    assert client.get("/status/counselling").location == "/status"
    with app.extensions["lotsen_db"].reading() as session:
        given = session.exec(select(Consent).where(Consent.kind == "counselling")).all()
        assert [(each.locale, "MBE" in each.text) for each in given] == [("en", True)] * (said == "yes")


@pytest.mark.parametrize(("state", "most"), [(None, 10), (State.ACCEPTED, 10), (State.ACTIVE, 13)])
def test_the_page_asks_for_each_thing_once(app, client, state, most):
    scene = Scene(app, state)
    enter(client, scene.code)
    with counted(app.extensions["lotsen_db"].engine) as statements:
        assert client.get("/status").status_code == 200
    assert len(set(statements)) == len(statements), "the same is asked twice"
    assert len(statements) <= most
