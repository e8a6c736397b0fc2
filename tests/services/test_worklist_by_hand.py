"""Pairing by hand: a reason is kept, the hard rules hold."""

import pytest

from lotsen.rules.errors import Conflict, NotEligible, NotFound, ReasonMissing
from lotsen.rules.pairing import State
from lotsen.rules.vocabulary import Household
from lotsen.services import by_hand
from tests import factories as make


@pytest.fixture
def scene(session):
    office = make.municipality(session)
    return office, make.request(session, office), make.guide(session, office), make.coordinator(session, office)


@pytest.mark.parametrize(("release", "state"), [(True, State.OFFERED), (False, State.SUGGESTED)])
def test_the_office_chooses_a_guide_and_asks_at_once_or_later(session, now, scene, release, state):
    _office, request, guide, kim = scene
    pairing = by_hand.choose(session, request.id, guide.id, kim, now, because="They know each other.", release=release)
    assert (pairing.state, pairing.chosen_by_id, pairing.chosen_because) == (
        state, kim.account_id, "They know each other.",
    )  # fmt: skip
    assert pairing.reasons
    assert 0 < pairing.score < 1


def test_no_reason_no_pairing(session, now, scene):
    _office, request, guide, kim = scene
    with pytest.raises(ReasonMissing):
        by_hand.choose(session, request.id, guide.id, kim, now, because="", release=True)


def test_a_hard_rule_is_named_and_holds(session, now, scene):
    office, _request, _guide, kim = scene
    family = make.request(session, office, household=Household.CHILDREN)
    unchecked = make.guide(session, office, conduct_valid_until=None)
    with pytest.raises(NotEligible) as refusal:
        by_hand.choose(session, family.id, unchecked.id, kim, now, because="Nice people.", release=True)
    assert "no_conduct_check" in refusal.value.details["rules"]


def test_a_missing_language_makes_it_a_pairing_with_interpreter(session, now, scene):
    office, request, _guide, kim = scene
    guide = make.guide(session, office, about={"languages": {"en": "C2"}})
    pairing = by_hand.choose(session, request.id, guide.id, kim, now, because="With her sister.", release=True)
    assert pairing.needs_interpreter


def test_an_open_pairing_of_the_two_is_enough(session, now, scene):
    _office, request, guide, kim = scene
    make.pairing(session, request, guide)
    with pytest.raises(Conflict):
        by_hand.choose(session, request.id, guide.id, kim, now, because="Again.", release=True)


def test_another_offices_request_does_not_exist(session, now, scene):
    _office, request, guide, _kim = scene
    stranger = make.coordinator(session, make.municipality(session, "03403000", "Oldenburg"))
    with pytest.raises(NotFound):
        by_hand.choose(session, request.id, guide.id, stranger, now, because="Mine.", release=True)
