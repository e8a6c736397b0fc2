"""Endings and what comes after, single appointments, and two guides for a large family."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from lotsen.models import Event, Mail, Pairing
from lotsen.rules.errors import Conflict, NotAllowed, NotFound
from lotsen.rules.pairing import Action, Side, State
from lotsen.rules.vocabulary import Household, RequestKind, RequestState, Takes
from lotsen.services import pairing as pairings
from lotsen.services import requests, suggestion
from tests import factories as make
from tests.services.test_pairing_life import Scene

SIDES = (Side.GUIDE, Side.NEWCOMER, Side.OFFICE)


def part(scene, side, now, *, look_on, action=Action.END):
    actor = scene.actors[side]
    requests.part(scene.session, scene.pairing.id, action, actor, now, look_on=look_on, reason="did_not_fit")
    scene.session.flush()
    scene.session.refresh(scene.request)
    return scene.request


@pytest.mark.parametrize("state", [State.TRIAL, State.ACTIVE, State.PAUSED])
@pytest.mark.parametrize("side", SIDES)
def test_whoever_ends_it_the_request_is_back_with_its_old_waiting_time_and_the_other_is_told(session, now, state, side):
    scene = Scene(session, state)
    scene.request.waiting_since = now - timedelta(days=40)
    request = part(scene, side, now, look_on=True)
    assert (request.state, request.live, request.waiting_since) == (RequestState.OPEN, 0, now - timedelta(days=40))
    told = {mail.person_id for mail in session.exec(select(Mail).where(Mail.template == "ended"))}
    people = {Side.GUIDE: scene.guide.person_id, Side.NEWCOMER: scene.request.person_id}
    assert told == {person for who, person in people.items() if who is not side}
    assert (scene.pairing.end_reason, scene.pairing.ended_by) == ("did_not_fit", side)


@pytest.mark.parametrize("side", [Side.NEWCOMER, Side.OFFICE])
def test_who_wishes_for_nobody_else_closes_the_request_with_the_ending(session, now, side):
    request = part(Scene(session, State.ACTIVE), side, now, look_on=False)
    assert (request.state, request.close_reason) == (RequestState.CLOSED, "own_wish")


def test_a_guide_cannot_close_somebody_elses_request(session, now):
    scene = Scene(session, State.ACTIVE)
    with pytest.raises(NotFound):
        part(scene, Side.GUIDE, now, look_on=False)


@pytest.mark.parametrize(("side", "asks"), [(Side.GUIDE, True), (Side.OFFICE, True), (Side.NEWCOMER, False)])
def test_a_newcomer_is_asked_once_how_it_goes_on_after_others_ended_it(session, now, side, asks):
    scene = Scene(session, State.ACTIVE)
    assert not requests.asks_whether_to_look_on(session, scene.request)
    request = part(scene, side, now, look_on=True)
    assert requests.asks_whether_to_look_on(session, request) is asks
    own = scene.actors[Side.NEWCOMER]
    for _click in range(2):
        requests.look_on(session, request.id, own, now + timedelta(hours=1))
    assert not requests.asks_whether_to_look_on(session, request)
    assert len(session.exec(select(Event).where(Event.what == "look_on")).all()) == asks
    with pytest.raises(NotFound):
        requests.look_on(session, request.id, scene.actors[Side.GUIDE], now)
    requests.close(session, request.id, own, now, reason="own_wish")
    with pytest.raises(Conflict):
        requests.look_on(session, request.id, own, now)


def test_an_ending_after_a_report_takes_two_and_the_second_says_how_it_goes_on(session, now):
    scene = Scene(session, State.SUSPENDED)
    first = part(scene, Side.OFFICE, now, look_on=False)
    assert (scene.pairing.state, first.state) == (State.SUSPENDED, RequestState.OPEN)
    scene.actors[Side.OFFICE] = make.coordinator(session, scene.office)
    assert part(scene, Side.OFFICE, now, look_on=False).state is RequestState.CLOSED


def family(session):
    """A large family with its two guides."""
    office = make.municipality(session)
    asked = make.request(session, office, household=Household.LARGE_FAMILY, places=2)
    guides = [make.guide(session, office) for _number in range(2)]
    return asked, [make.pairing(session, asked, guide, State.ACTIVE) for guide in guides]


def test_a_large_family_keeps_its_other_guide_and_may_look_for_no_second_one(session, now):
    asked, (first, second) = family(session)
    own = make.acting(Side.NEWCOMER, asked.person_id)
    requests.part(session, first.id, Action.END, own, now, look_on=False)
    session.flush()
    session.refresh(asked)
    assert (asked.state, asked.places, asked.live) == (RequestState.PLACED, 1, 1)
    assert session.get_one(type(second), second.id).state is State.ACTIVE
    requests.part(session, second.id, Action.END, own, now, look_on=False)
    session.flush()
    session.refresh(asked)
    assert asked.state is RequestState.CLOSED


def test_a_large_family_that_looks_on_has_a_place_again(session, now):
    asked, (first, _second) = family(session)
    requests.part(session, first.id, Action.END, make.acting(Side.NEWCOMER, asked.person_id), now, look_on=True)
    session.flush()
    session.refresh(asked)
    assert (asked.places, asked.live) == (2, 1)


@pytest.mark.parametrize("side", [Side.GUIDE, Side.OFFICE])
def test_a_single_appointment_is_complete_when_they_have_met(session, now, side):
    scene = Scene(session, State.APPROVED)
    scene.request.kind = RequestKind.ONE_OFF
    session.flush()
    assert scene.act(Action.MEET, side, now) is State.COMPLETED
    session.flush()
    session.refresh(scene.request)
    assert (scene.request.state, scene.request.close_reason) == (RequestState.CLOSED, "goal_reached")
    assert (scene.guide.taken, scene.guide.completed, scene.pairing.trial_until) == (0, 1, None)
    assert {mail.template for mail in session.exec(select(Mail))} == {"completed"}
    event = session.exec(select(Event)).one()
    assert (event.what, event.from_state, event.to_state) == ("meet", State.APPROVED, State.COMPLETED)


def test_no_newcomer_says_that_they_have_met_for_a_single_appointment_either(session, now):
    scene = Scene(session, State.APPROVED)
    scene.request.kind = RequestKind.ONE_OFF
    session.flush()
    with pytest.raises(NotAllowed):
        pairings.act(session, scene.pairing.id, Action.MEET, scene.actors[Side.NEWCOMER], now)


@pytest.mark.parametrize("kind", RequestKind)
def test_guides_are_proposed_for_what_they_take_only(session, now, kind):
    office = make.municipality(session)
    guides = {takes: make.guide(session, office, takes=takes) for takes in Takes}
    asked = make.request(session, office, kind=kind, wanted_from=date(2026, 3, 12), wanted_until=date(2026, 3, 20))
    found = suggestion.candidates(session, asked, now)
    fits = {takes for takes in Takes if kind in takes.kinds}
    assert {each.guide.id for each in found.top} == {guides[takes].id for takes in fits}
    left_out = {each.guide.id: each.codes for each in found.left_out}
    assert left_out == {guides[takes].id: ("other_kind",) for takes in set(Takes) - fits}
    for takes, guide in guides.items():
        assert suggestion.check(session, asked, guide, now).feasible is (kind in takes.kinds)
    assert suggestion.run(session, now) == 1
    suggested = session.exec(select(Pairing.guide_id)).one()
    assert suggested in {guides[takes].id for takes in fits}
