"""The Land's figures are those of the quarter, on its last day, and stay as they were published."""

from datetime import date, datetime, timedelta

from sqlmodel import col, select

from lotsen.models import Meeting, QuarterFigures, ServiceRating
from lotsen.rules.figures import By, Measure
from lotsen.rules.pairing import Action, Side, State
from lotsen.rules.quarters import Quarter
from lotsen.rules.vocabulary import Household, MeetingKind, Mood, RequestState, Role
from lotsen.services import erasure, evaluation, requests, tally
from lotsen.services import pairing as pairings
from lotsen.services.actor import SYSTEM, actor_of
from tests import factories as make

M = Measure
QUARTER = Quarter(2025, 4)
AUTUMN = datetime.fromisoformat("2025-11-03T09:00:00+00:00")
#: After the quarter, before its figures are frozen.
LATE = datetime.fromisoformat("2026-01-05T09:00:00+00:00")
FROZEN = datetime.fromisoformat("2026-01-15T09:00:00+00:00")
DAY = timedelta(days=1)


def asked(session, office, when=AUTUMN, **values):
    return make.request(session, office, created_at=when, waiting_since=when, **values)


def met(session, office, when, days=20, request=None):
    """Somebody who was given a guide after so many days, through the real steps."""
    staff = actor_of(make.account(session, Role.COORDINATOR, office, email=f"{next(make.NUMBERS)}@office.example"))
    pairing = make.pairing(
        session, request or asked(session, office, when - days * DAY), make.guide(session, office), State.AGREED,
        created_at=when - DAY, state_since=when - DAY,
    )  # fmt: skip
    pairings.act(session, pairing.id, Action.APPROVE, staff, when)
    pairings.act(session, pairing.id, Action.MEET, staff, when + DAY)
    return pairing, staff


def true(session, measure, by=By.LAND, group="", quarter=QUARTER):
    return tally.count(session, quarter).counts[measure, by, group]


def test_what_happened_after_the_quarter_does_not_count_in_it(session):
    office = make.municipality(session)
    pairing, staff = met(session, office, AUTUMN)
    asked(session, office, datetime.fromisoformat("2025-12-31T22:59:00+00:00"))
    asked(session, office, datetime.fromisoformat("2025-12-31T23:00:00+00:00"))
    found_later, _staff = met(session, office, LATE, 40)
    pairings.act(session, pairing.id, Action.END, staff, LATE, reason="moved")
    session.flush()
    figures = tally.count(session, QUARTER)
    land = {measure: figures.counts[measure, By.LAND, ""] for measure in M}
    assert (land[M.RECEIVED], land[M.PLACED], land[M.WAITING]) == (3, 1, 2)
    assert (land[M.TOGETHER], land[M.ENDED], land[M.ARRANGING]) == (1, 0, 0)
    assert figures.counts[M.TOGETHER, By.STATE, State.TRIAL] == 1
    assert figures.days[By.LAND, ""] == [20]
    after = tally.count(session, QUARTER.next)
    assert after.counts[M.PLACED, By.LAND, ""] == 1
    assert after.counts[M.ENDED, By.REASON, "moved"] == after.counts[M.ENDED, By.DURATION, "quarter"] == 1
    assert found_later.request_id != pairing.request_id


def test_requests_count_by_place_language_topics_and_household(session):
    office = make.municipality(session)
    asked(session, office, topics=["work", "health"], household=Household.CHILDREN, about={"languages": {"uk": "C2"}})
    asked(session, office, about={"languages": {"de": "A2"}})
    figures = tally.count(session, QUARTER).counts
    for by, group in ((By.LANGUAGE, "uk"), (By.LANGUAGE, "other"), (By.TOPIC, "health"), (By.HOUSEHOLD, "children")):
        assert figures[M.RECEIVED, by, group] == 1
    assert figures[M.RECEIVED, By.MUNICIPALITY, office.code] == 2


def test_who_waits_counts_with_what_stands_in_the_way(session):
    office = make.municipality(session)
    asked(session, office, nobody=[{"code": "but_for_too_far", "value": "guides=2"}])
    asked(session, office, nobody=[{"code": "no_single_change", "value": ""}])
    proposed = asked(session, office, nobody=[{"code": "but_for_too_far", "value": "guides=2"}])
    make.pairing(session, proposed, make.guide(session, office), State.OFFERED, created_at=AUTUMN, state_since=AUTUMN)
    asked(session, office, state=RequestState.CLOSED, closed_at=AUTUMN + DAY, close_reason="moved")
    figures = tally.count(session, QUARTER).counts
    assert [figures[M.WAITING, By.REASON, why] for why in ("distance", "several", "in_hand")] == [1, 1, 1]
    assert figures[M.UNPLACED, By.REASON, "moved"] == 1
    assert figures[M.ARRANGING, By.STATE, "offered"] == 1


def test_a_trial_that_failed_puts_the_person_back_among_those_who_wait(session):
    office = make.municipality(session)
    pairing, staff = met(session, office, AUTUMN)
    pairings.act(session, pairing.id, Action.END, staff, AUTUMN + 9 * DAY)
    assert true(session, M.WAITING) == 1
    assert true(session, M.PLACED) == 1
    assert true(session, M.ENDED, By.REASON, "not_said") == 1
    requests.close(session, pairing.request_id, staff, AUTUMN + 10 * DAY, reason="moved")
    assert (true(session, M.WAITING), true(session, M.UNPLACED)) == (0, 0)


