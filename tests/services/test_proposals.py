"""What settings change, what stands, and what happens between planning and writing."""

import pytest
from pydantic import ValidationError
from sqlmodel import select

from lotsen.models import Pairing
from lotsen.rules.pairing import State
from lotsen.rules.settings import Settings, Weighing
from lotsen.services import batch, planning, proposals, suggestion
from tests import factories as make


@pytest.fixture
def office(session):
    return make.municipality(session)


def set_weighing(session, office, **values):
    office.settings_changes = {"weighing": values}
    session.add(office)
    session.flush()


@pytest.mark.parametrize(
    ("values", "fine"),
    [
        ({}, True),
        ({"language": 0.5, "distance": 2}, True),
        ({"extra_radius_km": 20, "constancy": 10, "waiting_first": 0.5}, True),
        ({"language": 0.4}, False),
        ({"distance": 2.1}, False),
        ({"extra_radius_km": 21}, False),
        ({"extra_radius_km": -1}, False),
        ({"constancy": 11}, False),
        ({"waiting_first": float("nan")}, False),
        ({"religion": 1}, False),
    ],
)
def test_weights_and_limits_stay_within_their_bounds(values, fine):
    if fine:
        assert Settings.model_validate({"weighing": values}).weighing == Weighing(**values)
    else:
        with pytest.raises(ValidationError):
            Settings.model_validate({"weighing": values})


def test_the_extra_radius_is_tried_and_never_takes_a_guide_beyond_the_own_way(session, now, office):
    make.guide(session, office, radius_km=1)
    request = make.request(session, office, about={"latitude": 52.64})
    assert suggestion.run(session, now) == 0
    assert request.nobody[0]["code"] == "but_for_too_far"
    tried = {office.id: Weighing(extra_radius_km=5)}
    assert len(planning.plan(session, proposals.waiting(session), now, reconsider=True, weighings=tried).chosen) == 1
    assert suggestion.run(session, now) == 0
    set_weighing(session, office, extra_radius_km=5)
    assert suggestion.run(session, now) == 0


def test_a_weight_changes_who_comes_first_and_only_in_its_own_municipality(session, now, office):
    near = make.guide(session, office, topics=["authorities"], slots=["mon-evening"])
    able = make.guide(
        session, office, about={"latitude": 52.70}, slots=["mon-evening", "tue-evening", "wed-evening", "thu-evening"]
    )
    other = make.municipality(session, "03403", "Oldenburg")
    slots = ["mon-evening", "tue-evening", "wed-evening", "thu-evening"]
    request = make.request(session, office, slots=slots)
    elsewhere = make.request(session, other, slots=slots)
    twin = make.guide(session, other, topics=["authorities"], slots=["mon-evening"])
    make.guide(session, other, about={"latitude": 52.70}, slots=slots)
    set_weighing(session, office, distance=2, times=0.5)
    set_weighing(session, other, distance=0.5, times=2)
    assert suggestion.candidates(session, request, now).top[0].guide.id == near.id
    suggestion.run(session, now)
    chosen = {pairing.request_id: pairing.guide_id for pairing in session.exec(select(Pairing))}
    assert chosen[request.id] == near.id != able.id
    assert chosen[elsewhere.id] != twin.id


def test_a_better_guide_takes_the_place_of_a_standing_suggestion_but_not_over_nothing(session, now, office):
    make.guide(session, office)
    make.request(session, office)
    assert suggestion.run(session, now) == 1
    make.guide(session, office, about={"latitude": 52.6199})
    assert suggestion.run(session, now) == 0
    better = make.guide(session, office, completed=10, capacity=3)
    assert suggestion.run(session, now) == 1
    standing = session.exec(select(Pairing).where(Pairing.state == State.SUGGESTED)).one()
    assert standing.guide_id == better.id
    dropped = session.exec(select(Pairing).where(Pairing.state == State.DISMISSED)).one()
    assert dropped.end_reason == "better_match"


def test_what_the_office_chose_by_hand_is_never_reconsidered(session, now, office):
    kim, guide, request = make.coordinator(session, office), make.guide(session, office), make.request(session, office)
    make.pairing(session, request, guide, chosen_by_id=kim.account_id)
    make.guide(session, office, completed=10, capacity=3)
    assert suggestion.run(session, now) == 0
    assert session.exec(select(Pairing)).one().state is State.SUGGESTED


def test_who_changed_between_planning_and_writing_is_left_for_the_next_minute(database, now):
    with database.transaction() as session:
        office = make.municipality(session)
        guide, request = make.guide(session, office), make.request(session, office)
    with database.reading() as reading:
        plan = planning.plan(reading, proposals.waiting(reading), now, reconsider=True)
    with database.transaction() as session:
        changed = session.merge(guide)
        changed.radius_km = 2.0
    with database.transaction() as session:
        assert proposals.carry_out(session, plan, now, read_by=reading).new.total() == 0
        assert session.merge(request).matched_on is None
        assert suggestion.propose_due(session, now) == 1


def test_what_another_job_suggested_between_planning_and_writing_is_not_suggested_twice(database, now):
    with database.transaction() as session:
        office = make.municipality(session)
        make.guide(session, office)
        make.guide(session, office, completed=10)
        make.request(session, office)
    with database.reading() as reading:
        plan = planning.plan(reading, proposals.waiting(reading), now, reconsider=True)
    with database.transaction() as session:
        assert suggestion.propose_due(session, now) == 1
    with database.transaction() as session:
        assert proposals.carry_out(session, plan, now, read_by=reading).new.total() == 0
        assert batch.failures(session) == []
    with database.reading() as session:
        assert session.exec(select(Pairing)).one().state is State.SUGGESTED
