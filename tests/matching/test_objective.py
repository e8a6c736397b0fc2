"""Waiting and need: nobody is passed over for ever, and proposals do not flip over nothing."""

import pytest
from hypothesis import given, settings

from matching import Guides, Matcher, Newcomers
from matching.constraints import feasible_pairs
from matching.objective import OVERTAKING_DAYS, PATIENCE_DAYS, need
from tests.matching import people
from tests.matching.people import Row, guide, newcomer


@given(people.newcomers, people.guides)
@settings(deadline=None, max_examples=150)
def test_nobody_is_overtaken_by_people_who_arrived_much_later(ones: list[Row], others: list[Row]) -> None:
    newcomers, guides = Newcomers.read(ones), Guides.read(others)
    chosen = [pair[:2] for pair in Matcher().suggest(newcomers, guides).pairs if pair.rank == 1]
    waiting = {row["id"]: row["waiting_days"] for row in ones}
    pairs = feasible_pairs(newcomers, guides)
    placed = {newcomer_id for newcomer_id, _ in chosen}
    for row, column in zip(pairs.newcomers().tolist(), pairs.guides.tolist(), strict=True):
        left, taken = newcomers.ids[row], guides.ids[column]
        if left not in placed:
            ahead = [newcomer_id for newcomer_id, guide_id in chosen if guide_id == taken]
            assert ahead
            assert all(waiting[newcomer_id] >= waiting[left] - OVERTAKING_DAYS for newcomer_id in ahead)


def test_a_hard_to_place_person_is_placed_although_better_pairs_arrive_every_day() -> None:
    """One place a day, and every day somebody new whom the guide suits far better."""
    poor = {"topics": ["work", "leisure"], "languages": {"ar": "B1"}, "slots": ["sat-morning"], "latitude": 52.57}
    waiting = {"hard": 0}
    for day in range(200):
        waiting[f"easy{day}"] = 0
        rows = [
            newcomer(id=name, waiting_days=days, **(poor if name == "hard" else {})) for name, days in waiting.items()
        ]
        placed = next(pair.newcomer_id for pair in Matcher().suggest(rows, [guide()]).pairs if pair.rank == 1)
        if placed == "hard":
            break
        del waiting[placed]
        waiting = {name: days + 1 for name, days in waiting.items()}
    assert 1 <= day <= OVERTAKING_DAYS


def test_where_all_have_waited_equally_long_the_greatest_total_score_wins() -> None:
    others = [guide(), guide(id="g2", completed=0)]
    for days in (0, 400):
        rows = [newcomer(waiting_days=days), newcomer(id="n2", waiting_days=days, topics=["work"])]
        assert Matcher(weights={"waiting": 0}).suggest(rows, others).report["total_score"] == pytest.approx(
            Matcher(weights={"waiting": 0})
            .suggest([row | {"waiting_days": 7} for row in rows], others)
            .report["total_score"]
        )


def test_need_counts_children_little_german_and_many_topics() -> None:
    rows = [
        newcomer(id="a", children=True, topics=["work", "money", "health"]),
        newcomer(id="b", languages={"de": "B1"}),
        newcomer(id="c"),
    ]
    assert need(Newcomers.read(rows)).tolist() == pytest.approx([1, 0, 1 / 3])
    same = {"waiting_days": PATIENCE_DAYS, "languages": {"de": "B1"}}
    tie = [newcomer(id="a", **same), newcomer(id="b", children=True, **same)]
    first = Matcher(weights={"household": 0}).suggest(tie, [guide()]).pairs
    assert [pair.newcomer_id for pair in first if pair.rank == 1] == ["b"]


def test_the_last_proposal_stays_unless_something_clearly_better_is_found() -> None:
    others = [guide(), guide(id="g2", completed=2)]
    assert Matcher().suggest([newcomer()], others).pairs[0].guide_id == "g1"
    again = Matcher().suggest([newcomer()], others, previous=[("n1", "g2"), ("n1", "gone"), ("gone", "g1")]).pairs
    assert [(pair.guide_id, pair.rank) for pair in again] == [("g2", 1), ("g1", 2)]
    better = [guide(topics=["housing", "work"]), others[1]]
    assert Matcher().suggest([newcomer()], better, previous=[("n1", "g2")]).pairs[0].guide_id == "g1"
