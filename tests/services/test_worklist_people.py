"""The office's lists of newcomers, guides and pairings: filters, order, counts, queries."""

from datetime import date, timedelta

import pytest

from lotsen.rules.errors import NotFound
from lotsen.rules.pairing import OPEN, State
from lotsen.rules.vocabulary import RequestState
from lotsen.services import casefile, caseload, people
from lotsen.services.narrowing import Wanted
from lotsen.services.people import GuideList
from tests import factories as make
from tests.queries import counted

TODAY = date(2026, 3, 11)


def names(page):
    return [line.first_name for line in page.items]


def test_who_waits_longest_comes_first_and_closed_requests_stand_apart(session, now):
    office = make.municipality(session)
    for name, days in (("Short", 2), ("Long", 90), ("Middle", 30)):
        make.request(session, office, about={"first_name": name}, waiting_since=now - timedelta(days=days))
    make.request(session, office, about={"first_name": "Gone"}, state=RequestState.CLOSED, closed_at=now)
    assert names(people.requests(session, office.id, RequestState.OPEN, Wanted())) == ["Long", "Middle", "Short"]
    assert names(people.requests(session, office.id, RequestState.CLOSED, Wanted())) == ["Gone"]
    assert people.request_counts(session, office.id) == {"open": 3, "placed": 0, "closed": 1}


@pytest.mark.parametrize(
    ("wanted", "found"),
    [
        (Wanted(language="uk"), ["Öksana"]),
        (Wanted(topic="work"), ["Öksana"]),
        (Wanted(town="köln"), ["Öksana"]),
        (Wanted(town="CELLE"), ["Amal"]),
        (Wanted(town="%"), []),
        (Wanted(language="uk", topic="health"), []),
    ],
)
def test_newcomers_are_found_by_language_topic_and_town(session, wanted, found):
    office = make.municipality(session)
    make.request(session, office, about={"first_name": "Amal"})
    make.request(
        session, office, topics=["work"], about={"first_name": "Öksana", "languages": {"uk": "C2"}, "town": "Köln"}
    )
    assert sorted(names(people.requests(session, office.id, RequestState.OPEN, wanted))) == found


@pytest.mark.parametrize(
    ("which", "found"),
    [
        (GuideList.ALL, {"ready", "new", "talked", "ending", "tired"}),
        (GuideList.TO_INTERVIEW, {"new"}),
        (GuideList.TO_CLEAR, {"talked"}),
        (GuideList.CONDUCT_CHECK, {"ending"}),
        (GuideList.ACTIVE, {"ready", "ending"}),
        (GuideList.PAUSED, {"tired"}),
    ],
)
def test_guides_are_listed_by_what_is_to_be_done(session, which, found):
    office = make.municipality(session)
    make.guide(session, office, about={"first_name": "ready"})
    make.guide(session, office, about={"first_name": "new"}, interview_on=None, cleared_on=None)
    make.guide(session, office, about={"first_name": "talked"}, cleared_on=None)
    make.guide(session, office, about={"first_name": "ending"}, conduct_valid_until=TODAY + timedelta(days=20))
    make.guide(session, office, about={"first_name": "tired"}, paused=True)
    assert set(names(people.guides(session, office.id, which, Wanted(), TODAY, 90))) == found
    assert people.guide_counts(session, office.id, TODAY, 90)[which] == len(found)


def test_lists_ask_the_same_number_of_queries_for_two_rows_and_for_forty(session):
    office = make.municipality(session)

    def read():
        with counted(session.get_bind()) as statements:
            people.requests(session, office.id, RequestState.OPEN, Wanted())
            people.guides(session, office.id, GuideList.ALL, Wanted(), TODAY, 90)
            caseload.pairings(session, office.id, set(OPEN))
        return len(statements)

    def add(count):
        for _number in range(count):
            make.pairing(session, make.request(session, office), make.guide(session, office))
        session.expire_all()

    add(2)
    few = read()
    add(38)
    assert read() == few


def test_pairings_are_listed_by_state_with_both_names(session):
    office = make.municipality(session)
    guide = make.guide(session, office, capacity=3, about={"first_name": "Jürgen"})
    make.pairing(session, make.request(session, office, about={"first_name": "Amal"}), guide, State.TRIAL)
    make.pairing(session, make.request(session, office), guide, State.ENDED)
    found = caseload.pairings(session, office.id, {State.TRIAL})
    assert [(line.newcomer.first_name, line.guide.first_name) for line in found.items] == [("Amal", "Jürgen")]
    assert caseload.counts(session, office.id)[State.ENDED] == 1


def test_a_file_of_another_office_does_not_exist(session):
    office, other = make.municipality(session), make.municipality(session, "03403000", "Oldenburg")
    request, guide = make.request(session, office), make.guide(session, office)
    pairing = make.pairing(session, request, guide)
    stranger = make.coordinator(session, other)
    for read, number in (
        (casefile.request_file, request.id),
        (casefile.guide_file, guide.id),
        (casefile.pairing_file, pairing.id),
        (casefile.task_file, 1),
    ):
        with pytest.raises(NotFound):
            read(session, number, stranger)


def test_a_guides_pairings_across_the_border_stay_with_the_other_office(session):
    office, other = make.municipality(session), make.municipality(session, "03403000", "Oldenburg")
    guide = make.guide(session, office, capacity=2)
    make.pairing(session, make.request(session, other), guide, State.ACTIVE)
    own = make.pairing(session, make.request(session, office), guide, State.ACTIVE)
    file = casefile.guide_file(session, guide.id, make.coordinator(session, office))
    assert [line.id for line in file.pairings] == [own.id]
