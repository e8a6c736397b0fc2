"""The report by group, and the simpler ways of assigning that a run is compared with."""

import numpy as np
import pytest
from hypothesis import given, settings
from scipy.stats import binomtest, chi2_contingency

from matching import Matcher, Newcomers, fairness
from matching.baselines import BASELINES
from matching.fairness import proxies
from matching.made_up import made_up
from tests.matching import people
from tests.matching.people import Row, guide, newcomer


@pytest.mark.parametrize(("placed", "people"), [(0, 5), (3, 7), (40, 90), (12, 12)])
def test_intervals_are_wilsons(placed: int, people: int) -> None:
    expected = binomtest(placed, people).proportion_ci(method="wilson")
    assert fairness.wilson(placed, people) == pytest.approx((expected.low, expected.high))
    assert fairness.wilson(0, 0) == (0, 1)


@given(people.newcomers, people.guides)
@settings(deadline=None, max_examples=50)
def test_no_group_is_smaller_than_five_unless_everybody_is_in_it(ones: list[Row], others: list[Row]) -> None:
    suggestion = Matcher().suggest(ones, others)
    for groups in suggestion.fairness.values():
        assert sum(group["people"] for group in groups.values()) == len(ones)
        assert sum(group["placed"] for group in groups.values()) == suggestion.report["placed"]
        assert all(group["people"] >= fairness.SMALLEST for group in groups.values()) or len(groups) == 1
        assert all(group["low"] <= group["share"] + 1e-4 <= group["high"] + 2e-4 for group in groups.values())


def test_groups_show_language_need_place_gender_and_household() -> None:
    rows = [newcomer(id=f"a{number}", children=True) for number in range(6)]
    rows += [newcomer(id=f"b{number}", languages={"ti": "C2"}, gender="m") for number in range(5)]
    rows += [newcomer(id=f"c{number}", languages={"uk": "C2"}, municipality="03241") for number in range(2)]
    suggestion = Matcher().suggest(rows, [guide(free_places=2, capacity=2)])
    found = suggestion.fairness
    assert {name: sorted(groups) for name, groups in found.items()} == {
        "language": ["ar", "other"],
        "german": ["A2", "none"],
        "need": ["1 of 3", "2 of 3"],
        "place": ["other"],
        "gender": ["f", "m"],
        "household": ["children", "no children"],
    }
    assert (found["language"]["ar"]["placed"], found["language"]["other"]["placed"]) == (2, 0)
    assert found["language"]["other"]["score"] is None
    assert found["language"]["ar"]["rank"] == 0.5
    assert found["gender"]["m"]["share"] == 0


def test_simpler_ways_keep_to_the_places_and_never_reach_more() -> None:
    ones, others = made_up(400, 150, districts=2, seed=5)
    for row in ones:
        row["waiting_days"] = 3
    suggestion = Matcher().suggest(Newcomers.read(ones), others)
    problem = suggestion.problem
    for name, policy in BASELINES.items():
        chosen = policy(problem, suggestion.newcomers.waiting_days)
        assert (np.bincount(problem.guides[chosen], minlength=len(problem.capacity)) <= problem.capacity).all()
        assert (np.bincount(problem.newcomers[chosen], minlength=len(problem.places)) <= problem.places).all()
        told = suggestion.comparison[name]
        assert 0.5 < told["share"] <= 1.01
        for grouping, names in fairness.groups(suggestion.newcomers).items():
            served = sum(told["groups"][grouping][group] for group in names)
            assert served == pytest.approx(told["placed"], rel=1e-3), "the shares of the groups make up the whole"
    assert suggestion.comparison["greedy"]["share"] > suggestion.comparison["random"]["share"]


def test_first_come_serves_whoever_has_waited_longest() -> None:
    suggestion = Matcher().suggest(
        [newcomer(), newcomer(id="n2", waiting_days=11, topics=["work", "money"])], [guide()]
    )
    chosen = BASELINES["first_come"](suggestion.problem, suggestion.newcomers.waiting_days)
    assert suggestion.problem.newcomers[chosen].tolist() == [1]
    assert suggestion.comparison["this_run"]["placed"] == suggestion.comparison["first_come"]["placed"] == 1


def test_a_criterion_that_stands_in_for_gender_is_seen_to_bite_and_chance_is_not() -> None:
    people = Newcomers.read([newcomer(id=f"n{number:03}", gender="fm"[number % 2]) for number in range(200)])
    everybody, women = np.ones(200, dtype=bool), np.arange(200) % 2 == 0
    told = proxies(people, women, everybody)["gender"]
    assert (told["low"], told["high"], told["bites"]) == (0.0, 1.0, True)
    assert not proxies(people, np.arange(200) % 4 < 2, everybody)["gender"]["bites"]
    # Whom no guide fits is not passed over by the criteria.
    assert not proxies(people, women, women)["gender"]["bites"]
    assert proxies(people, ~everybody, ~everybody)["gender"] == {"low": 1.0, "high": 0.0, "chance": 1.0, "bites": False}


def test_the_share_of_chance_is_that_of_pearsons_test() -> None:
    people = Newcomers.read([newcomer(id=f"n{number:03}", gender="fm"[number < 90]) for number in range(200)])
    placed = np.arange(200) % 3 == 0
    placed[:40] = True
    table = [[(placed & who).sum(), (~placed & who).sum()] for who in (np.arange(200) < 90, np.arange(200) >= 90)]
    expected = chi2_contingency(table, correction=False).pvalue
    assert proxies(people, placed, np.ones(200, dtype=bool))["gender"]["chance"] == pytest.approx(expected, abs=1e-4)