def test_hours_are_the_guides_own_entries_of_the_quarter(session):
    office = make.municipality(session)
    pairing, _staff = met(session, office, AUTUMN)
    for number, (side, day, minutes) in enumerate((
        (Side.GUIDE, date(2025, 10, 1), 90), (Side.GUIDE, date(2025, 12, 31), 120), (Side.GUIDE, date(2026, 1, 1), 600),
        (Side.NEWCOMER, date(2025, 11, 1), 600),
    )):  # fmt: skip
        meeting = Meeting(
            pairing_id=pairing.id, guide_id=pairing.guide_id, municipality_id=office.id, token=f"m{number}",
            logged_by=side, held_on=day, kind=MeetingKind.TALK, mood=Mood.GOOD, minutes=minutes, logged_at=LATE,
        )  # fmt: skip
        session.add(meeting)
    session.flush()
    figures = tally.count(session, QUARTER)
    assert (figures.counts[M.HOURS, By.LAND, ""], figures.size(M.HOURS, By.LAND, "")) == (4, 1)


def test_a_quarter_is_frozen_once_and_nothing_later_changes_it(session):
    office = make.municipality(session)
    people = [asked(session, office) for _number in range(7)]
    assert evaluation.freeze(session, LATE) == []
    assert evaluation.freeze(session, FROZEN) == [QUARTER]
    before = evaluation.report(session, QUARTER)
    assert before.value(M.RECEIVED) == before.value(M.RECEIVED, By.MUNICIPALITY, office.code) == 7
    erasure.erase(session, people[0].person_id, SYSTEM, FROZEN)
    asked(session, office, AUTUMN + DAY)
    assert evaluation.freeze(session, FROZEN + DAY) == []
    assert evaluation.report(session, QUARTER).figures == before.figures
    assert evaluation.quarters(session) == [QUARTER]


def test_missed_quarters_are_caught_up_on_and_compared_but_the_running_one_is_not_shown(session):
    office = make.municipality(session)
    for months in (0, 100):
        for _number in range(6 + months // 50):
            asked(session, office, AUTUMN + months * DAY)
    summer = datetime.fromisoformat("2026-07-20T09:00:00+00:00")
    assert evaluation.freeze(session, summer) == [QUARTER, QUARTER.next, QUARTER.next.next]
    report = evaluation.report(session, QUARTER.next)
    assert (report.value(M.RECEIVED), report.last(M.RECEIVED)) == (8, 6)
    assert evaluation.report(session, Quarter.of(summer.date())) is None


def test_what_is_stored_tells_of_nobody_and_hides_what_is_small(session):
    office, other = make.municipality(session), make.municipality(session, "03403", "Oldenburg")
    for number in range(14):
        asked(session, office if number < 12 else other, about={"first_name": "Nobodysname"})
    evaluation.freeze(session, FROZEN)
    row = session.exec(select(QuarterFigures).order_by(col(QuarterFigures.quarter))).one()
    stored = {(measure, by, group): value for measure, by, group, value, *_within in row.figures}
    assert stored["received", "land", ""] == 14
    assert stored["received", "municipality", "03403"] is None
    assert stored["received", "municipality", office.code] is None, "else the other could be subtracted"
    assert "Nobodysname" not in str(row.figures)


def test_details_of_each_group_are_frozen_and_quarters_stored_before_there_were_any_are_read(session):
    office = make.municipality(session)
    for number in range(12):
        why = "moved" if number < 6 else "own_wish"
        asked(session, office, state=RequestState.CLOSED, closed_at=AUTUMN + DAY, close_reason=why)
    evaluation.freeze(session, FROZEN)
    key = M.UNPLACED, By.REASON, "moved"
    within = By.MUNICIPALITY, office.code
    report = evaluation.report(session, QUARTER)
    assert report.value(*key) == report.value(*key, within) == 6
    row = session.get_one(QuarterFigures, str(QUARTER))
    row.figures = [figure[:4] for figure in row.figures if figure[4] == By.LAND]
    old = evaluation.report(session, QUARTER)
    assert (old.value(*key), old.value(*key, within)) == (6, None)


def test_ratings_are_frozen_as_they_stand_and_only_with_the_quarter_that_is_just_over(session):
    office = make.municipality(session)
    asked(session, office)
    rating = ServiceRating(referrer_id=make.referrer(session, office).id, face=Mood.GOOD, shown=12, pending=4)
    session.add(rating)
    spring = datetime.fromisoformat("2026-04-20T09:00:00+00:00")
    assert evaluation.freeze(session, spring) == [QUARTER, QUARTER.next]
    rating.shown = 30
    rates = [evaluation.report(session, each).value(M.RATED_GOOD) for each in (QUARTER, QUARTER.next)]
    assert rates == [None, 10]


def test_an_empty_installation_freezes_nothing(session):
    assert evaluation.freeze(session, FROZEN) == []
    make.municipality(session)
    assert evaluation.freeze(session, FROZEN) == []
