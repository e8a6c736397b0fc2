"""The matcher's bridge: who is proposed to whom, who is not, and why nobody."""

from datetime import timedelta

import pytest
from sqlmodel import select

from lotsen.models import Neighbour, Pairing, Task
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import Action, Side, State
from lotsen.rules.vocabulary import LANGUAGES, SLOTS, TOPICS, Household, RequestKind, Takes
from lotsen.services import handovers, proposals, suggestion, tasks
from lotsen.services import pairing as pairings
from lotsen.services.actor import SYSTEM
from matching import Newcomers
from tests import factories as make

ENGLISH = {"en": "C2"}


@pytest.fixture
def office(session):
    return make.municipality(session)


def suggested(session):
    return session.exec(select(Pairing).where(Pairing.state == State.SUGGESTED)).all()


def test_every_code_that_people_choose_from_is_one_of_the_matchers():
    row = {
        "id": "1",
        "latitude": 52.6,
        "longitude": 10.1,
        "municipality": "03351006",
        "gender": "d",
        "guide_gender": "",
    }
    languages = dict.fromkeys(LANGUAGES, "B1")
    Newcomers.read(
        [{**row, "languages": languages, "topics": TOPICS, "slots": SLOTS, "children": 0, "waiting_days": 0}]
    )


def test_a_run_suggests_a_fitting_guide_once_and_says_why(session, now, office):
    guide, request = make.guide(session, office), make.request(session, office)
    assert suggestion.run(session, now) == 1
    [pairing] = suggested(session)
    assert (pairing.guide_id, pairing.request_id, pairing.chosen_by_id) == (guide.id, request.id, None)
    assert 0 < pairing.score < 1
    assert {reason["criterion"] for reason in pairing.reasons} >= {"base", "language", "distance"}
    assert all(set(reason) == {"criterion", "code", "value", "contribution"} for reason in pairing.reasons)
    assert suggestion.run(session, now) == 0
    assert len(suggested(session)) == 1


def test_one_free_place_is_suggested_to_one_person_only_and_the_other_hears_why(session, now, office):
    make.guide(session, office)
    first, second = make.request(session, office), make.request(session, office)
    assert suggestion.run(session, now) == 1
    assert sorted([first.nobody, second.nobody], key=len)[1][0]["code"] == "others_chosen"
    assert suggestion.run(session, now) == 0


def test_a_large_family_may_get_two_guides(session, now, office):
    make.guide(session, office), make.guide(session, office)
    make.request(session, office, household=Household.LARGE_FAMILY, places=2)
    assert suggestion.run(session, now) == 2


def test_a_place_that_is_offered_or_taken_is_not_free(session, now, office):
    guide = make.guide(session, office)
    make.pairing(session, make.request(session, office), guide, State.OFFERED)
    waiting = make.request(session, office)
    assert suggestion.run(session, now) == 0
    assert [why["code"] for why in waiting.nobody] == ["but_for_no_free_place"]
    assert waiting.matched_on is not None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"interview_on": None}, "guide_not_cleared"),
        ({"cleared_on": None}, "guide_not_cleared"),
        ({"conduct_valid_until": None}, "no_conduct_check"),
        ({"paused": True}, "paused"),
        ({"newcomer_gender": "f"}, "newcomer_gender"),
        ({"topics": ["leisure"]}, "no_shared_topic"),
        ({"slots": ["sun-morning"]}, "no_shared_slot"),
        ({"about": {"latitude": 53.5}}, "too_far"),
        ({"about": {"languages": ENGLISH}}, "no_shared_language"),
    ],
)
def test_whoever_breaks_a_hard_rule_is_never_proposed_by_itself_and_the_office_sees_why(
    session, now, office, changes, code
):
    guide = make.guide(session, office, **changes)
    request = make.request(session, office, household=Household.CHILDREN)
    suggestion.run(session, now)
    verdict = suggestion.check(session, request, guide, now)
    assert verdict.violations == (code,)
    assert not verdict.feasible
    assert [pairing.needs_interpreter for pairing in suggested(session)] == [True] * (code == "no_shared_language")
    if code != "no_shared_language":
        assert [left.codes for left in suggestion.candidates(session, request, now).left_out] == [(code,)]
        assert request.nobody


def test_a_break_whose_last_day_is_over_no_longer_counts(session, now, office):
    make.guide(session, office, paused=True, paused_until=now.date() - timedelta(days=1))
    make.request(session, office)
    assert suggestion.run(session, now) == 1


