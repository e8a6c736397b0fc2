"""A guide's file: registering, confirming, breaks, and fewer places than before."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from lotsen import places
from lotsen.models import Account, Consent, Event, Guide, Mail, Request, Task
from lotsen.rules import eligibility
from lotsen.rules.answers import GuideAnswers
from lotsen.rules.errors import ConsentMissing, NotFound
from lotsen.rules.pairing import Side, State
from lotsen.rules.vocabulary import Role
from lotsen.services import guides, offers, offices
from lotsen.services.accounts import WeakPassword
from lotsen.services.persons import ConsentGiven
from tests import factories as make

CONSENT = ConsentGiven("volunteer", "1", "I agree.", "de")
PROMISE = ConsentGiven("confidentiality", "1", "I promise.", "de")


def answers(**changes):
    return GuideAnswers(
        **{
            "first_name": "Renate", "last_name": "Brandt", "postcode": "29221", "languages": {"de": "C2"},
            "topics": ["housing"], "slots": ["mon-evening"], "radius_km": 10, "capacity": 2, **changes,
        }
    )  # fmt: skip


def register(session, now, email="renate@example.org", **changes):
    return guides.register(session, answers(**changes), email, make.PASSWORD, CONSENT, now, confidentiality=PROMISE)


def templates(session):
    return [mail.template for mail in session.exec(select(Mail).order_by(Mail.id))]


def test_registering_stores_both_declarations_and_asks_to_confirm(session, now):
    office = make.municipality(session)
    guide = register(session, now)
    assert guide.municipality_id == office.id
    assert guide.confidentiality_on == now.date()
    assert {(each.kind, each.text) for each in session.exec(select(Consent))} == {
        ("volunteer", "I agree."), ("confidentiality", "I promise."),
    }  # fmt: skip
    assert templates(session) == ["confirm_address"]


def test_a_known_address_changes_nothing_but_tells_its_owner(session, now):
    office = make.municipality(session)
    make.account(session, Role.EVALUATOR, office, email="renate@example.org")
    assert register(session, now, email="Renate@Example.org") is None
    assert register(session, now) is None
    assert session.exec(select(Guide)).all() == []
    assert templates(session) == ["already_registered"]


def test_whoever_waits_for_confirmation_gets_the_link_again_at_most_once_an_hour(session, now):
    make.municipality(session)
    register(session, now)
    for minutes in (1, 2, 61):
        assert register(session, now + timedelta(minutes=minutes)) is None
    assert templates(session) == ["confirm_address"] * 3
    assert not guides.confirm_again(session, "nobody@example.org", now)


@pytest.mark.parametrize(
    ("changes", "password", "consent", "error"),
    [
        ({}, make.PASSWORD, None, ConsentMissing),
        ({}, "short", CONSENT, WeakPassword),
        ({"postcode": "00000"}, make.PASSWORD, CONSENT, offices.UnknownPlace),
    ],
)
def test_a_refused_registration_leaves_nothing_behind(database, now, changes, password, consent, error):
    with database.transaction() as session:
        make.municipality(session)
    with pytest.raises(error), database.transaction() as session:
        guides.register(session, answers(**changes), "a@example.org", password, consent, now)
    with database.reading() as session:
        assert session.exec(select(Account)).all() == session.exec(select(Guide)).all() == []


def test_a_chosen_office_settles_an_unknown_postal_code(session, now):
    office = make.municipality(session)
    assert register(session, now, postcode="00000", municipality_id=office.id).municipality_id == office.id


def test_confirming_happens_once_and_hands_over_to_the_office(session, now):
    make.municipality(session)
    guide = register(session, now)
    account = session.exec(select(Account)).one()
    assert guides.confirm_address(session, account.id, now)
    assert not guides.confirm_address(session, account.id, now)
    assert guide.address_confirmed
    assert [task.kind for task in session.exec(select(Task))] == ["new_guide"]


def test_a_link_counts_as_long_as_the_office_sets(session, now):
    make.municipality(session, settings_changes={"confirm_link_hours": 5})
    register(session, now)
    account = session.exec(select(Account)).one()
    assert guides.confirmable(session, account.id, now - timedelta(hours=5), now)
    assert not guides.confirmable(session, account.id, now - timedelta(hours=5, seconds=1), now)
    assert not guides.confirmable(session, 999, now, now)


@pytest.mark.parametrize(("until", "paused"), [(None, True), (date(2026, 3, 11), True), (date(2026, 3, 10), False)])
def test_a_break_is_over_when_its_last_day_is(until, paused):
    guide = Guide(
        person_id=1, municipality_id=1, radius_km=1, capacity=1, created_at=make.SPRING, paused=True,
        paused_until=until, interview_on=date(2026, 1, 1), cleared_on=date(2026, 1, 1),
    )  # fmt: skip
    today = date(2026, 3, 11)
    assert eligibility.paused(guide, today) is paused
    assert ("paused" in eligibility.violations(guide, children=False, today=today)) is paused


class Full:
    """A guide with one running pairing and three open offers, the oldest first."""

    def __init__(self, session, now):
        self.office = make.municipality(session)
        self.guide = make.guide(session, self.office, capacity=4)
        self.actor = make.acting(Side.GUIDE, self.guide.person_id)
        make.pairing(session, make.request(session, self.office), self.guide, State.ACTIVE)
        self.offers = [
            make.pairing(
                session, make.request(session, self.office), self.guide, State.OFFERED,
                state_since=now - timedelta(days=age),
            )
            for age in (5, 3, 1)
        ]  # fmt: skip


def test_fewer_places_withdraw_the_newest_offers_that_no_longer_fit(session, now):
    full = Full(session, now)
    guides.change(session, full.guide.id, answers(capacity=2), full.actor, now)
    assert [offer.state for offer in full.offers] == [State.OFFERED, State.WITHDRAWN, State.WITHDRAWN]
    assert (full.guide.capacity, full.guide.offered, full.guide.taken) == (2, 1, 1)
    assert [offer.end_reason for offer in full.offers] == [None, "capacity", "capacity"]
    assert templates(session) == ["withdrawn", "withdrawn"]
    withdrawn = [each for each in session.exec(select(Event)) if each.what == "withdraw"]
    assert {each.side for each in withdrawn} == {Side.SYSTEM}
    for offer in full.offers[1:]:
        assert session.get_one(Request, offer.request_id).live == 0


def test_places_that_still_suffice_withdraw_nothing(session, now):
    full = Full(session, now)
    guides.change(session, full.guide.id, answers(capacity=4), full.actor, now)
    assert [offer.state for offer in full.offers] == [State.OFFERED] * 3


def test_fewer_places_than_people_are_refused(database, now):
    with database.transaction() as session:
        office = make.municipality(session)
        guide = make.guide(session, office, capacity=2)
        for _each in range(2):
            make.pairing(session, make.request(session, office), guide, State.TRIAL)
    with pytest.raises(guides.CapacityInUse), database.transaction() as session:
        guides.change(session, guide.id, answers(capacity=1), make.acting(Side.GUIDE, guide.person_id), now)
    with database.reading() as session:
        assert session.get_one(Guide, guide.id).capacity == 2


def test_an_offer_has_no_room_for_who_it_is(session, now):
    office = make.municipality(session)
    guide = make.guide(session, office)
    far = {"latitude": 52.62 + 0.09, "first_name": "Planted", "town": "Celle"}
    asked = make.pairing(session, make.request(session, office, about=far), guide, State.OFFERED)
    (seen,) = offers.of_guide(session, guide, now).offers
    assert "Planted" not in repr(seen)
    assert (seen.town, seen.distance_km) == ("Celle", 10)
    assert (seen.shared_languages, seen.shared_topics, seen.shared_slots) == (["ar"], ["authorities"], ["mon-evening"])
    with pytest.raises(NotFound):
        offers.one(session, make.guide(session, office), asked.id)


def test_distance_is_the_great_circle():
    # Celle to Oldenburg: by the spherical law of cosines, another formula.
    assert places.distance_km(52.62, 10.08, 53.14, 8.21) == pytest.approx(138.161, abs=0.001)
    assert places.distance_km(0, 0, 0, 180) == pytest.approx(20015.1, abs=0.1)
