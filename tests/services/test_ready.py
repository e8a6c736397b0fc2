"""The list kept ready gives what a fresh look gives, also after every kind of change."""

from datetime import timedelta

import pytest
from sqlmodel import Session

from lotsen.models import Municipality, Neighbour, Request
from lotsen.rules.pairing import Action, State
from lotsen.rules.vocabulary import RequestState, Takes
from lotsen.services import events, guides, moves, suggestion
from lotsen.services import pairing as pairings
from lotsen.services.actor import SYSTEM
from lotsen.services.persons import ConsentGiven
from lotsen.services.ready import Ready
from tests import factories as make
from tests.queries import counted


@pytest.fixture
def office(session):
    return make.municipality(session)


def agree(session: Session, ready: Ready, request, now):
    """Both ways name the same guides with the same scores."""
    fresh = [(each.guide.id, each.score) for each in suggestion.candidates(session, request, now).top]
    assert suggestion.at_once(session, ready, request, now) == fresh
    return [guide for guide, _ in fresh]


def test_it_stays_fresh_when_guides_come_pause_return_and_are_taken(session, now, office):
    ready, kim = Ready(), make.coordinator(session, office)
    ones = [make.guide(session, office, completed=number) for number in range(7)]
    request, other = make.request(session, office), make.request(session, office)
    assert agree(session, ready, request, now) == [guide.id for guide in ones[:1:-1]]
    guides.pause(session, ones[6].id, kim, now, until=None)
    session.flush()
    assert ones[6].id not in agree(session, ready, request, now)
    guides.resume(session, ones[6].id, kim, now)
    session.flush()
    assert agree(session, ready, request, now)[0] == ones[6].id
    pairing = make.pairing(session, other, ones[6], State.SUGGESTED)
    pairings.act(session, pairing.id, Action.RELEASE, SYSTEM, now)
    assert ones[6].id not in agree(session, ready, request, now)
    ones[5].takes = Takes.ONE_OFF
    events.record(session, "profile_changed", ones[5], kim, now)
    session.flush()
    assert ones[5].id not in agree(session, ready, request, now)
    office.settings_changes = {"weighing": {"experience": 2.0}}
    session.add(office)
    session.flush()
    agree(session, ready, request, now)


def test_a_guide_who_moves_away_is_proposed_there_and_no_longer_here(session, now, office):
    ready, kim = Ready(), make.coordinator(session, office)
    there = make.municipality(session, "03402000", "Emden")
    guide, request = make.guide(session, office), make.request(session, office)
    other = make.request(session, there)
    assert agree(session, ready, request, now) == [guide.id]
    assert agree(session, ready, other, now) == []
    consent = ConsentGiven("move", "1", "x", "de")
    move = moves.propose(
        session, guide.person_id, kim, now, to_id=there.id, postcode="29221", keeps_pairings=True, consent=consent
    )
    moves.accept(session, move.id, make.coordinator(session, there), now)
    session.flush()
    assert agree(session, ready, request, now) == []
    assert agree(session, ready, other, now) == [guide.id]


def test_nothing_is_read_of_the_guides_while_nothing_changes(session, now, office):
    ready = Ready()
    make.guide(session, office)
    request = make.request(session, office)
    suggestion.at_once(session, ready, request, now)
    with counted(session.get_bind()) as statements:
        suggestion.at_once(session, ready, request, now)
    assert not any("FROM guide" in statement for statement in statements)


def test_guides_across_a_border_are_proposed_once_both_offices_agreed(session, now, office):
    ready, there = Ready(), make.municipality(session, "03402000", "Emden")
    guide, request = make.guide(session, there), make.request(session, office)
    session.add(Neighbour(municipality_id=office.id, neighbour_id=there.id))
    session.flush()
    assert agree(session, ready, request, now) == []
    session.add(Neighbour(municipality_id=there.id, neighbour_id=office.id))
    session.flush()
    assert agree(session, ready, request, now) == [guide.id]


@pytest.mark.parametrize(("days", "asked_again"), [(365, True), (1000, False)])
def test_a_no_from_where_somebody_lived_before_fades_as_it_does_there(session, now, office, days, asked_again):
    there = make.municipality(session, "03402000", "Emden", settings_changes={"declined_pair_days": days})
    guide, before = make.guide(session, there), make.request(session, there)
    make.pairing(session, before, guide, State.DECLINED, state_since=now - timedelta(days=500))
    request = make.request(session, office)
    before.state, request.person_id, guide.municipality_id = RequestState.CLOSED, before.person_id, office.id
    session.flush()
    assert (agree(session, Ready(), request, now) == [guide.id]) is asked_again


def test_what_is_read_does_not_grow_with_the_number_of_offices(session, now, office):
    ready, request = Ready(), make.request(session, office)
    make.guide(session, office)
    agree(session, ready, request, now)
    for number in range(20):
        make.municipality(session, f"034{number:05}", f"Town {number}")
    session.expunge_all()
    request = session.get_one(Request, request.id)
    suggestion.at_once(session, ready, request, now)
    assert len([each for each in session.identity_map.values() if isinstance(each, Municipality)]) <= 1