def test_a_neighbours_guide_is_proposed_only_where_both_offices_agreed(session, now, office):
    other = make.municipality(session, "03241001", "Hannover")
    make.guide(session, other, radius_km=50)
    request = make.request(session, office)
    session.add(Neighbour(municipality_id=office.id, neighbour_id=other.id))
    session.flush()
    assert suggestion.run(session, now) == 0
    assert [why["code"] for why in request.nobody] == ["but_for_other_municipality"]
    session.add(Neighbour(municipality_id=other.id, neighbour_id=office.id))
    session.flush()
    assert suggestion.run(session, now) == 1


def test_a_run_for_one_municipality_leaves_the_others_alone(session, now, office):
    other = make.municipality(session, "03241001", "Hannover")
    for place in (office, other):
        make.guide(session, place)
        make.request(session, place)
    assert suggestion.run(session, now, other.id) == 1
    assert suggested(session)[0].municipality_id == other.id


def test_somebody_without_a_shared_language_gets_a_guide_only_by_the_offices_release(session, now):
    office = make.municipality(session, settings_changes={"release": "automatic"})
    make.guide(session, office, about={"languages": ENGLISH})
    make.request(session, office)
    assert suggestion.run(session, now) == 1
    [pairing] = suggested(session)
    assert pairing.needs_interpreter
    assert suggestion.run(session, now) == 0


def test_where_the_municipality_wants_it_the_guide_is_asked_at_once(session, now):
    office = make.municipality(session, settings_changes={"release": "automatic"})
    guide, request = make.guide(session, office), make.request(session, office)
    assert suggestion.run(session, now) == 1
    assert session.exec(select(Pairing)).one().state is State.OFFERED
    session.refresh(guide)
    session.refresh(request)
    assert (guide.offered, request.live) == (1, 1)


@pytest.mark.parametrize(
    ("state", "values", "code"),
    [
        (State.DECLINED, {"ended_by": Side.GUIDE}, "declined_before"),
        (State.EXPIRED, {"ended_by": Side.SYSTEM}, "expired_before"),
        (State.DISMISSED, {"ended_by": Side.OFFICE}, "dismissed_before"),
        (State.WITHDRAWN, {"ended_by": Side.NEWCOMER}, "declined_before"),
        (State.REJECTED, {"ended_by": Side.OFFICE}, "failed_before"),
        (State.ENDED, {"ended_by": Side.NEWCOMER}, "failed_before"),
    ],
)
def test_a_pair_that_failed_is_not_proposed_again_also_for_a_new_request(session, now, office, state, values, code):
    guide, request = make.guide(session, office), make.request(session, office)
    make.pairing(session, request, guide, state, **({"state_since": now - timedelta(days=300)} | values))
    again = make.request(session, office)
    again.person_id = request.person_id
    session.flush()
    assert suggestion.run(session, now) == 0
    assert [left.codes for left in suggestion.candidates(session, again, now).left_out] == [(code,)]
    by_hand = suggestion.check(session, again, guide, now)
    assert by_hand.feasible == (code in {"expired_before", "dismissed_before"})
    fades = code not in {"failed_before"}
    assert suggestion.candidates(session, again, now + timedelta(days=66)).left_out == [] or not fades


def test_what_the_system_took_back_or_the_office_withdrew_may_be_proposed_again(session, now, office):
    guide, request = make.guide(session, office), make.request(session, office)
    make.pairing(session, request, guide, State.DISMISSED, ended_by=Side.SYSTEM)
    make.pairing(session, request, guide, State.WITHDRAWN, ended_by=Side.OFFICE)
    assert suggestion.run(session, now) == 1


def test_a_pair_that_was_once_suspended_is_never_proposed_again(session, now, office):
    guide, request = make.guide(session, office), make.request(session, office)
    pairing = make.pairing(session, request, guide, State.ACTIVE)
    staff, colleague = make.coordinator(session, office), make.coordinator(session, office)
    pairings.act(session, pairing.id, Action.SUSPEND, staff, now)
    for who in (staff, colleague):
        pairings.act(session, pairing.id, Action.LIFT, who, now)
    pairings.act(session, pairing.id, Action.COMPLETE, staff, now)
    again = make.request(session, office)
    again.person_id = request.person_id
    session.flush()
    later = now + timedelta(days=5000)
    assert suggestion.run(session, later) == 0
    verdict = suggestion.check(session, again, guide, now)
    assert verdict.violations == ("suspended_before",)


@pytest.mark.parametrize(
    ("report", "days", "proposed"),
    [(True, 364, 0), (True, 5000, 0), (False, 364, 0), (False, 365, 1), (False, 5000, 1)],
)
def test_after_a_report_never_again_and_after_a_no_not_within_a_year(session, now, office, report, days, proposed):
    guide, request = make.guide(session, office), make.request(session, office)
    pairing = make.pairing(session, request, guide, State.TRIAL if report else State.OFFERED)
    own = make.acting(Side.GUIDE, guide.person_id)
    pairings.act(session, pairing.id, Action.SUSPEND if report else Action.DECLINE, own, now, reason="no_time")
    for _two in range(2 if report else 0):
        pairings.act(session, pairing.id, Action.END, make.coordinator(session, office), now, reason="safety")
    assert suggestion.run(session, now + timedelta(days=days)) == proposed
    make.guide(session, office)
    assert suggestion.run(session, now + timedelta(days=days)) == 1 - proposed


