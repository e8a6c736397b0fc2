"""A made-up year of a coordination office: people ask, are proposed to, accept or decline, stay together or part.

Every week newcomers arrive and some who wait give up; a policy proposes; guides accept or decline; pairings that
begin last half a year or end early, and their place is free again. Whoever was declined or parted waits on, and is
never proposed to the same guide again.

What decides is hidden from the matcher and has another form than its model: criteria work through products and a
threshold instead of a sum, every guide is more or less reliable, every newcomer more or less ready, and neither of
the two can be seen. Chances are drawn for each pair once, so that all policies meet the same world.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from matching.assignment import Mask
from matching.constraints import Pairs
from matching.features import CRITERIA, measure
from matching.made_up import made_up
from matching.matcher import Matcher
from matching.suggestion import Suggestion

Rows = list[dict[str, Any]]
#: Chooses pairs of a suggestion: a mask over its feasible pairs.
Policy = Callable[[Suggestion], Mask]

WEEKS = 52
#: Weeks that a pairing lasts which is not ended early.
LASTING = 26
#: Share of those waiting who give up within a week.
GIVING_UP = 0.015


@dataclass
class Year:
    """What happened.

    Attributes:
        waited: Days from the request to the first accepted proposal, for those who had one.
        waiting: Days waited so far by those who never had one, whether still there or given up.
        kept: Pairings that lasted or still run, of those that began.
        begun: Pairings that began.
        proposals: Proposals made.
        outcomes: One row a proposal, as the outcomes file has them.
    """

    waited: list[float] = field(default_factory=list)
    waiting: list[float] = field(default_factory=list)
    kept: int = 0
    begun: int = 0
    proposals: int = 0
    outcomes: Rows = field(default_factory=list)


@dataclass(frozen=True)
class World:
    """People, and the truth about them that no matcher sees.

    Attributes:
        newcomers, guides: Rows, newcomers in the order of their arrival.
        arrival: Week in which each newcomer asks, rising.
        ready, reliable: Hidden traits of newcomers and guides, from 0 to 1.
        seed: Of all chances.
    """

    newcomers: Rows
    guides: Rows
    arrival: npt.NDArray[np.int64]
    ready: npt.NDArray[np.float64]
    reliable: npt.NDArray[np.float64]
    seed: int


def make_world(newcomers: int, guides: int, seed: int) -> World:
    """Make a world of two districts."""
    ones, others = made_up(newcomers, guides, districts=2, seed=seed)
    rng = np.random.default_rng([seed, 1])
    for row in others:
        row["free_places"] = row["capacity"]
    arrival = np.sort(rng.integers(0, WEEKS, newcomers))
    return World(ones, others, arrival, rng.beta(5, 2, newcomers), rng.beta(5, 2, guides), seed)


def truth(criteria: npt.NDArray[np.float32], ready: float, reliable: float) -> tuple[float, float]:
    """The chances that a pair accepts, and that it then lasts; ``criteria`` has shape (criteria,)."""
    of = dict(zip(CRITERIA, criteria.astype(float).tolist(), strict=True))
    within_reach = 1 / (1 + np.exp(-10 * (of["distance"] - 0.3)))
    understanding = np.sqrt(of["language"] * of["topics"])
    accepts = 0.1 + 0.9 * within_reach * np.sqrt(of["times"]) * reliable
    lasts = 0.05 + 0.95 * understanding * (0.6 + 0.4 * of["experience"]) * ready
    return float(accepts), float(lasts)


class Simulation:
    """One year under one policy; :meth:`run` goes through it."""

    def __init__(self, world: World, matcher: Matcher, policy: Policy) -> None:
        self.world, self.matcher, self.policy = world, matcher, policy
        self.year = Year()
        self.newcomer_at = {row["id"]: number for number, row in enumerate(world.newcomers)}
        self.guide_at = {row["id"]: number for number, row in enumerate(world.guides)}
        self.waiting: set[int] = set()
        self.helped: set[int] = set()
        self.excluded: set[tuple[str, str]] = set()
        self.ending: dict[int, list[tuple[int, int, bool]]] = {}
        self.taken = np.zeros(len(world.guides), dtype=int)
        self.chance = np.random.default_rng([world.seed, 2])

    def run(self) -> Year:
        """Go through the year; what happened."""
        for week in range(WEEKS):
            self._end_pairings(week)
            self._arrive_and_give_up(week)
            self._propose(week)
        self.year.waiting += [self._days(number, WEEKS) for number in sorted(self.waiting - self.helped)]
        self.year.kept += sum(lasts for pairings in self.ending.values() for _, _, lasts in pairings)
        return self.year

    def _days(self, newcomer: int, week: int) -> float:
        return 7.0 * (week - int(self.world.arrival[newcomer]))

    def _end_pairings(self, week: int) -> None:
        for newcomer, guide, lasts in self.ending.pop(week, []):
            self.taken[guide] -= 1
            self.year.kept += lasts
            if not lasts:
                self.waiting.add(newcomer)

    def _arrive_and_give_up(self, week: int) -> None:
        leaving = {number for number in sorted(self.waiting) if self.chance.random() < GIVING_UP}
        self.year.waiting += [self._days(number, week) for number in sorted(leaving - self.helped)]
        self.waiting -= leaving
        self.waiting |= set(np.flatnonzero(self.world.arrival == week).tolist())

    def _propose(self, week: int) -> None:
        waiting = [
            self.world.newcomers[number] | {"waiting_days": self._days(number, week)} for number in sorted(self.waiting)
        ]
        guides = [
            row | {"free_places": row["capacity"] - taken}
            for row, taken in zip(self.world.guides, self.taken.tolist(), strict=True)
        ]
        suggestion = self.matcher.suggest(waiting, guides, top=1, excluded=self.excluded)
        chosen = np.flatnonzero(self.policy(suggestion))
        problem = suggestion.problem
        for pair in chosen.tolist():
            self._answer(suggestion, int(problem.newcomers[pair]), int(problem.guides[pair]), week)

    def _answer(self, suggestion: Suggestion, newcomer: int, guide: int, week: int) -> None:
        """One proposal: declined, or the beginning of a pairing."""
        ids = suggestion.newcomers.ids[newcomer], suggestion.guides.ids[guide]
        one, other = self.newcomer_at[ids[0]], self.guide_at[ids[1]]
        chance = np.random.default_rng([self.world.seed, 3, one, other])
        accepts, lasts = truth(
            _criteria(suggestion, newcomer, guide), self.world.ready[one], self.world.reliable[other]
        )
        accepted, stays, end = chance.random() < accepts, bool(chance.random() < lasts), int(chance.integers(2, 16))
        self.year.proposals += 1
        self.excluded.add(ids)
        outcome = "declined" if not accepted else "completed" if stays else "ended_early"
        then = {"waiting_days": self._days(one, week), "free_places": int(suggestion.guides.free_places[guide])}
        day = str(np.datetime64("2026-01-05") + 7 * week)
        self.year.outcomes.append({"newcomer_id": ids[0], "guide_id": ids[1], "outcome": outcome, "on": day} | then)
        if accepted:
            self._begin(one, other, stays, week, week + (LASTING if stays else end))

    def _begin(self, newcomer: int, guide: int, stays: bool, week: int, end: int) -> None:
        self.year.begun += 1
        self.waiting.discard(newcomer)
        if newcomer not in self.helped:
            self.helped.add(newcomer)
            self.year.waited.append(self._days(newcomer, week))
        self.taken[guide] += 1
        self.ending.setdefault(end, []).append((newcomer, guide, stays))


def _criteria(suggestion: Suggestion, newcomer: int, guide: int) -> npt.NDArray[np.float32]:
    problem = suggestion.problem
    row = slice(*problem.starts[newcomer : newcomer + 2])
    pair = int(problem.starts[newcomer] + np.searchsorted(problem.guides[row], guide))
    pairs = Pairs(np.asarray(problem.starts, dtype=np.int64), problem.guides, suggestion.distance_km)
    return measure(suggestion.newcomers, suggestion.guides, pairs, pair, pair + 1)[:, 0]
