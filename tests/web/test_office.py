"""The coordination office's pages: worklist, pairings, tasks."""

import html
import re
from datetime import UTC, datetime, timedelta

import pytest
from sqlmodel import select

from lotsen.models import Account, Consent, Event, Guide, Municipality, Pairing, Task
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import TRANSITIONS, State
from lotsen.services import tasks
from tests import factories as make
from tests.queries import counted
from tests.web.offices import Desk


@pytest.fixture
def desk(app, client):
    return Desk(app, client)


def test_a_suggestion_is_released_from_the_worklist_and_the_filters_stay(desk, client):
    pairing = desk.pair(reasons=[{"code": "language_good", "value": "ar:B2", "contribution": 0.5}])
    page = client.get("/office/?kind=release")
    assert "Amal" in page.text
    assert "Both speak Arabic, at least at B2" in page.text
    answer = desk.act(pairing, "release", next="/office/?kind=release")
    assert (answer.status_code, answer.location) == (302, "/office/?kind=release")
    assert desk.state(pairing) is State.OFFERED
    assert "Nothing fits these filters." in client.get("/office/?kind=release").text


def test_an_empty_worklist_says_so(desk, client):
    assert "No decision is waiting for you today." in client.get("/office/").text


def test_a_stale_click_is_told_kindly_and_changes_nothing(desk, client):
    pairing = desk.pair(State.OFFERED)
    answer = desk.act(pairing, "release")
    page = client.get(answer.location + "").text
    assert "something has changed" in page
    assert "Guide is asked" in page
    assert client.post(f"/office/pairings/{pairing}/do/fly").status_code == 404


def test_a_refusal_without_a_reason_keeps_the_note_and_with_one_is_carried_out(desk):
    pairing = desk.pair(State.AGREED)
    answer = desk.act(pairing, "reject", note="Zu nah verwandt")
    assert answer.status_code == 422
    assert "Zu nah verwandt" in answer.text
    assert desk.state(pairing) is State.AGREED
    assert desk.act(pairing, "reject", note="Zu nah verwandt", reason="conflict_of_interest").status_code == 302
    assert desk.state(pairing) is State.REJECTED


def test_the_language_switch_leads_from_a_refused_form_to_its_page(desk, client):
    pairing = desk.pair(State.AGREED)
    answer = desk.act(pairing, "reject", note="Zu nah verwandt")
    switch = f"/office/pairings/{pairing}/do/reject?lang=de"
    assert switch in answer.text
    assert client.get(switch).location == f"/office/pairings/{pairing}"
    assert 'lang="de"' in client.get(f"/office/pairings/{pairing}").text
    assert desk.state(pairing) is State.AGREED


def test_nobody_approves_a_pairing_of_their_own(desk, client):
    pairing = desk.pair(State.AGREED)
    with desk.writing() as session:
        session.get_one(Account, desk.kim.id).person_id = desk.guide.person_id
    answer = desk.act(pairing, "approve")
    assert "Nobody approves a pairing of their own" in client.get(answer.location + "").text
    assert desk.state(pairing) is State.AGREED


def test_the_office_records_answers_of_people_without_an_account(desk):
    pairing = desk.pair(State.OFFERED)
    desk.act(pairing, "accept", "guide")
    assert desk.state(pairing) is State.ACCEPTED
    desk.act(pairing, "decline", "newcomer", reason="not_said")
    assert desk.state(pairing) is State.DECLINED


def test_both_voices_after_the_trial_can_be_recorded_once_each(desk, client):
    pairing = desk.pair(State.TRIAL)
    desk.act(pairing, "confirm", "guide")
    assert desk.state(pairing) is State.TRIAL
    assert "side=guide" not in client.get(f"/office/pairings/{pairing}").text
    desk.act(pairing, "confirm", "newcomer")
    assert desk.state(pairing) is State.ACTIVE


def test_two_members_of_staff_decide_about_a_suspended_pairing(desk, client):
    pairing = desk.pair(State.SUSPENDED)
    desk.act(pairing, "lift", note="Mit beiden gesprochen")
    assert "Kim decided first: Allow contact again" in client.get(f"/office/pairings/{pairing}").text
    again = desk.act(pairing, "lift")
    assert "A second colleague must decide too" in client.get(again.location).text
    assert desk.state(pairing) is State.SUSPENDED
    client.sign_in("lee@example.org", make.PASSWORD)
    desk.act(pairing, "lift")
    assert desk.state(pairing) is State.ACTIVE


def test_the_first_meeting_is_dated_in_german_time_and_not_in_the_past(desk, client):
    pairing = desk.pair(State.APPROVED)
    client.get(f"/office/pairings/{pairing}")
    wrong = client.post(
        f"/office/pairings/{pairing}/first-meeting",
        data={"meeting-at": "2020-01-01T10:00", "meeting-place": "Rathaus, Zimmer 3"},
    )
    assert wrong.status_code == 422
    assert "2020-01-01T10:00" in wrong.text
    assert "Rathaus, Zimmer 3" in wrong.text
    right = {"meeting-at": "2099-07-01T15:00", "meeting-place": "Rathaus, Zimmer 3"}
    assert client.post(f"/office/pairings/{pairing}/first-meeting", data=right).status_code == 302
    with desk.writing() as session:
        assert session.get_one(Pairing, pairing).first_meeting_at == datetime(2099, 7, 1, 13, 0, tzinfo=UTC)