def test_suggestions_that_fit_no_longer_are_dismissed_and_replaced(session, now, office):
    guide, request = make.guide(session, office), make.request(session, office)
    suggestion.run(session, now)
    guide.topics = ["leisure"]
    better = make.guide(session, office)
    assert suggestion.run(session, now) == 1
    [pairing] = suggested(session)
    assert pairing.guide_id == better.id
    assert request.matched_on is not None


def test_what_the_office_chose_by_hand_stays(session, now, office):
    guide, request = make.guide(session, office, topics=["leisure"]), make.request(session, office)
    staff = make.coordinator(session, office)
    pairings.suggest(session, request, guide, staff, now, score=None, reasons=[], because="sports")
    suggestion.run(session, now)
    assert len(suggested(session)) == 1


def test_candidates_are_the_best_five_then_those_with_an_interpreter(session, now, office):
    near = [make.guide(session, office) for _ in range(3)]
    far = make.guide(session, office, about={"latitude": 52.70})
    others = [make.guide(session, office, about={"languages": ENGLISH}) for _ in range(3)]
    request = make.request(session, office)
    suggestion.run(session, now)
    found = suggestion.candidates(session, request, now)
    assert {candidate.guide.id for candidate in found.top[:3]} == {guide.id for guide in near}
    assert found.top[3].guide is far
    assert [candidate.needs_interpreter for candidate in found.top] == [False] * 4 + [True]
    assert [candidate.pairing_id is not None for candidate in found.top].count(True) == 1
    assert found.top[4].guide in others
    assert [left.codes for left in found.left_out] == [("no_shared_language",)] * 2
    assert all(candidate.reasons for candidate in found.top)


def test_after_a_no_the_next_candidate_is_due_at_once_and_the_last_no_goes_to_the_office(session, now, office):
    guides = [make.guide(session, office), make.guide(session, office)]
    request = make.request(session, office)
    for left in (1, 0):
        assert suggestion.propose_due(session, now) == 1
        assert proposals.due(session) == []
        [pairing] = suggested(session)
        pairings.act(session, pairing.id, Action.RELEASE, SYSTEM, now)
        person = next(guide.person_id for guide in guides if guide.id == pairing.guide_id)
        pairings.act(session, pairing.id, Action.DECLINE, make.acting(Side.GUIDE, person), now, reason="no_time")
        assert session.exec(select(Task)).all() == [], left
    assert suggestion.propose_due(session, now) == 0
    task = session.exec(select(Task)).one()
    assert (task.kind, task.request_id) == (Matter.NOBODY_LEFT, request.id)
    assert task.why == request.nobody == [{"code": "but_for_excluded", "value": "guides=2"}]
    assert proposals.due(session) == []


def test_a_new_request_without_anybody_is_no_task_yet(session, now, office):
    make.request(session, office)
    assert suggestion.propose_due(session, now) == 0
    assert session.exec(select(Task)).all() == []


def test_nobody_is_proposed_while_the_office_asks_why_the_newcomer_is_silent(session, now, office):
    make.guide(session, office)
    request = make.request(session, office)
    task = tasks.hand_over(session, Matter.NEWCOMER_SILENT, request, now)
    assert proposals.due(session) == []
    assert suggestion.run(session, now) == 0
    handovers.close(session, task.id, make.coordinator(session, office), now, outcome="answered")
    session.flush()
    assert suggestion.run(session, now) == 1


@pytest.mark.parametrize(
    ("kind", "takes"), [(RequestKind.ONE_OFF, Takes.LASTING), (RequestKind.LASTING, Takes.ONE_OFF)]
)
def test_a_guide_of_the_other_kind_is_told_from_one_who_said_no(session, now, office, kind, takes):
    request = make.request(session, office, kind=kind)
    make.guide(session, office, takes=takes)
    assert suggestion.run(session, now) == 0
    assert request.nobody == [{"code": "but_for_other_kind", "value": "guides=1"}]
    refused = make.guide(session, office, takes=Takes(kind))
    make.pairing(session, request, refused, State.DECLINED, state_since=now, ended_by=Side.GUIDE)
    assert suggestion.run(session, now) == 0
    assert request.nobody == [
        {"code": "but_for_other_kind", "value": "guides=1"},
        {"code": "but_for_excluded", "value": "guides=1"},
    ]
