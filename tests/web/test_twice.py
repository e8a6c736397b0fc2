"""The same form sent twice, and sent from a page that is out of date: one outcome, told once, and a kind answer."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any, NamedTuple

import pytest
from sqlmodel import col, select, update

from lotsen import clock
from lotsen.models import (
    Appointment,
    CheckIn,
    Consent,
    Event,
    Guide,
    Mail,
    Meeting,
    Message,
    Municipality,
    Pairing,
    Request,
    Task,
)
from lotsen.rules.calendar import local_date
from lotsen.rules.contact import MeetingEntry, Plan
from lotsen.rules.following import Question
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import LIVE, RUNNING, TRANSITIONS, Action, Side, State
from lotsen.rules.vocabulary import REFERRED_ON, MeetingKind, Mood, RequestState, Role
from lotsen.services import appointments, handovers, meetings, tasks
from lotsen.services.actor import Actor
from lotsen.web.office.decisions import ANSWERS
from tests import factories as make
from tests.web.test_contact import Scene, home, let_in

GUIDE, NEWCOMER, OFFICE = Side.GUIDE, Side.NEWCOMER, Side.OFFICE
DAY = (local_date(clock.now()) + timedelta(days=1)).isoformat()
LATER = (local_date(clock.now()) + timedelta(days=30)).isoformat()
MEETING = {"kind": "authority", "minutes": "90", "mood": "good", "token": "once"}
#: What the two people's and the office's forms say along with a step.
WHY = {GUIDE: {"reason": "other"}, NEWCOMER: {"look_on": "yes"}}


class Form(NamedTuple):
    """Who sends it, in which state, what to which address, and which events follow."""

    side: Side
    state: State
    path: str
    data: dict[str, Any]
    events: list[str]


def steps() -> Iterator[Form]:
    """Each arrow of the pairing's table, for each side that has a button; the office for itself or for others."""
    for (state, action), arrow in TRANSITIONS.items():
        if GUIDE in arrow.who:
            yield Form(GUIDE, state, f"/guide/pairings/{{pairing}}/{action}", WHY[GUIDE], [action])
        if NEWCOMER in arrow.who:
            yield Form(NEWCOMER, state, f"/status/{{pairing}}/{action}", WHY[NEWCOMER], [action])
        if OFFICE in arrow.who:
            for behalf in sorted({GUIDE, NEWCOMER} & arrow.who) if action in ANSWERS else [OFFICE]:
                said = {f"{action}-{behalf}-{field}": "other" for field in ("reason", "note")}
                side = "" if behalf is OFFICE else f"?side={behalf}"
                path = f"/office/pairings/{{pairing}}/do/{action}{side}"
                yield Form(OFFICE, state, path, said | {f"{action}-{behalf}-look_on": "yes"}, [action])


CONTACT = (
    Form(GUIDE, State.ACTIVE, "/contact/{pairing}/send", {"text": "Hallo", "token": "once"}, []),
    Form(NEWCOMER, State.ACTIVE, "/contact/{pairing}/dates/new",
         {"day": DAY, "clock": "10:30", "kind": "doctor", "token": "once"}, ["date_proposed"]),
    Form(NEWCOMER, State.ACTIVE, "/contact/{pairing}/dates/{date}/confirm", {}, ["date_confirmed"]),
    Form(NEWCOMER, State.ACTIVE, "/contact/{pairing}/dates/{date}/decline", {}, ["date_declined"]),
    Form(GUIDE, State.ACTIVE, "/contact/{pairing}/dates/{date}/cancel", {}, ["date_cancelled"]),
    Form(GUIDE, State.ACTIVE, "/contact/{pairing}/meetings/new", MEETING, ["meeting_logged"]),
    Form(GUIDE, State.ACTIVE, "/contact/{pairing}/meetings/{meeting}", MEETING, ["meeting_changed"]),
    Form(GUIDE, State.ACTIVE, "/contact/{pairing}/meetings/{meeting}/delete", {}, ["meeting_deleted"]),
    Form(GUIDE, State.ACTIVE, "/guide/questions/{checkin}/good", {}, ["answer_check_in"]),
    Form(NEWCOMER, State.ACTIVE, "/status/questions/{checkin}/difficult", {}, ["answer_check_in"]),
)  # fmt: skip
#: Hand-overs, and what else an office does about a pairing and its request.
HANDED_OVER = (
    Form(OFFICE, State.ACTIVE, "/office/tasks/{task}/close", {"close-outcome": "talked"}, []),
    Form(OFFICE, State.ACTIVE, "/office/tasks/{task}/close",
         {"close-outcome": REFERRED_ON, "close-agreed": "y"}, [REFERRED_ON]),
    Form(OFFICE, State.ACTIVE, "/office/tasks/{task}/assign", {"assign-assignee": "{kim}"}, []),
    Form(OFFICE, State.ACTIVE, "/office/tasks/{task}/ask-consent", {}, ["ask_counselling"]),
    Form(OFFICE, State.ACTIVE, "/office/together?do=assign&task={task}", {"together-assignee": "{kim}"}, []),
    Form(OFFICE, State.ACTIVE, "/office/together?do=postpone&task={task}",
         {"together-due_on": LATER, "together-reason": "date_agreed"}, ["postponed"]),
    Form(OFFICE, State.ACTIVE, "/office/together?do=close&task={task}", {"together-outcome": "talked"}, []),
    Form(NEWCOMER, State.ACTIVE, "/status/counselling", {"said": "yes"}, ["counselling_agreed"]),
    Form(NEWCOMER, State.ACTIVE, "/status/counselling", {"said": "no"}, ["counselling_refused"]),
    Form(OFFICE, State.APPROVED, "/office/pairings/{pairing}/first-meeting",
         {"meeting-at": f"{DAY}T15:00", "meeting-place": "Rathaus"}, ["first_meeting"]),
    Form(OFFICE, State.DISMISSED, "/office/requests/{request}/choose",
         {"choose-guide": "{guide}", "choose-because": "They know each other", "choose-release": "y"},
         ["suggest", "release"]),
    Form(OFFICE, State.DISMISSED, "/office/requests/{request}/close", {"close-reason": "moved"}, ["request_closed"]),
    Form(NEWCOMER, State.DISMISSED, "/status/close", {}, ["request_closed"]),
)  # fmt: skip
FORMS = {"steps": tuple(steps()), "contact": CONTACT, "handed over": HANDED_OVER}


