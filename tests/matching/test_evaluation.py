"""The simulated year: consistent, repeatable, the same world for every policy."""

from typing import Any

import pytest

from matching import Matcher
from matching.evaluation import compare, exact, table
from matching.simulation import Simulation, make_world


def run(seed: int, matcher: Any = None) -> Simulation:
    simulation = Simulation(make_world(120, 40, seed), matcher or Matcher(), exact)
    simulation.run()
    return simulation


def test_a_year_is_repeatable_and_adds_up() -> None:
    first, second = run(1), run(1)
    assert first.year == second.year
    year = first.year
    assert len(year.waited) + len(year.waiting) == 120
    assert year.proposals == len(year.outcomes) == len({(row["newcomer_id"], row["guide_id"]) for row in year.outcomes})
    assert year.begun == sum(row["outcome"] != "declined" for row in year.outcomes)
    assert 0 < year.kept == sum(row["outcome"] == "completed" for row in year.outcomes)


def test_no_guide_ever_has_more_pairings_than_places() -> None:
    simulation = run(2)
    capacity = [row["capacity"] for row in simulation.world.guides]
    assert all(0 <= taken <= places for taken, places in zip(simulation.taken.tolist(), capacity, strict=True))


def test_outcomes_of_a_year_can_be_learned_from() -> None:
    simulation = run(3)
    world = simulation.world
    metadata = Matcher().fit(world.newcomers, world.guides, simulation.year.outcomes).model_.metadata
    assert sum(metadata["outcomes"].values()) == simulation.year.proposals
    assert metadata["held_out"]["prior"]["outcomes"] > 0


def test_the_table_has_a_line_for_every_policy() -> None:
    results = compare(60, 30, [7], Matcher())
    lines = table(results).splitlines()
    assert len(lines) == 2 + len(results) == 7
    assert all(0 <= result.placed <= 1 and result.median_days <= result.long_days for result in results)
    by_policy = {result.policy: result for result in results}
    assert by_policy["prior, exact"].placed == pytest.approx(by_policy["learned, exact"].placed, abs=0.3)
