"""Three faces for the referring office: once a person, nothing said by whom, shown by fives."""

import pytest
from sqlmodel import select

from lotsen.models import Event, Referral, Request, ServiceRating
from lotsen.rules.errors import NotFound
from lotsen.rules.vocabulary import Mood
from lotsen.services import ratings
from lotsen.services.persons import ConsentGiven, give_consent
from tests import factories as make

CONSENT = ConsentGiven("referral", "1", "the text", "ar")


def referred(session, office, referrer):
    """Somebody whom `referrer` sent; return their number."""
    request = make.request(session, office)
    proof = give_consent(session, make.newcomer_of(session, request.id), CONSENT, make.SPRING)
    session.add(Referral(referrer_id=referrer.id, request_id=request.id, consent_id=proof.id, referred_at=make.SPRING))
    session.flush()
    return request.person_id


def test_answers_are_shown_by_fives_and_each_person_answers_once(session):
    office = make.municipality(session)
    referrer = make.referrer(session, office)
    people = [referred(session, office, referrer) for _number in range(11)]
    assert ratings.asked(session, people[0]) == "Ausländerbehörde Celle"
    for number, person in enumerate(people[:4]):
        assert ratings.rate(session, person, Mood.GOOD if number else Mood.MIXED)
    assert not ratings.rate(session, people[0], Mood.DIFFICULT), "once"
    assert ratings.asked(session, people[0]) is None
    assert ratings.shown(session, referrer.id) is None
    assert ratings.by_municipality(session) == {(office.code, Mood.MIXED): 0, (office.code, Mood.GOOD): 0}
    assert ratings.rate(session, people[4], Mood.DIFFICULT)
    five = {Mood.GOOD: 3, Mood.MIXED: 1, Mood.DIFFICULT: 1}
    assert ratings.shown(session, referrer.id) == five
    for person in people[5:9]:
        ratings.rate(session, person, Mood.GOOD)
        assert ratings.shown(session, referrer.id) == five, "one more answer would tell whose it is"
    ratings.rate(session, people[9], Mood.GOOD)
    assert ratings.shown(session, referrer.id) == five | {Mood.GOOD: 8}


def test_nothing_says_who_said_what(session):
    office = make.municipality(session)
    person = referred(session, office, make.referrer(session, office))
    ratings.rate(session, person, Mood.DIFFICULT)
    assert session.exec(select(Event)).all() == []
    assert {column.name for column in ServiceRating.__table__.columns} == {"referrer_id", "face", "shown", "pending"}
    [referral] = session.exec(select(Referral)).all()
    assert "difficult" not in str(referral.model_dump())


def test_whoever_came_by_themselves_is_not_asked(session):
    request = make.request(session, make.municipality(session))
    assert ratings.asked(session, request.person_id) is None
    with pytest.raises(NotFound):
        ratings.rate(session, request.person_id, Mood.GOOD)
    assert session.get_one(Request, request.id).person_id == request.person_id
