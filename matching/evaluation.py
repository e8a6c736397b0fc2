"""How policies compare over simulated years.

``python -m matching.evaluation`` prints the table; ``--page docs/matcher-figures.md`` writes the page with its plots.

Every policy meets the same people, chances and giving up, in several worlds. The learned policy is fitted on the
outcomes of one further world under the prior policy, in which none of the people it is judged by occur.
"""

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from matching.assignment import Mask
from matching.baselines import BASELINES
from matching.churn import churn
from matching.figures_page import figures_page
from matching.matcher import Matcher
from matching.outcomes import Samples, read_samples
from matching.plots import Point
from matching.scorer import PARTS
from matching.simulation import Policy, Simulation, Year, make_world
from matching.suggestion import Suggestion
from matching.tables import write_files

#: Newcomers and guides of each world.
PEOPLE = (500, 250)
WORLDS = 8
#: Days over which changes of proposals are counted.
DAYS = 14
#: Fewer proposals than this make no point of a curve.
_ENOUGH = 20


class Result(NamedTuple):
    """A policy's figures over all worlds.

    Attributes:
        placed: Share of all who asked who had at least one accepted proposal.
        median_days, long_days: Median and 90th percentile of the days until then; who never had one counts with the
            days waited so far.
        kept: Pairings that lasted or still ran at the end, for 100 people who asked.
        accepted: Share of proposals accepted.
    """

    policy: str
    placed: float
    median_days: float
    long_days: float
    kept: float
    accepted: float


def exact(suggestion: Suggestion) -> Mask:
    """The assignment as it is."""
    return suggestion.chosen


def _baseline(name: str) -> Policy:
    return lambda suggestion: BASELINES[name](suggestion.problem, suggestion.newcomers.waiting_days)


def learned_matcher(newcomers: int, guides: int, seed: int) -> Matcher:
    """A matcher fitted on a simulated year under the prior policy."""
    world = make_world(newcomers, guides, seed)
    year = Simulation(world, Matcher(), exact).run()
    return Matcher().fit(world.newcomers, world.guides, year.outcomes)


def compare(newcomers: int, guides: int, seeds: Sequence[int], learned: Matcher) -> list[Result]:
    """Run all policies in one world for each seed."""
    policies: dict[str, tuple[Matcher, Policy]] = {
        "learned, exact": (learned, exact),
        "prior, exact": (Matcher(), exact),
        "prior, greedy": (Matcher(), _baseline("greedy")),
        "prior, first come": (Matcher(), _baseline("first_come")),
        "random": (Matcher(), _baseline("random")),
    }
    worlds = [make_world(newcomers, guides, seed) for seed in seeds]
    return [
        _result(name, [Simulation(world, *policy).run() for world in worlds], newcomers)
        for name, policy in policies.items()
    ]


def _result(name: str, years: list[Year], newcomers: int) -> Result:
    waited = [days for year in years for days in year.waited + year.waiting]
    asked = newcomers * len(years)
    return Result(
        name,
        sum(len(year.waited) for year in years) / asked,
        float(np.median(waited)),
        float(np.percentile(waited, 90)),
        100 * sum(year.kept for year in years) / asked,
        sum(year.begun for year in years) / max(1, sum(year.proposals for year in years)),
    )


def table(results: Sequence[Result]) -> str:
    """The results as a Markdown table."""
    lines = [
        "| Policy | Placed | Median wait | 90th percentile | Pairings kept, per 100 asking | Proposals accepted |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for result in results:
        lines.append(
            f"| {result.policy} | {result.placed:.1%} | {result.median_days:.0f} days | {result.long_days:.0f} days "
            f"| {result.kept:.1f} | {result.accepted:.1%} |"
        )
    return "\n".join(lines) + "\n"


def calibration(newcomers: int, guides: int, seed: int, matchers: Mapping[str, Matcher]) -> dict[str, list[Point]]:
    """How matchers' chances come true in a world that none was fitted in, under the prior policy.

    Returns:
        For each tenth of the chances that holds enough proposals the mean chance and the share that was kept.
    """
    world = make_world(newcomers, guides, seed)
    year = Simulation(world, Matcher(), exact).run()
    samples = read_samples(world.newcomers, world.guides, year.outcomes)
    return {name: _points(matcher, samples) for name, matcher in matchers.items()}


def _points(matcher: Matcher, samples: Samples) -> list[Point]:
    chance = matcher.scorecard.score(samples.criteria.T) / PARTS
    tenths = [(chance * 10).astype(int) == tenth for tenth in range(10)]
    return [
        (float(chance[tenth].mean()), float(samples.success[tenth].mean()))
        for tenth in tenths
        if tenth.sum() >= _ENOUGH
    ]


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the table, or write the page."""
    parser = argparse.ArgumentParser(prog="python -m matching.evaluation", description="Compare policies.")
    parser.add_argument("--page", type=Path, metavar="MD", help="write a page with plots instead of printing the table")
    page = parser.parse_args(arguments).page
    learned = learned_matcher(4 * PEOPLE[0], 4 * PEOPLE[1], 1000)
    results = compare(*PEOPLE, range(WORLDS), learned)
    if not page:
        sys.stdout.write(table(results))
        return 0
    size = 4 * PEOPLE[0], 4 * PEOPLE[1]
    curves = calibration(*size, 2000, {"learned": learned, "prior": Matcher()})
    days = {"without the bonus": churn(*size, DAYS, bonus=False), "with it": churn(*size, DAYS, bonus=True)}
    write_files(figures_page(page, results, table(results), curves, days))
    return 0


if __name__ == "__main__":
    sys.exit(main())
