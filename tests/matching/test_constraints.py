"""The hard rules, each alone and all against a second, plain statement of them."""

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings

from matching import VIOLATIONS, Guides, Matcher, Newcomers, constraints
from matching.constraints import feasible_pairs, violations
from matching.reasons import members
from matching.vocabulary import KINDS, LEVELS
from tests.matching import people
from tests.matching.people import Row, guide, newcomer

BROKEN: list[tuple[str, Row, Row]] = [
    ("guide_not_cleared", {}, {"cleared": False}),
    ("no_conduct_check", {"children": True}, {"children_cleared": False}),
    ("no_free_place", {}, {"free_places": 0}),
    ("no_free_place", {}, {"capacity": 0, "free_places": 1}),
    ("guide_gender", {"guide_gender": "m"}, {}),
    ("guide_gender", {"guide_gender": "f"}, {"gender": ""}),
    ("newcomer_gender", {"gender": "m"}, {"newcomer_gender": "f"}),
    ("newcomer_gender", {"gender": ""}, {"newcomer_gender": "f"}),
    ("no_shared_language", {"languages": {"ar": "A2", "de": "B1"}}, {"languages": {"ar": "C2"}}),
    ("no_shared_language", {"languages": {}}, {}),
    ("too_far", {"latitude": 52.75}, {}),
    ("other_municipality", {"municipality": "03151"}, {}),
    ("no_shared_topic", {"topics": ["leisure"]}, {}),
    ("no_shared_slot", {"slots": ["sat-evening"]}, {}),
    ("other_kind", {"kinds": ["lasting"]}, {"kinds": ["one_off"]}),
]


@pytest.mark.parametrize(("code", "of_newcomer", "of_guide"), BROKEN)
def test_a_broken_rule_excludes_and_is_named(code: str, of_newcomer: Row, of_guide: Row) -> None:
    pair = newcomer(**of_newcomer), guide(**of_guide)
    explanation = Matcher().explain(*pair)
    assert explanation.violated == (code,)
    assert not explanation.feasible
    assert explanation.needs_interpreter == (code == "no_shared_language")
    assert Matcher().suggest([pair[0]], [pair[1]]).pairs == []


@pytest.mark.parametrize(
    ("of_newcomer", "of_guide"),
    [
        ({}, {}),
        ({"languages": {"de": "B1"}}, {"languages": {"de": "B1"}}),
        ({"languages": {"ger": "B1"}}, {"languages": {"deu": "B1"}}),
        ({"municipality": "03241"}, {}),
        ({"children": True}, {}),
        ({"gender": "", "guide_gender": "f"}, {}),
        ({"latitude": 52.65, "longitude": 10.1}, {"radius_km": 0}),
        ({}, {"children_cleared": False}),
        ({"kinds": ["one_off"]}, {}),
        ({"kinds": ["one_off"]}, {"kinds": []}),
        ({"kinds": ["one_off"]}, {"kinds": ["lasting", "one_off"]}),
    ],
)
def test_a_pair_at_the_edge_of_the_rules_is_feasible(of_newcomer: Row, of_guide: Row) -> None:
    assert len(Matcher().suggest([newcomer(**of_newcomer)], [guide(**of_guide)]).pairs) == 1


def test_a_pair_that_lacks_only_the_language_is_listed_for_an_interpreter() -> None:
    rows = [newcomer(languages={"ti": "C2"}), newcomer(id="n2"), newcomer(id="n3", languages={}, topics=["leisure"])]
    listed = Matcher().with_interpreter(rows, [guide()])
    assert [(pair.newcomer_id, pair.guide_id, pair.rank) for pair in listed] == [("n1", "g1", 1)]
    assert Matcher().with_interpreter(rows, [guide()], excluded=[("n1", "g1")]) == []


def haversine_km(one: Row, other: Row) -> float:
    """The textbook formula, unlike the one under test."""
    first, second = math.radians(one["latitude"]), math.radians(other["latitude"])
    across = math.radians(other["longitude"] - one["longitude"])
    term = math.sin((second - first) / 2) ** 2 + math.cos(first) * math.cos(second) * math.sin(across / 2) ** 2
    return 2 * 6371.0088 * math.asin(math.sqrt(term))


