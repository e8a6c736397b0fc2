"""A run in pieces gives what a run in one piece gives."""

import joblib
import numpy as np
import pytest

from matching import Guides, Matcher, Newcomers
from matching.made_up import Rows, made_up
from matching.prices import optimum
from matching.split import best_choice, regions
from tests.matching.people import guide, newcomer


def separate(districts: int) -> tuple[Rows, Rows]:
    """People of districts whose guides serve no neighbours."""
    ones, others = made_up(400, 150, districts=districts, seed=9)
    return ones, [row | {"neighbours": []} for row in others]


@pytest.mark.parametrize("backend", ["threading", "loky"])
def test_the_number_of_jobs_changes_nothing_to_the_last_digit(backend: str) -> None:
    people = separate(4)
    expected = Matcher().suggest(*people)
    with joblib.parallel_config(backend=backend):
        found = Matcher(n_jobs=2).suggest(*people)
    assert found.pairs == expected.pairs
    assert found.reasons == expected.reasons


def test_regions_lose_nothing_against_solving_all_at_once() -> None:
    suggestion = Matcher().suggest(*separate(5))
    region = regions(suggestion.newcomers, suggestion.guides)
    assert len(set(region.tolist())) == 5
    objective = suggestion.objective
    in_pieces = best_choice(objective, region)
    assert objective.gains[in_pieces].sum() == objective.gains[optimum(objective).chosen].sum()
    assert (in_pieces == suggestion.chosen).all()


def test_a_guide_who_serves_two_municipalities_joins_their_regions() -> None:
    ones = Newcomers.read([newcomer(id=f"n{place}", municipality=place) for place in "abcd"])
    others = Guides.read(
        [guide(municipality="x", neighbours=["a", "b"]), guide(id="g2", municipality="c", neighbours=[])]
    )
    found = regions(ones, others).tolist()
    assert found[0] == found[1]
    assert len({found[0], found[2], found[3]}) == 3
    assert regions(Newcomers.read([]), others).tolist() == []
    assert not best_choice(Matcher().suggest([], []).objective, np.zeros(0, dtype=np.int32)).any()
