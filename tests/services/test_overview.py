"""One office's figures: what is counted and for whom, how long, and how pairings went month by month."""

from datetime import date, timedelta

import pytest

from lotsen.rules.pairing import Action, Side, State
from lotsen.rules.vocabulary import RequestState
from lotsen.services import pairing as pairings
from lotsen.services import pairing_history
from lotsen.services.actor import SYSTEM
from lotsen.services.balance import Balance
from lotsen.services.overview import overview
from tests import factories as make
from tests.queries import counted

NOW = make.SPRING
DAY = timedelta(days=1)


@pytest.fixture
def celle(session):
    return make.municipality(session)


def test_people_are_counted_by_place_language_and_topic(session, celle):
    other = make.municipality(session, "03403", "Oldenburg")
    for office in (celle, other):
        make.request(
            session, office, topics=["work", "health"], about={"languages": {"ar": "C2", "de": "A2", "fr": "B1"}}
        )
        make.guide(session, office, capacity=3, topics=["work"], about={"postcode": "29223"})
    make.request(session, celle, topics=["work"], about={"languages": {"uk": "C2"}})
    away = {"cleared_on": None}, {"interview_on": None}, {"paused": True}, {"paused": True, "paused_until": NOW.date()}
    for left_out in away:
        make.guide(session, celle, **left_out)
    make.guide(session, celle, paused=True, paused_until=NOW.date() - DAY, offered=2, topics=["work"])
    make.request(session, celle, about={"restricted_at": NOW})
    make.request(session, celle, about={"erased_at": NOW})
    make.request(session, celle, state=RequestState.CLOSED)
    figures = overview(session, celle.id, NOW)
    assert figures.places == [Balance("29221", 2, 1, 0), Balance("29223", 0, 1, 3)]
    assert figures.total == Balance("", 2, 2, 3)
    assert figures.topics == [Balance("work", 2, 2, 3), Balance("health", 1, 0, 0)]
    spoken = [Balance("fr", 1), Balance("uk", 1), Balance("ar", 1, 2, 3), Balance("de", 0, 2, 3)]
    assert figures.languages == spoken
    assert figures.territory == ("03351006",)


def test_waiting_times_fall_into_spans(session, celle):
    for days in (0, 13.9, 14, 40, 300):
        make.request(session, celle, waiting_since=NOW - days * DAY)
    for days, ago in ((3, 10), (20, 20), (100, 30), (5, 400)):
        placed = NOW - ago * DAY
        make.request(
            session, celle, state=RequestState.PLACED, placed_at=placed, waiting_since=placed - days * DAY
        )  # fmt: skip
    waiting = overview(session, celle.id, NOW).waiting
    assert waiting.still.counts == (2, 1, 1, 0, 0, 1)
    assert waiting.still.median == 14
    assert waiting.placed.counts == (1, 1, 0, 0, 1, 0)
    assert waiting.placed.median == 20
    assert overview(session, make.municipality(session, "03403", "Oldenburg").id, NOW).waiting.still.median is None


def test_months_are_counted_in_local_time_across_the_year():
    assert pairing_history.months(date(2026, 3, 31))[0] == date(2025, 4, 1)
    assert pairing_history.months(date(2026, 12, 1)) == [date(2026, month, 1) for month in range(1, 13)]


def test_pairings_are_followed_from_month_to_month(session, celle):
    asked, guide = make.request(session, celle), make.guide(session, celle)
    office = make.coordinator(session, celle)
    begun = NOW.replace(month=1, day=31, hour=22, minute=59)
    pairing = pairings.suggest(session, asked, guide, SYSTEM, begun, score=0.7, reasons=[], needs_interpreter=False)
    steps = (Action.RELEASE, Side.OFFICE), (Action.ACCEPT, Side.GUIDE)
    for number, (action, behalf) in enumerate(steps):
        pairings.act(session, pairing.id, action, office, begun + timedelta(minutes=number), behalf=behalf)
    pairings.act(session, pairing.id, Action.WITHDRAW, office, NOW, reason="other")
    january, february, march = overview(session, celle.id, NOW).months[-3:]
    assert (january.first, february.first, march.first) == (date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1))
    assert january.standing[State.OFFERED] == 1
    assert february.standing[State.OFFERED] == 0
    assert february.standing[State.ACCEPTED] == 1
    assert february.reached[State.ACCEPTED] == 1
    assert march.reached[State.WITHDRAWN] == march.standing[State.WITHDRAWN] == 1
    assert march.standing[State.ACCEPTED] == 0


def test_more_people_ask_no_more_queries(session, celle):
    def asked() -> int:
        with counted(session.get_bind()) as statements:
            overview(session, celle.id, NOW)
        return len(statements)

    make.pairing(session, make.request(session, celle), make.guide(session, celle), State.ACTIVE)
    before = asked()
    for _ in range(5):
        make.pairing(session, make.request(session, celle), make.guide(session, celle), State.OFFERED)
    assert asked() == before <= 13