def fits(one: Row, other: Row) -> bool:
    """The hard rules as a person would check them."""
    enough = LEVELS[2:]
    return (
        other["cleared"]
        and (other["children_cleared"] or not one["children"])
        and min(other["free_places"], other["capacity"]) > 0
        and one["guide_gender"] in ("", other["gender"])
        and other["newcomer_gender"] in ("", one["gender"])
        and any(level in enough and other["languages"].get(code) in enough for code, level in one["languages"].items())
        and haversine_km(one, other) <= other["radius_km"]
        and one["municipality"] in [other["municipality"], *other["neighbours"]]
        and bool(set(one["topics"]) & set(other["topics"]))
        and bool(set(one["slots"]) & set(other["slots"]))
        and bool(set(one["kinds"] or KINDS) & set(other["kinds"] or KINDS))
    )


@given(people.newcomers, people.guides)
@settings(deadline=None, max_examples=150)
def test_feasible_pairs_are_those_that_a_person_would_find(ones: list[Row], others: list[Row]) -> None:
    newcomers, guides = Newcomers.read(ones), Guides.read(others)
    pairs = feasible_pairs(newcomers, guides)
    found = set(zip(pairs.newcomers().tolist(), pairs.guides.tolist(), strict=True))
    expected = {(i, j) for i, one in enumerate(ones) for j, other in enumerate(others) if fits(one, other)}
    assert found == expected
    for row in range(len(newcomers)):
        unbroken = np.flatnonzero(violations(newcomers, row, guides) == 0)
        assert {(row, guide) for guide in unbroken.tolist()} == {pair for pair in expected if pair[0] == row}


@pytest.mark.parametrize("block", [1, 8])
@given(ones=people.newcomers, others=people.guides)
@settings(deadline=None, max_examples=50)
def test_pairs_do_not_depend_on_how_many_are_compared_at_a_time(block: int, ones: list[Row], others: list[Row]) -> None:
    newcomers, guides = Newcomers.read(ones), Guides.read(others)
    at_once = feasible_pairs(newcomers, guides)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(constraints, "BLOCK", block)
        patch.setattr(constraints, "_WAYS", block)
        little_by_little = feasible_pairs(newcomers, guides)
    for one, other in zip(vars(at_once).values(), vars(little_by_little).values(), strict=True):
        np.testing.assert_array_equal(one, other)
    apart = [
        haversine_km(ones[one], others[other])
        for one, other in zip(at_once.newcomers().tolist(), at_once.guides.tolist(), strict=True)
    ]
    np.testing.assert_allclose(at_once.distance_km, apart, rtol=1e-5, atol=1e-3)


@given(people.newcomers, people.guides)
@settings(deadline=None, max_examples=50)
def test_pairs_for_an_interpreter_lack_nothing_but_the_language(ones: list[Row], others: list[Row]) -> None:
    newcomers, guides = Newcomers.read(ones), Guides.read(others)
    pairs = feasible_pairs(newcomers, guides, interpreter=True)
    found = set(zip(pairs.newcomers().tolist(), pairs.guides.tolist(), strict=True))
    for row in range(len(newcomers)):
        for column, mask in enumerate(violations(newcomers, row, guides).tolist()):
            assert ((row, column) in found) == (members(mask, VIOLATIONS) == ["no_shared_language"])


def test_more_than_64_languages_are_told_apart() -> None:
    codes = ["aa", "ab", "af", "ak", "am", "an", "ar", "as", "av", "ay", "az", "ba", "be", "bg", "bi", "bm", "bn"]
    codes += ["bo", "br", "bs", "ca", "ce", "ch", "co", "cr", "cs", "cv", "cy", "da", "de", "dv", "dz", "ee", "el"]
    codes += ["en", "eo", "es", "et", "eu", "fa", "ff", "fi", "fj", "fo", "fr", "fy", "ga", "gd", "gl", "gn", "gu"]
    codes += ["gv", "ha", "he", "hi", "ho", "hr", "ht", "hu", "hy", "hz", "ia", "id", "ie", "ig", "ii", "ik", "io"]
    ones = [newcomer(id=f"n{code}", languages={code: "C2"}) for code in codes]
    others = [guide(id=f"g{code}", languages={code: "C2"}) for code in codes]
    pairs: list[Any] = Matcher().suggest(ones, others).pairs
    assert [(pair.newcomer_id[1:], pair.guide_id[1:]) for pair in pairs] == [(code, code) for code in sorted(codes)]
