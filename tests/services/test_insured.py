"""The insured list: exact days, from clearance to its end, to a move or to leaving; and what the interview decides."""

from datetime import date, timedelta

import pytest
from sqlmodel import select

from lotsen.models import Consent, Cover, Guide, Person
from lotsen.rules import eligibility
from lotsen.rules.errors import NotFound
from lotsen.rules.pairing import Side
from lotsen.services import erasure, guides, insured
from lotsen.services.persons import ConsentGiven
from tests import factories as make

TODAY = date(2026, 3, 11)
YEAR = date(2026, 1, 1), date(2026, 12, 31)
PROMISE = ConsentGiven("confidentiality", "2026-1", "I promise.", "de")


@pytest.fixture
def office(session):
    return make.municipality(session)


def covers(session, office, since=YEAR[0], until=YEAR[1]):
    return [(line.begins_on, line.ends_on) for line in insured.listed(session, office.id, since, until)]


def new(session, office, **values):
    return make.guide(session, office, cleared_on=None, **values)


def test_cover_runs_from_clearance_until_it_is_taken_back_and_begins_anew(session, now, office):
    kim, guide = make.coordinator(session, office), new(session, office)
    guides.clear(session, guide.id, kim, now)
    guides.clear(session, guide.id, kim, now + timedelta(days=1))
    assert covers(session, office) == [(TODAY, None)]
    guides.revoke(session, guide.id, kim, now + timedelta(days=5), note="Umzug")
    guides.revoke(session, guide.id, kim, now + timedelta(days=6), note="Umzug")
    guides.clear(session, guide.id, kim, now + timedelta(days=9))
    assert covers(session, office) == [(TODAY, date(2026, 3, 16)), (date(2026, 3, 20), None)]
    assert covers(session, make.municipality(session, "03403000", "Oldenburg")) == []


@pytest.mark.parametrize(
    ("since", "until", "shown"),
    [
        (date(2026, 3, 1), date(2026, 3, 10), 0), (date(2026, 3, 1), date(2026, 3, 11), 1),
        (date(2026, 3, 16), date(2026, 3, 16), 1), (date(2026, 3, 17), date(2026, 4, 1), 0),
    ],
)  # fmt: skip
def test_the_first_and_the_last_day_count(session, now, office, since, until, shown):
    kim, guide = make.coordinator(session, office), new(session, office)
    guides.clear(session, guide.id, kim, now)
    guides.revoke(session, guide.id, kim, now + timedelta(days=5), note="Pause")
    assert len(covers(session, office, since, until)) == shown


def test_whoever_leaves_is_insured_until_that_day_and_has_no_name_any_more(session, now, office):
    kim, guide = make.coordinator(session, office), new(session, office)
    guides.clear(session, guide.id, kim, now)
    erasure.erase(session, guide.person_id, kim, now + timedelta(days=3))
    (line,) = insured.listed(session, office.id, *YEAR)
    assert (line.last_name or "", line.begins_on, line.ends_on) == ("", TODAY, date(2026, 3, 14))


@pytest.mark.parametrize(("said", "allowed"), [(True, True), (None, True), (False, False)])
def test_the_interview_decides_about_households_with_children(session, now, office, said, allowed):
    kim, guide = make.coordinator(session, office), make.guide(session, office, conduct_valid_until=date(2028, 1, 1))
    guides.interview(session, guide.id, kim, now, on=TODAY, note=None, children=said)
    assert (eligibility.violations(guide, children=True, today=TODAY) == []) is allowed
    assert eligibility.children_cleared(guide, TODAY) is allowed
    assert eligibility.violations(guide, children=False, today=TODAY) == []


def test_a_promise_on_paper_is_recorded_with_its_words_by_the_own_office_alone(session, now, office):
    kim, guide = make.coordinator(session, office), make.guide(session, office)
    guides.promise(session, guide.id, kim, now, on=TODAY, text=PROMISE)
    assert guide.confidentiality_on == TODAY
    assert ("confidentiality", "2026-1") in {(each.kind, each.version) for each in session.exec(select(Consent))}
    stranger = make.coordinator(session, make.municipality(session, "03403000", "Oldenburg"))
    for actor in (stranger, make.acting(Side.GUIDE, guide.person_id)):
        with pytest.raises(NotFound):
            guides.promise(session, guide.id, actor, now, on=TODAY, text=PROMISE)


def test_a_move_ends_the_cover_here_and_begins_it_there(session, now, office):
    guide, there = make.guide(session, office), make.municipality(session, "03403000", "Oldenburg")
    insured.begin(session, guide, date(2026, 1, 5))
    assert insured.end_of_people(session, {guide.person_id}, TODAY) == [guide.id]
    guide.municipality_id = session.get_one(Person, guide.person_id).municipality_id = there.id
    insured.begin(session, session.get_one(Guide, guide.id), TODAY)
    assert covers(session, office) == [(date(2026, 1, 5), TODAY)]
    assert covers(session, there) == [(TODAY, None)]
    assert len(session.exec(select(Cover)).all()) == 2
