"""The pairing's whole table, through the real service, on both databases."""

from datetime import datetime
from itertools import product

import pytest
from sqlmodel import Session, select

from lotsen.models import Event, Mail, Municipality
from lotsen.rules.errors import Conflict, NotAllowed
from lotsen.rules.pairing import LIVE, RUNNING, TRANSITIONS, Action, Quorum, Side, State, move
from lotsen.services import pairing as pairings
from lotsen.services.actor import SYSTEM, Actor
from lotsen.services.notices import notices_for
from tests import factories as make


class Scene:
    """One municipality, one guide, one newcomer, one pairing."""

    def __init__(self, session: Session, state: State, *, email: str | None = "newcomer@example.org") -> None:
        self.session = session
        self.office = session.exec(select(Municipality)).first() or make.municipality(session)
        self.guide = make.guide(session, self.office)
        self.request = make.request(session, self.office, about={"email": email})
        self.pairing = make.pairing(session, self.request, self.guide, state)
        self.actors = {
            Side.SYSTEM: SYSTEM,
            Side.OFFICE: make.coordinator(session, self.office),
            Side.GUIDE: make.acting(Side.GUIDE, self.guide.person_id),
            Side.NEWCOMER: make.acting(Side.NEWCOMER, self.request.person_id),
        }

    def act(self, action: Action, side: Side, now: datetime, *, actor: Actor | None = None) -> State:
        behalf = Side.GUIDE if side is Side.OFFICE else None
        pairings.act(
            self.session, self.pairing.id, action, actor or self.actors[side], now, reason="other", behalf=behalf
        )
        return self.pairing.state


ALLOWED = [(state, action, side) for (state, action), arrow in TRANSITIONS.items() for side in sorted(arrow.who)]


@pytest.mark.parametrize("state", State)
def test_what_the_table_does_not_list_is_refused_and_leaves_nothing_behind(session, now, state):
    scene = Scene(session, state)
    for action, side in product(Action, Side):
        if (state, action, side) not in ALLOWED:
            with pytest.raises(NotAllowed):
                scene.act(action, side, now)
    assert scene.pairing.state is state
    assert session.exec(select(Event)).all() == []
    assert session.exec(select(Mail)).all() == []


@pytest.mark.parametrize(("state", "action", "side"), ALLOWED)
def test_each_step_changes_state_counters_events_and_mails_as_the_tables_say(session, now, state, action, side):
    scene = Scene(session, state)
    arrow = move(state, action, side)
    after = scene.act(action, side, now)
    event = session.exec(select(Event)).one()
    assert (event.what, event.from_state, event.side) == (action, state, side)
    if arrow.quorum is not Quorum.ONE:
        assert after is state
        return
    assert after is arrow.to
    assert scene.guide.offered == (after is State.OFFERED)
    assert scene.guide.taken == (after in RUNNING)
    session.refresh(scene.request)
    assert scene.request.live == (after in LIVE)
    told = {(template, to) for template, sides in notices_for(state, action) for to in sides if to is not side}
    assert {(mail.template, None) for mail in session.exec(select(Mail))} == {(name, None) for name, _to in told}


def test_the_trial_becomes_active_only_when_both_said_yes(session, now):
    scene = Scene(session, State.TRIAL)
    assert scene.act(Action.CONFIRM, Side.GUIDE, now) is State.TRIAL
    with pytest.raises(Conflict):
        scene.act(Action.CONFIRM, Side.GUIDE, now)
    assert scene.act(Action.CONFIRM, Side.NEWCOMER, now) is State.ACTIVE


@pytest.mark.parametrize("action", [Action.LIFT, Action.END])
def test_a_suspended_pairing_needs_two_members_of_staff(session, now, action):
    scene = Scene(session, State.SUSPENDED)
    assert scene.act(action, Side.OFFICE, now) is State.SUSPENDED
    with pytest.raises(Conflict):
        scene.act(action, Side.OFFICE, now)
    colleague = make.coordinator(session, scene.office)
    assert scene.act(action, Side.OFFICE, now, actor=colleague) is move(State.SUSPENDED, action, Side.OFFICE).to
