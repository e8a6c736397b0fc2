"""The office's own figures between two days: exact, of this office alone."""

from datetime import date, datetime, timedelta

from lotsen.models import Meeting
from lotsen.rules.pairing import Action, Side, State
from lotsen.rules.vocabulary import MeetingKind, Mood, Role
from lotsen.services import events
from lotsen.services import pairing as pairings
from lotsen.services.actor import actor_of
from lotsen.services.proof_of_use import Given, prove
from tests import factories as make

MARCH = datetime.fromisoformat("2026-03-02T09:00:00+00:00")
DAY = timedelta(days=1)
FIRST, LAST = date(2026, 3, 1), date(2026, 3, 31)


def test_figures_are_those_of_the_period_and_the_office(session):
    office, other = make.municipality(session), make.municipality(session, "03403", "Oldenburg")
    for place, when in ((office, MARCH), (office, MARCH - 20 * DAY), (other, MARCH)):
        staff = actor_of(make.account(session, Role.COORDINATOR, place, email=f"{next(make.NUMBERS)}@a.example"))
        pairing = make.pairing(
            session, make.request(session, place, created_at=when), make.guide(session, place, created_at=when),
            State.AGREED, created_at=when, state_since=when,
        )  # fmt: skip
        pairings.act(session, pairing.id, Action.APPROVE, staff, when + DAY)
        pairings.act(session, pairing.id, Action.MEET, staff, when + 2 * DAY)
        for number, (side, day) in enumerate((
            (Side.GUIDE, FIRST), (Side.GUIDE, LAST), (Side.GUIDE, LAST + DAY), (Side.NEWCOMER, FIRST)
        )):  # fmt: skip
            meeting = Meeting(
                pairing_id=pairing.id, guide_id=pairing.guide_id, municipality_id=place.id,
                token=f"{pairing.id}-{number}", logged_by=side, held_on=day, kind=MeetingKind.DOCTOR, mood=Mood.GOOD,
                minutes=90, metres=1500, expenses_cents=250, logged_at=MARCH,
            )  # fmt: skip
            session.add(meeting)
        if place is office and when < MARCH:
            pairings.act(session, pairing.id, Action.END, staff, MARCH, reason="moved")
    session.flush()
    found = prove(session, office.id, FIRST, LAST)
    assert (found.received, found.placed, found.registered) == (1, 1, 1)
    assert (found.pairs, found.accompanied, found.guides) == (2, 2, 2)
    assert (found.ended, found.completed) == (1, 0)
    assert found.given == {MeetingKind.DOCTOR: Given(4, 360)}
    assert (found.meetings, found.minutes, found.metres, found.expenses_cents) == (4, 360, 6000, 1000)
    april = prove(session, office.id, LAST + DAY, LAST + 30 * DAY)
    assert (april.pairs, april.ended, april.meetings) == (1, 0, 2)


def test_guides_cleared_and_trained_count_on_their_day(session):
    office = make.municipality(session)
    staff = actor_of(make.account(session, Role.COORDINATOR, office, email="a@a.example"))
    guide = make.guide(session, office, cleared_on=LAST)
    make.guide(session, office, cleared_on=LAST + DAY)
    for days in (0, 1):
        events.record(session, "guide_trained", guide, staff, MARCH + days * DAY)
    session.flush()
    found = prove(session, office.id, FIRST, LAST)
    assert (found.cleared, found.trained) == (1, 1)