def test_a_task_is_taken_over_and_closed_with_an_outcome(desk, client):
    with desk.writing() as session:
        task = tasks.hand_over(session, Matter.NOBODY_LEFT, session.merge(desk.request), datetime.now(UTC)).id
    client.get("/office/")
    taken = client.post(
        f"/office/tasks/{task}/assign", data={"assign-assignee": str(desk.kim.id), "next": "/office/?whose=mine"}
    )
    assert taken.location == "/office/?whose=mine"
    assert "Amal" in client.get("/office/?whose=mine").text
    assert client.post(f"/office/tasks/{task}/assign", data={"assign-assignee": "999"}).status_code == 422
    empty = client.post(f"/office/tasks/{task}/close", data={"close-note": "Mit Oldenburg gesprochen"})
    assert empty.status_code == 422
    assert "Mit Oldenburg gesprochen" in empty.text
    without = client.post(f"/office/tasks/{task}/close", data={"close-outcome": "referred_on"})
    assert without.status_code == 422
    assert "without their consent" in without.text
    sent = {"close-outcome": "referred_on", "close-agreed": "y"}
    closed = client.post(f"/office/tasks/{task}/close", data=sent)
    assert closed.location == f"/office/tasks/{task}"
    assert f"/office/tasks/{task}/letter.pdf" in client.get(closed.location).text
    assert "An die Beratungsstelle" in client.get(f"/office/tasks/{task}/letter.html").text
    with desk.writing() as session:
        assert session.get_one(Task, task).outcome == "referred_on"
        assert "MBE" in session.exec(select(Consent)).one().text


def test_what_was_not_passed_on_has_no_letter(desk, client):
    with desk.writing() as session:
        task = tasks.hand_over(session, Matter.UNMATCHED, session.merge(desk.request), datetime.now(UTC)).id
    client.get(f"/office/tasks/{task}")
    assert client.get(f"/office/tasks/{task}/letter.pdf").status_code == 404
    assert client.post(f"/office/tasks/{task}/ask-consent").status_code == 302
    assert "Asked on their own page" in client.get(f"/office/tasks/{task}").text


def test_a_guides_file_is_filled_step_by_step_until_clearance(desk, client):
    with desk.writing() as session:
        office_guide = session.get_one(Guide, desk.guide.id)
        office_guide.interview_on = office_guide.cleared_on = office_guide.conduct_valid_until = None
    file = f"/office/guides/{desk.guide.id}"
    client.get(file + "")
    early = client.post(f"{file}/clear")
    assert "Please record the interview first." in client.get(early.location).text
    tomorrow = (datetime.now(UTC) + timedelta(days=2)).date().isoformat()
    wrong = client.post(f"{file}/interview", data={"interview-on": tomorrow, "interview-note": "Ruhig"})
    assert wrong.status_code == 422
    assert "Ruhig" in wrong.text
    for step, data in {
        "interview": {"interview-on": "2026-01-07", "interview-note": "Ruhig"},
        "conduct": {"conduct-seen_on": "2026-01-08", "conduct-valid_until": "2029-01-08"},
        "training": {"training-lessons": "30"},
        "clear": {},
        "pause": {"pause-until": "2099-01-01"},
        "resume": {},
    }.items():
        assert client.post(f"{file}/{step}", data=data).status_code == 302, step
    with desk.writing() as session:
        done = session.get_one(Guide, desk.guide.id)
        assert done.cleared_by_id == desk.kim.id
        assert not done.paused
        assert set(session.exec(select(Event.what))) >= {"guide_interviewed", "conduct_check_seen", "guide_cleared"}
    assert client.post(f"{file}/revoke", data={"revoke-note": " "}).status_code == 422
    assert client.post(f"{file}/revoke", data={"revoke-note": "Umgezogen"}).status_code == 302


def test_the_help_page_draws_every_arrow_of_the_table(desk, client):
    page = client.get("/office/help").text
    assert '" aria-current="page">' not in page  # the menu has no entry for it
    assert page.count('href="#') - 1 == len(TRANSITIONS)  # and the link that skips the header


def test_a_hundred_and_forty_tasks_are_leafed_through_and_a_page_that_is_gone_is_the_last_one(desk, client, app, now):
    with desk.writing() as session:
        office = session.get_one(Municipality, desk.office_id)
        for number in range(140):
            request = make.request(session, office, about={"first_name": f"Wartet{number:03}"})
            tasks.hand_over(session, Matter.UNMATCHED, request, now)
    pages = []
    for number in (1, 2, 3):
        with counted(app.extensions["lotsen_db"].engine) as statements:
            page = client.get(f"/office/?kind=unmatched&page={number}").text
        pages.append((set(re.findall(r"Wartet\d{3}", page)), len(statements)))
        assert f"Page {number} of 3" in page
        leads = [html.unescape(each) for each in re.findall(r'rel="(?:prev|next)" href="([^"]+)"', page)]
        assert leads == [f"/office/?kind=unmatched&page={to}" for to in (number - 1, number + 1) if 1 <= to <= 3]
    names, queries = zip(*pages, strict=True)
    assert [len(each) for each in names] == [50, 50, 40]
    assert len(set.union(*names)) == 140
    assert len(set(queries)) == 1
    gone = client.get("/office/?kind=unmatched&page=4").text
    assert set(re.findall(r"Wartet\d{3}", gone)) == names[2], "its tasks were closed together"
    for path in ("requests", "guides", "pairings"):
        assert "Nobody here fits" not in client.get(f"/office/{path}?page=9").text
