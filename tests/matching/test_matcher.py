"""Proposals: the best assignment first, alternatives after it, reasons that add up."""

import math
import random
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from sklearn.base import clone

from matching import CODES, VIOLATIONS, Guides, Matcher, Newcomers
from matching.matcher import STAGES
from tests.matching import people
from tests.matching.people import Row, guide, newcomer


@given(people.newcomers, people.guides)
@settings(deadline=None, max_examples=80)
def test_the_order_of_the_input_makes_no_difference(ones: list[Row], others: list[Row]) -> None:
    first = Matcher().suggest(ones, others)
    second = Matcher().suggest(random.Random(1).sample(ones, len(ones)), random.Random(2).sample(others, len(others)))
    assert first.pairs == second.pairs
    assert first.reasons == second.reasons


@given(people.newcomers, people.guides)
@settings(deadline=None, max_examples=80)
def test_nobody_gets_two_first_ranks_and_no_guide_too_many(ones: list[Row], others: list[Row]) -> None:
    pairs = Matcher().suggest(ones, others).pairs
    chosen = [pair for pair in pairs if pair.rank == 1]
    assert max(Counter(pair.newcomer_id for pair in chosen).values(), default=0) <= 1
    free = {row["id"]: min(row["free_places"], row["capacity"]) for row in others}
    assert all(count <= free[guide_id] for guide_id, count in Counter(pair.guide_id for pair in chosen).items())
    assert len({pair[:2] for pair in pairs}) == len(pairs)
    assert all(0 < pair.score < 1 and pair.rank <= 5 for pair in pairs)


@given(people.newcomers, people.guides)
@settings(deadline=None, max_examples=60)
def test_an_excluded_pair_is_never_proposed(ones: list[Row], others: list[Row]) -> None:
    excluded = {pair[:2] for pair in Matcher().suggest(ones, others, top=99).pairs[::2]}
    suggestion = Matcher().suggest(ones, others, top=99, excluded=[*excluded, ("nobody", "unknown")])
    assert not excluded & {pair[:2] for pair in suggestion.pairs}


@given(people.newcomers, people.guides)
@settings(deadline=None, max_examples=60)
def test_contributions_add_up_to_the_score_and_everybody_gets_a_reason(ones: list[Row], others: list[Row]) -> None:
    suggestion = Matcher().suggest(ones, others)
    assert {reason.newcomer_id for reason in suggestion.reasons} == {row["id"] for row in ones}
    assert all(reason.code in CODES for reason in suggestion.reasons)
    for pair in (pair for pair in suggestion.pairs if pair.rank == 1):
        of_pair = [reason for reason in suggestion.reasons if reason[:2] == pair[:2]]
        log_odds = sum(reason.contribution or 0 for reason in of_pair)
        assert 1 / (1 + math.exp(-log_odds)) == pytest.approx(pair.score, abs=1e-5)
        assert len({reason.criterion for reason in of_pair}) == len(of_pair) == 9


def test_explaining_a_pair_gives_the_score_that_it_was_suggested_with() -> None:
    ones = [newcomer(), newcomer(id="n2", languages={"de": "B1"}, children=True)]
    others = [guide(), guide(id="g2", completed=0, radius_km=7)]
    suggestion = Matcher().suggest(ones, others)
    for pair in suggestion.pairs:
        one = next(row for row in ones if row["id"] == pair.newcomer_id)
        other = next(row for row in others if row["id"] == pair.guide_id)
        explanation = Matcher().explain(one, other)
        assert explanation.feasible
        assert explanation.score == pair.score
        assert explanation.reasons == [
            r for r in suggestion.reasons_of(pair.newcomer_id) if r.guide_id == pair.guide_id
        ]


def test_rows_arrays_files_and_data_frames_give_the_same(tmp_path: Path) -> None:
    ones = [newcomer(), newcomer(id="n2", gender="", waiting_days=0.5)]
    others = [guide(), guide(id="g2", neighbours=[])]
    expected = Matcher().suggest(ones, others).pairs
    files = people.write(tmp_path / "newcomers.csv", ones), people.write(tmp_path / "guides.csv", others)
    frames = [pd.read_csv(file, dtype={"municipality": str, "neighbours": str}) for file in files]
    for sources in ((Newcomers.read(ones), Guides.read(others)), files, frames):
        assert Matcher().suggest(*sources).pairs == expected
    assert len(expected) == 4


