"""Newcomers, guides, the office and the jobs, in any order: after each step, what must hold holds.

Shaped rules: most steps are legal ones, some are not (they must leave nothing behind), and time passes with all jobs.
"""

from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule
from sqlmodel import Session, SQLModel, col, func, select

from lotsen.db import Database
from lotsen.jobs.schedule import JOBS
from lotsen.models import Appointment, Event, Guide, Mail, Meeting, Municipality, Pairing, Request, Task
from lotsen.rules.calendar import local_date
from lotsen.rules.contact import MeetingEntry, Plan
from lotsen.rules.errors import DomainError
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import (
    IN_CONTACT,
    LIVE,
    OPEN,
    PLACED,
    RUNNING,
    TERMINAL,
    TRANSITIONS,
    Action,
    Quorum,
    Side,
    State,
    allowed_actions,
    find,
)  # fmt: skip
from lotsen.rules.vocabulary import AppointmentState, MeetingKind, Mood, Phrase, RequestKind, RequestState
from lotsen.services import appointments, conversation, guides, meetings, nextstep, requests, suggestion
from lotsen.services import pairing as pairings
from lotsen.services.actor import Actor
from lotsen.services.notices import notices_for
from tests import factories as make

#: The way that a pairing usually goes, taken more often than any other step.
USUAL = {
    State.SUGGESTED: (Action.RELEASE, Side.OFFICE),
    State.OFFERED: (Action.ACCEPT, Side.GUIDE),
    State.ACCEPTED: (Action.AGREE, Side.NEWCOMER),
    State.AGREED: (Action.APPROVE, Side.OFFICE),
    State.APPROVED: (Action.MEET, Side.GUIDE),
}
#: What tells of each answer to a proposed appointment.
DATE_EVENTS = {
    AppointmentState.CONFIRMED: Phrase.DATE_CONFIRMED,
    AppointmentState.DECLINED: Phrase.DATE_DECLINED,
    AppointmentState.CANCELLED: Phrase.DATE_CANCELLED,
}
ANSWERED = list(DATE_EVENTS)


