"""The same form sent twice, and sent from a page that is out of date: one outcome, told once, and a kind answer."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from lotsen import clock
from lotsen.models import Appointment, CheckIn, Event, Mail, Meeting, Message
from lotsen.rules.calendar import local_date
from lotsen.rules.contact import MeetingEntry, Plan
from lotsen.rules.following import Question
from lotsen.rules.pairing import Action, Side, State
from lotsen.rules.vocabulary import MeetingKind, Mood
from lotsen.services import appointments, meetings
from lotsen.services.actor import Actor
from tests.web.test_contact import Scene, home

GUIDE, NEWCOMER = Side.GUIDE, Side.NEWCOMER
DAY = (local_date(clock.now()) + timedelta(days=1)).isoformat()
MEETING = {"kind": "authority", "minutes": "90", "mood": "good", "token": "once"}
#: Who sends it, in which state, what to which address, and which event follows.
FORMS = (
    (GUIDE, State.ACTIVE, "/contact/{pairing}/send", {"text": "Hallo", "token": "once"}, []),
    (NEWCOMER, State.ACTIVE, "/contact/{pairing}/dates/new",
     {"day": DAY, "clock": "10:30", "kind": "doctor", "token": "once"}, ["date_proposed"]),
    (NEWCOMER, State.ACTIVE, "/contact/{pairing}/dates/{date}/confirm", {}, ["date_confirmed"]),
    (NEWCOMER, State.ACTIVE, "/contact/{pairing}/dates/{date}/decline", {}, ["date_declined"]),
    (GUIDE, State.ACTIVE, "/contact/{pairing}/dates/{date}/cancel", {}, ["date_cancelled"]),
    (GUIDE, State.ACTIVE, "/contact/{pairing}/meetings/new", MEETING, ["meeting_logged"]),
    (GUIDE, State.ACTIVE, "/contact/meetings/{meeting}", MEETING, ["meeting_changed"]),
    (GUIDE, State.TRIAL, "/guide/pairings/{pairing}/confirm", {}, ["confirm"]),
    (NEWCOMER, State.TRIAL, "/status/{pairing}/confirm", {}, ["confirm"]),
    (GUIDE, State.APPROVED, "/guide/pairings/{pairing}/meet", {}, ["meet"]),
    (GUIDE, State.ACTIVE, "/guide/questions/{checkin}/good", {}, ["answer_check_in"]),
    (NEWCOMER, State.ACTIVE, "/status/questions/{checkin}/difficult", {}, ["answer_check_in"]),
    (GUIDE, State.ACTIVE, "/guide/pairings/{pairing}/end", {"reason": "other"}, ["end"]),
    (NEWCOMER, State.ACTIVE, "/status/{pairing}/end", {"reason": "other", "look_on": "yes"}, ["end"]),
    (NEWCOMER, State.ACTIVE, "/status/{pairing}/suspend", {}, ["suspend"]),
)  # fmt: skip


def known(scene: Scene) -> dict[str, int]:
    """A date that the guide proposed, a meeting that she logged and an open question, by name."""
    moment = clock.now()
    with scene.change() as session:
        who = Actor(GUIDE, None, None, scene.person(session, GUIDE).id)
        plan = Plan(at=moment + timedelta(days=2), kind=MeetingKind.DOCTOR)
        date = appointments.propose(session, scene.id, who, moment, plan, token="a date")
        entry = MeetingEntry(kind=MeetingKind.TALK, minutes=60, mood=Mood.GOOD, held_on=local_date(moment))
        meeting = meetings.log(session, scene.id, who, moment, entry, token="a meeting")
        asked = CheckIn(pairing_id=scene.id, kind=Question.CHECK_IN, asked_at=moment,
                        answer_until=local_date(moment) + timedelta(days=7))  # fmt: skip
        session.add(asked)
        session.flush()
        return {"pairing": scene.id, "date": date.id or 0, "meeting": meeting.id or 0, "checkin": asked.id or 0}


def told(scene: Scene) -> Counter[str]:
    """Everything that is there, by what it says."""
    rows = [each.what for each in scene.all(Event)] + [each.key for each in scene.all(Mail)]
    return Counter(rows + [f"{kind.__name__}:{each.id}" for kind in (Message, Meeting, Appointment)
                           for each in scene.all(kind)])  # fmt: skip


def send(scene: Scene, side: Side, path: str, data: dict[str, Any]) -> str:
    """Send a form and return the page that follows, which is one that helps."""
    answer = scene.browsers[side].post(path, data=data)
    if answer.status_code in {302, 303}:
        answer = scene.browsers[side].get(answer.location, follow_redirects=True)
    assert answer.status_code in {200, 409}, (path, answer.status_code)
    return str(answer.text)


@pytest.mark.parametrize(("side", "state", "path", "data", "events"), FORMS, ids=[f"{row[0]}{row[2]}" for row in FORMS])
def test_a_form_sent_twice_counts_once(app, side, state, path, data, events):
    scene = Scene(app, state)
    path, before = path.format(**known(scene)), told(scene)
    scene.browsers[side].get(home(side))
    send(scene, side, path, data)
    once = told(scene)
    assert [what for what in (once - before) if what in {event.what for event in scene.all(Event)}] == events
    assert once != before
    page = send(scene, side, path, data)
    assert told(scene) == once
    assert "kern-alert" in page or page.count("Hallo") == 1


def test_a_form_of_a_page_from_before_the_end_changes_nothing(app):
    scene = Scene(app, State.ACTIVE)
    names = known(scene)
    for side in (GUIDE, NEWCOMER):
        scene.browsers[side].get(home(side))
    scene.act(Action.END, NEWCOMER)
    before = told(scene)
    for side, _state, path, data, _events in FORMS:
        if "meetings" not in path:  # the last meeting may still be logged for a while
            send(scene, side, path.format(**names), data)
            assert told(scene) == before, path