def test_a_household_with_two_places_gets_two_different_guides() -> None:
    pairs = Matcher().suggest([newcomer(places=2)], [guide(id=f"g{number}") for number in range(3)]).pairs
    assert [pair.rank for pair in pairs] == [1, 1, 2]
    assert len({pair.guide_id for pair in pairs}) == 3


def test_alternatives_fall_in_score_and_end_at_the_rank_asked_for() -> None:
    others = [guide(id=f"g{number}", completed=number) for number in range(6)]
    pairs = Matcher().suggest([newcomer()], others, top=3).pairs
    assert [(pair.guide_id, pair.rank) for pair in pairs] == [("g5", 1), ("g4", 2), ("g3", 3)]
    left = Matcher().suggest([newcomer(), newcomer(id="n2", waiting_days=0)], [guide()], top=3).pairs
    assert [(pair.newcomer_id, pair.rank) for pair in left] == [("n1", 1), ("n2", 2)]
    with pytest.raises(ValueError, match="top"):
        Matcher().suggest([], [], top=0)


def test_nobody_at_all_is_an_empty_suggestion() -> None:
    assert Matcher().suggest([], []).pairs == []
    assert Matcher().suggest([], [guide()]).reasons == []
    assert [reason.code for reason in Matcher().suggest([newcomer()], []).reasons] == ["no_guides"]


def test_a_matcher_is_a_scikit_learn_estimator_whose_weights_count() -> None:
    near, skilled = guide(topics=["leisure", "work"]), guide(id="g2", latitude=52.57, topics=["housing", "work"])
    matcher = Matcher(weights={"distance": 0})
    assert clone(matcher).get_params() == {"n_jobs": None, "weights": {"distance": 0}}
    assert clone(matcher).suggest([newcomer()], [near, skilled]).pairs[0].guide_id == "g2"
    assert Matcher(weights={"topics": 0}).suggest([newcomer()], [near, skilled]).pairs[0].guide_id == "g1"


@pytest.mark.parametrize("weights", [{"origin": 1.0}, {"distance": -1.0}, {"distance": math.nan}])
def test_a_weight_without_meaning_is_refused(weights: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=r"criterion|weight"):
        Matcher(weights=weights).suggest([], [])


def test_left_out_names_the_rules_that_each_guide_breaks() -> None:
    others = [guide(), guide(id="g2", cleared=False, radius_km=1), guide(id="g3")]
    left = Matcher().left_out(newcomer(), others, excluded=[("n1", "g3"), ("n1", "gone"), ("n2", "g1")])
    assert left == {"g1": (), "g2": ("guide_not_cleared", "too_far"), "g3": ("excluded",)}
    assert set(VIOLATIONS) <= set(CODES)


def test_the_report_counts_what_was_suggested() -> None:
    report = Matcher().suggest([newcomer(), newcomer(id="n2"), newcomer(id="n3", slots=[])], [guide()]).report
    assert (report["newcomers"], report["feasible_pairs"], report["placed"]) == (3, 2, 1)
    assert report["newcomers_with_a_feasible_guide"] == 2


def test_a_run_tells_its_stages_in_order_and_can_be_ended() -> None:
    told: list[tuple[str, float]] = []
    Matcher().suggest([newcomer()], [guide()], progress=lambda stage, done: told.append((stage, done)))
    assert told == list(STAGES.items())
    assert [done for _, done in told] == sorted(done for _, done in told)

    def end(stage: str, done: float) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        Matcher().suggest([newcomer()], [guide()], progress=end)


def test_parameters_can_be_set_by_name() -> None:
    matcher = Matcher().set_params(n_jobs=2, weights={"waiting": 0.5})
    assert matcher.get_params() == {"n_jobs": 2, "weights": {"waiting": 0.5}}
    with pytest.raises(ValueError, match="unknown parameter “jobs”"):
        matcher.set_params(jobs=2)


def test_importing_the_library_leaves_what_is_slow_to_import_for_later() -> None:
    script = "import sys, matching; print([name for name in ('sklearn', 'skops', 'pandas') if name in sys.modules])"
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert ended.stdout == "[]\n"