class Life(RuleBasedStateMachine):
    """One municipality with two guides and whoever comes."""

    database: ClassVar[Database]
    automatic: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self.now = datetime.fromisoformat("2026-03-11T09:00:00+00:00")
        with self.database.transaction() as session:
            release = {"release": "automatic"} if self.automatic else {}
            office = make.municipality(session, settings_changes=release)
            self.office = office.id or 0
            self.staff = [make.coordinator(session, office), make.coordinator(session, office)]
            make.guide(session, office, capacity=1)
            make.guide(session, office, capacity=2)
            make.request(session, office, waiting_since=self.now)
        self.time_passes_and_the_jobs_run(0)

    def do(self, use_case: Any) -> bool:
        """Run a use case; whether it was carried out."""
        try:
            self.database.run(use_case)
        except DomainError:
            return False
        return True

    def pick(self, number: int, states: frozenset[State]) -> Pairing | None:
        with self.database.reading() as session:
            found = session.exec(select(Pairing).where(col(Pairing.state).in_(states)).order_by(Pairing.id)).all()
            return found[number % len(found)] if found else None

    def actor(self, pairing: Pairing, side: Side, number: int = 0) -> Actor:
        if side is Side.OFFICE:
            return self.staff[number % 2]
        with self.database.reading() as session:
            asked, guide = session.get_one(Request, pairing.request_id), session.get_one(Guide, pairing.guide_id)
            return make.acting(side, guide.person_id if side is Side.GUIDE else asked.person_id)

    def count(self, kind: type[SQLModel]) -> int:
        with self.database.reading() as session:
            return session.exec(select(func.count()).select_from(kind)).one()

    def act(self, pairing: Pairing, action: Action, side: Side, number: int = 0) -> None:
        actor, behalf = self.actor(pairing, side, number), [Side.GUIDE, Side.NEWCOMER][number % 2]
        self.do(
            lambda session: pairings.act(
                session, pairing.id or 0, action, actor, self.now, reason="other", behalf=behalf
            )
        )

    @rule(email=st.booleans())
    def somebody_asks(self, email: bool) -> None:
        with self.database.transaction() as session:
            if len(session.exec(select(Request.id)).all()) < 5:
                about = {} if email else {"email": None}
                make.request(session, session.get_one(Municipality, self.office), about=about, waiting_since=self.now)

    @rule(days=st.integers(0, 20))
    def somebody_asks_for_company_to_one_appointment(self, days: int) -> None:
        with self.database.transaction() as session:
            if len(session.exec(select(Request.id)).all()) < 5:
                first = local_date(self.now) + timedelta(days=days)
                make.request(
                    session, session.get_one(Municipality, self.office), waiting_since=self.now,
                    kind=RequestKind.ONE_OFF, wanted_from=first, wanted_until=first + timedelta(days=2),
                )  # fmt: skip

    @rule(number=st.integers(0, 20), steps=st.integers(1, len(USUAL)))
    def things_take_their_usual_way(self, number: int, steps: int) -> None:
        pairing = self.pick(number, frozenset(USUAL))
        for _step in range(steps):
            if pairing is not None and pairing.state in USUAL:
                action, side = USUAL[pairing.state]
                hasty = {Side.GUIDE, Side.NEWCOMER} - TRANSITIONS[pairing.state, action].who
                self.act(pairing, action, min(hasty))  # somebody else tries first, and must not get anywhere
                self.act(pairing, action, side)
                with self.database.reading() as session:
                    pairing = session.get_one(Pairing, pairing.id)

    @rule(number=st.integers(0, 20), choice=st.integers(0, 40))
    def somebody_takes_a_step_that_is_allowed(self, number: int, choice: int) -> None:
        pairing = self.pick(number, OPEN)
        if pairing is None:
            return
        steps = [
            (a, side) for side in (Side.NEWCOMER, Side.GUIDE, Side.OFFICE) for a in allowed_actions(pairing.state, side)
        ]
        if steps:
            self.act(pairing, *steps[choice % len(steps)], number=choice)

    @rule(number=st.integers(0, 20), action=st.sampled_from(Action), side=st.sampled_from([Side.NEWCOMER, Side.GUIDE]))
    def somebody_clicks_an_old_button(self, number: int, action: Action, side: Side) -> None:
        pairing = self.pick(number, frozenset(State))
        if pairing is not None:
            self.act(pairing, action, side)

    @rule(number=st.integers(0, 20), choice=st.integers(0, 20))
    def somebody_takes_a_step_that_is_for_others(self, number: int, choice: int) -> None:
        pairing = self.pick(number, OPEN)
        if pairing is None:
            return
        arrows = [(action, arrow) for (state, action), arrow in TRANSITIONS.items() if state is pairing.state]
        steps = [(a, side) for a, arrow in arrows for side in (Side.NEWCOMER, Side.GUIDE) if side not in arrow.who]
        if steps:
            self.act(pairing, *steps[choice % len(steps)])

    @rule(number=st.integers(0, 20))
    def nobody_answers_in_time(self, number: int) -> None:
        pairing = self.pick(number, frozenset({State.SUGGESTED}))
        if pairing is not None:
            self.act(pairing, Action.RELEASE, Side.OFFICE)
            self.time_passes_and_the_jobs_run(8)

    @rule(number=st.integers(0, 20), colleague=st.integers(0, 1), action=st.sampled_from([Action.LIFT, Action.END]))
    def somebody_reports_a_problem_and_one_colleague_decides(self, number: int, colleague: int, action: Action) -> None:
        pairing = self.pick(number, IN_CONTACT)
        if pairing is not None:
            self.act(pairing, Action.SUSPEND, Side.GUIDE)
            self.act(pairing, action, Side.OFFICE, colleague)

    @rule(number=st.integers(0, 1), capacity=st.integers(1, 3))
    def a_guide_changes_her_capacity(self, number: int, capacity: int) -> None:
        def change(session: Session) -> None:
            guides.set_capacity(session, session.exec(select(Guide).order_by(Guide.id)).all()[number], capacity)

        self.do(change)

    @rule(number=st.integers(0, 1), paused=st.booleans())
    def a_guide_takes_a_break_or_comes_back(self, number: int, paused: bool) -> None:
        change = guides.pause if paused else guides.resume
        with self.database.reading() as session:
            guide = session.exec(select(Guide).order_by(Guide.id)).all()[number]
        self.do(lambda session: change(session, guide.id or 0, make.acting(Side.GUIDE, guide.person_id), self.now))

    @precondition(lambda self: self.pick(0, OPEN) is not None)
    @rule(number=st.integers(0, 20))
    def a_newcomer_closes_the_request(self, number: int) -> None:
        pairing = self.pick(number, OPEN)
        assert pairing is not None
        actor = self.actor(pairing, Side.NEWCOMER)
        self.do(lambda session: requests.close(session, pairing.request_id, actor, self.now, reason="own_wish"))

    @rule(days=st.sampled_from([0, 1, 3, 4, 8]))
    def time_passes_and_the_jobs_run(self, days: int) -> None:
        self.now += timedelta(days=days)
        for job in JOBS:
            if job.run is not None:
                with self.database.transaction() as session:
                    job.run(session, self.now)
        with self.database.transaction() as session:
            suggestion.run(session, self.now)
        self.nobody_else_is_late()

    def nobody_else_is_late(self) -> None:
        """Once the jobs have run, what is overdue is the office's: it stands in its worklist."""
        today = local_date(self.now)
        with self.database.reading() as session:
            steps = nextstep.of_pairings(session, session.exec(select(Pairing)).all())
        late = {number: step for number, step in steps.items() if step.on < today and step.owner is not Side.OFFICE}
        assert late == {}

    @rule(number=st.integers(0, 20), side=st.sampled_from([Side.NEWCOMER, Side.GUIDE]))
    def somebody_writes(self, number: int, side: Side) -> None:
        """Whether or not they may: only two people in contact can."""
        pairing = self.pick(number, frozenset(State))
        if pairing is None:
            return
        actor, token = self.actor(pairing, side), f"{self.now.isoformat()}-{number}-{side}-{next(make.NUMBERS)}"
        written = self.do(
            lambda session: conversation.send(session, pairing.id or 0, actor, self.now, token=token, text="Hallo")
        )
        assert not written or pairing.state in IN_CONTACT

    @rule(number=st.integers(0, 20), side=st.sampled_from([Side.NEWCOMER, Side.GUIDE]), to=st.sampled_from(ANSWERED))
    def two_people_make_an_appointment(self, number: int, side: Side, to: AppointmentState) -> None:
        """Whoever proposed it answers first, and must not get anywhere; a second answer does not either."""
        pairing = self.pick(number, frozenset(State))
        if pairing is None:
            return
        who, token = self.actor(pairing, side), f"date-{next(make.NUMBERS)}"
        other = self.actor(pairing, ({Side.GUIDE, Side.NEWCOMER} - {side}).pop())
        plan = Plan(at=self.now + timedelta(days=2), kind=MeetingKind.AUTHORITY)
        proposed = self.do(
            lambda session: appointments.propose(session, pairing.id or 0, who, self.now, plan, token=token)
        )
        assert not proposed or pairing.state in IN_CONTACT
        if proposed:
            with self.database.reading() as session:
                date = session.exec(select(Appointment.id).order_by(col(Appointment.id).desc())).first() or 0
            answers = [
                self.do(lambda session, by=by: appointments.answer(session, pairing.id or 0, date, to, by, self.now))
                for by in (who, other, other)
            ]
            assert answers.count(True) <= 1
            assert not answers[0] or to is AppointmentState.CANCELLED

    @rule(number=st.integers(0, 20), side=st.sampled_from([Side.NEWCOMER, Side.GUIDE]), mood=st.sampled_from(Mood))
    def somebody_logs_a_meeting_twice(self, number: int, side: Side, mood: Mood) -> None:
        pairing = self.pick(number, frozenset(State))
        if pairing is None:
            return
        actor, token = self.actor(pairing, side), f"met-{next(make.NUMBERS)}"
        entry = MeetingEntry(kind=MeetingKind.TALK, minutes=60, mood=mood, held_on=local_date(self.now))
        before = self.count(Meeting)
        clicks = [
            self.do(lambda session: meetings.log(session, pairing.id or 0, actor, self.now, entry, token=token))
            for _click in range(2)
        ]
        assert self.count(Meeting) - before == any(clicks)
        assert not any(clicks) or pairing.state in IN_CONTACT | {State.COMPLETED, State.ENDED}

    @invariant()
    def every_appointment_and_meeting_has_its_event(self) -> None:
        with self.database.reading() as session:
            whats = session.exec(select(Event.what)).all()
            assert whats.count(Phrase.DATE_PROPOSED) == len(session.exec(select(Appointment.id)).all())
            for state, phrase in DATE_EVENTS.items():
                dates = session.exec(select(Appointment.id).where(Appointment.state == state)).all()
                assert whats.count(phrase) == len(dates)
            assert whats.count("meeting_logged") == len(session.exec(select(Meeting.id)).all())

    @invariant()
    def nothing_is_overbooked_and_the_counters_are_right(self) -> None:
        with self.database.reading() as session:
            for guide in session.exec(select(Guide)):
                states = session.exec(select(Pairing.state).where(Pairing.guide_id == guide.id)).all()
                assert guide.offered == states.count(State.OFFERED)
                assert guide.taken == sum(state in RUNNING for state in states) <= guide.capacity
            for asked in session.exec(select(Request)):
                states = session.exec(select(Pairing.state).where(Pairing.request_id == asked.id)).all()
                assert asked.live == sum(state in LIVE for state in states) <= asked.places
                if asked.state is not RequestState.CLOSED:
                    assert (asked.state is RequestState.PLACED) == any(state in PLACED for state in states)

    @invariant()
    def every_history_is_one_unbroken_way_through_the_table(self) -> None:
        with self.database.reading() as session:
            for pairing in session.exec(select(Pairing)):
                steps = session.exec(
                    select(Event)
                    .where(Event.pairing_id == pairing.id, col(Event.from_state).is_not(None))
                    .order_by(Event.id)
                ).all()
                moves = [step for step in steps if step.from_state is not step.to_state]
                states = [State.SUGGESTED, *[step.to_state for step in moves]]
                one_off = session.get_one(Request, pairing.request_id).kind is RequestKind.ONE_OFF
                assert states[-1] is pairing.state
                for step, (before, after) in zip(moves, pairwise(states), strict=True):
                    assert step.from_state is before
                    arrow = find(before, Action(step.what), one_off=one_off)
                    assert arrow is not None
                    assert arrow.to is after
                    assert step.side in arrow.who
                    if arrow.quorum is Quorum.TWO_STAFF:
                        voices = {each.account_id for each in steps if each.from_state is before}
                        assert len(voices) >= 2
                if pairing.state in TERMINAL:
                    assert states.count(pairing.state) == 1

    @invariant()
    def every_step_has_its_mails(self) -> None:
        with self.database.reading() as session:
            keys = set(session.exec(select(Mail.key)))
            for step in session.exec(select(Event).where(col(Event.to_state).is_not(None))):
                if step.from_state is step.to_state or step.from_state is None:
                    continue
                # A single appointment is complete when the two have met: that is what they are told.
                told = Action.COMPLETE if step.to_state is State.COMPLETED else Action(step.what)
                for template, sides in notices_for(step.from_state, told):
                    for side in sides:
                        key = f"event:{step.id}:pairing:{step.pairing_id}:{template}:{side}"
                        silent = side is Side.NEWCOMER and not self.has_email(session, step.request_id)
                        assert (key in keys) is (side is not step.side and not silent), key

    @staticmethod
    def has_email(session: Session, request_id: int | None) -> bool:
        return bool(make.newcomer_of(session, request_id).email)

    @invariant()
    def whoever_waits_for_the_office_stands_in_its_worklist(self) -> None:
        with self.database.reading() as session:
            for pairing in session.exec(select(Pairing).where(col(Pairing.state).in_({State.AGREED, State.SUSPENDED}))):
                kind = Matter.APPROVE if pairing.state is State.AGREED else Matter.SAFETY
                query = select(Task).where(
                    Task.pairing_id == pairing.id, Task.kind == kind, col(Task.closed_at).is_(None)
                )
                assert len(session.exec(query).all()) == 1
            done = select(Task).where(Task.kind == Matter.APPROVE, col(Task.closed_at).is_(None))
            for task in session.exec(done):
                assert session.get_one(Pairing, task.pairing_id).state is State.AGREED

    @invariant()
    def everything_open_has_an_owner_and_a_day(self) -> None:
        with self.database.reading() as session:
            steps = nextstep.of_pairings(session, session.exec(select(Pairing)).all())
            open_ = session.exec(select(Pairing.id).where(col(Pairing.state).in_(OPEN))).all()
            assert steps.keys() == set(open_)
            for asked in session.exec(select(Request)):
                assert (nextstep.of_request(session, asked) is None) is (asked.state is RequestState.CLOSED)
