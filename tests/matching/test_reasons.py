"""Why nobody: the smallest change that would help, without naming anyone."""

import pytest

from matching import Matcher
from matching.reasons import Reason
from tests.matching.people import Row, guide, newcomer


def nobody(one: Row, others: list[Row], excluded: list[tuple[str, str]] | None = None) -> list[tuple[str, str]]:
    reasons: list[Reason] = Matcher().suggest([one], others, excluded=excluded or ()).reasons
    assert all(reason.guide_id == "" and reason.contribution is None for reason in reasons)
    return [(reason.code, reason.value) for reason in reasons]


def test_two_guides_speak_the_language_but_live_too_far_away() -> None:
    speak = {"languages": {"ti": "C2"}}
    others = [guide(id="g1", latitude=52.35, radius_km=25, **speak), guide(id="g2", latitude=52.2, **speak)]
    told = nobody(newcomer(**speak), others)
    assert told == [("but_for_too_far", "guides=2;nearest_km=31;beyond_km=6")]


def test_three_guides_are_free_on_saturdays() -> None:
    others = [guide(id=f"g{number}", slots=["sat-morning", "sun-evening"][: number + 1]) for number in range(3)]
    told = nobody(newcomer(slots=["mon-evening"]), others)
    assert told == [("but_for_no_shared_slot", "guides=3;slots=sat-morning|sun-evening")]


@pytest.mark.parametrize(
    ("of_newcomer", "of_guide", "told"),
    [
        ({"topics": ["money"]}, {}, ("but_for_no_shared_topic", "guides=1;topics=work|language")),
        ({"municipality": "03151"}, {}, ("but_for_other_municipality", "guides=1;municipalities=03351")),
        ({"guide_gender": "m"}, {}, ("but_for_guide_gender", "guides=1")),
        ({}, {"newcomer_gender": "m"}, ("but_for_newcomer_gender", "guides=1")),
        ({"children": True}, {"children_cleared": False}, ("but_for_no_conduct_check", "guides=1")),
        ({}, {"cleared": False}, ("but_for_guide_not_cleared", "guides=1")),
        ({"languages": {"ti": "C2"}}, {}, ("but_for_no_shared_language", "guides=1")),
        ({}, {"free_places": 0}, ("but_for_no_free_place", "guides=1")),
    ],
)
def test_each_single_change_has_its_code(of_newcomer: Row, of_guide: Row, told: tuple[str, str]) -> None:
    assert nobody(newcomer(**of_newcomer), [guide(**of_guide)]) == [told]


def test_a_pair_that_declined_before_is_counted_not_named() -> None:
    assert nobody(newcomer(), [guide()], [("n1", "g1")]) == [("but_for_excluded", "guides=1")]


def test_where_no_single_change_helps_the_smallest_set_of_rules_is_named() -> None:
    others = [guide(id=f"g{number}", cleared=False, slots=[]) for number in range(2)]
    others += [guide(id="g9", cleared=False, slots=[], topics=[])]
    told = nobody(newcomer(), others)
    assert told == [("no_single_change", "guides=2;rules=guide_not_cleared|no_shared_slot")]


def test_who_was_passed_over_learns_how_many_guides_would_fit() -> None:
    reasons = Matcher().suggest([newcomer(), newcomer(id="n2", waiting_days=0)], [guide()]).reasons
    assert reasons[-1] == Reason("n2", "", "nobody", "guides=1", None, "others_chosen")