class Office(Scene):
    """The two people and a member of their office's staff; between two forms they begin anew."""

    def __init__(self, app: Any) -> None:
        super().__init__(app, State.DISMISSED)
        with self.change() as session:
            office = session.get_one(Municipality, self.office_id)
            self.kim = make.account(session, Role.COORDINATOR, office, name="Kim")
        self.browsers[OFFICE] = app.test_client()
        let_in(app, self.browsers[OFFICE], self.kim)
        for side in Side:
            if side is not Side.SYSTEM:
                self.browsers[side].get("/office/" if side is OFFICE else home(side))

    def begin_anew(self, state: State, *, asks: bool = False) -> dict[str, Any]:
        """Bring the two together in `state`, with a date, a meeting, a question and a task; return all by name."""
        moment = clock.now()
        with self.change() as session:
            guide, request = session.get_one(Guide, self.guide.id), session.get_one(Request, self.request.id)
            session.exec(update(Pairing).values(state=State.DISMISSED))
            session.exec(update(Task).where(col(Task.closed_at).is_(None)).values(closed_at=moment))
            request.state, request.closed_at, request.close_reason = RequestState.OPEN, None, None
            guide.offered, guide.taken, request.live = 0, 0, 0
            pairing = make.pairing(session, request, guide, State.ACTIVE)
            self.id = pairing.id or 0
            names = self._known(session, pairing, moment, asks=asks)
            pairing.state = state
            guide.offered, guide.taken, request.live = state is State.OFFERED, state in RUNNING, state in LIVE
            return names | {"kim": self.kim.id, "guide": guide.id, "request": request.id}

    def _known(self, session: Any, pairing: Pairing, moment: datetime, *, asks: bool) -> dict[str, Any]:
        who = Actor(GUIDE, None, None, self.guide.person_id)
        plan = Plan(at=moment + timedelta(days=2), kind=MeetingKind.DOCTOR)
        date = appointments.propose(session, self.id, who, moment, plan, token=f"date{self.id}")
        entry = MeetingEntry(kind=MeetingKind.TALK, minutes=60, mood=Mood.GOOD, held_on=local_date(moment))
        meeting = meetings.log(session, self.id, who, moment, entry, token=f"met{self.id}")
        asked = CheckIn(pairing_id=self.id, kind=Question.CHECK_IN, asked_at=moment,
                        answer_until=local_date(moment) + timedelta(days=7))  # fmt: skip
        session.add(asked)
        task = tasks.hand_over(session, Matter.CHECK_IN, pairing, moment)
        assert task is not None
        if asks:
            handovers.ask_consent(session, task.id or 0, Actor(OFFICE, self.kim.id, self.office_id), moment)
        session.flush()
        return {"pairing": self.id, "date": date.id, "meeting": meeting.id, "checkin": asked.id, "task": task.id}


def told(scene: Scene) -> Counter[str]:
    """Everything that is there, by what it says."""
    with scene.app.extensions["lotsen_db"].reading() as session:
        rows = [*session.exec(select(Event.what).order_by(col(Event.id))), *session.exec(select(Mail.key))]
        kinds = (Message, Meeting, Appointment, CheckIn, Task, Pairing, Request, Consent)
        return Counter(rows + [repr((kind.__name__, each.model_dump())) for kind in kinds
                               for each in session.exec(select(kind))])  # fmt: skip


def send(scene: Scene, form: Form, names: dict[str, Any], *, read: bool) -> str:
    """Send a form, and where the answer is `read`, return the page that follows."""
    browser, path = scene.browsers[form.side], form.path.format(**names)
    answer = browser.post(path, data={key: value.format(**names) for key, value in form.data.items()})
    if read and answer.status_code in {302, 303}:
        answer = browser.get(answer.location, follow_redirects=True)
    assert answer.status_code in ({200, 409, 422} if read else {302, 303}), (form, answer.status_code)
    return str(answer.text)


@pytest.mark.parametrize("forms", FORMS.values(), ids=FORMS)
def test_a_form_sent_twice_counts_once(app, forms):
    scene = Office(app)
    for form in forms:
        names = scene.begin_anew(form.state, asks="counselling" in form.path)
        before = told(scene)
        send(scene, form, names, read=False)
        once = told(scene)
        whats = {event.what for event in scene.all(Event)}
        assert [what for what in (once - before) if what in whats] == form.events, form
        assert once != before, form
        page = send(scene, form, names, read=True)
        assert told(scene) == once, form
        assert "kern-alert" in page or page.count("Hallo") == 1, form


def test_a_form_of_a_page_from_before_the_end_changes_nothing(app):
    scene = Office(app)
    names = scene.begin_anew(State.ACTIVE)
    scene.act(Action.END, NEWCOMER)
    before = told(scene)
    for form in (*FORMS["steps"], *FORMS["contact"], *FORMS["handed over"]):
        # The last meeting may still be logged for a while, and the request looks for somebody else.
        if "meetings" not in form.path and "request" not in form.path and "/status/close" not in form.path:
            assert "kern-alert" in send(scene, form, names, read=True), form
    assert told(scene) == before
