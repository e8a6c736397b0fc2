"""The result of a run: proposals, reasons, figures."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from matching import fairness
from matching.assignment import Problem
from matching.baselines import BASELINES
from matching.constraints import Pairs, by_newcomer, violations
from matching.features import measure
from matching.profiles import Guides, Newcomers
from matching.reasons import Met, Reason, nobody_reasons, others_chosen, pair_reasons
from matching.scorer import PARTS, Scorecard

Excluded = Collection[tuple[str, str]]
#: Newcomers' ids, guides' ids, scores, ranks.
Columns = tuple[list[str], list[str], list[float], list[int]]


class Pair(NamedTuple):
    """One line of the pairs file: rank 1 is the assignment's choice, 2 and more are alternatives by score."""

    newcomer_id: str
    guide_id: str
    score: float
    rank: int


def columns(
    newcomers: Newcomers,
    guides: Guides,
    listed: Pairs,
    scores: npt.NDArray[np.int32],
    ranks: npt.NDArray[np.int64],
) -> Columns:
    """The lines of listed pairs, as columns."""
    ids = newcomers.names(listed.newcomers()), guides.names(listed.guides)
    return *ids, (scores / PARTS).tolist(), ranks.tolist()


def lines(*of: list[Any]) -> list[Pair]:
    """The lines of listed pairs."""
    return list(map(Pair._make, zip(*of, strict=True)))


def measured(
    newcomers: Newcomers, guides: Guides, scorecard: Scorecard, pairs: Pairs
) -> tuple[Met, npt.NDArray[np.float64]]:
    """Some pairs, and what the base and each criterion add to their log-odds, shape (1 + criteria, pairs)."""
    parts = scorecard.contributions(measure(newcomers, guides, pairs, 0, len(pairs)))
    met = Met(newcomers, guides, pairs.newcomers(), pairs.guides, pairs.distance_km.astype(float))
    return met, np.vstack([np.full(len(pairs), scorecard.base), parts])


def reasons(newcomers: Newcomers, guides: Guides, scorecard: Scorecard, pairs: Pairs) -> list[Reason]:
    """Why each of some pairs: the base and one reason a criterion."""
    return pair_reasons(*measured(newcomers, guides, scorecard, pairs))


@dataclass(frozen=True, eq=False)
class Suggestion:
    """The result of a run.

    Attributes:
        newcomers, guides: Whom the positions below mean.
        excluded: Pairs that were not to be proposed.
        scorecard: What the scores were made by.
        listed: The feasible pairs that are shown, best first within each newcomer.
        scores: Theirs in millionths, shape (listed,).
        ranks: Theirs, shape (listed,).
        problem: All feasible pairs with their scores as gains.
        distance_km: The distances of all feasible pairs, shape (feasible pairs,).
        objective: The same with what was maximised as gains.
        chosen: Which pairs were chosen, shape (feasible pairs,).
    """

    newcomers: Newcomers
    guides: Guides
    excluded: Excluded
    scorecard: Scorecard
    listed: Pairs
    scores: npt.NDArray[np.int32]
    ranks: npt.NDArray[np.int64]
    problem: Problem
    distance_km: npt.NDArray[np.float32]
    objective: Problem
    chosen: npt.NDArray[np.bool_]

    @cached_property
    def pairs(self) -> list[Pair]:
        """The lines of the pairs file."""
        return lines(*columns(self.newcomers, self.guides, self.listed, self.scores, self.ranks))

    @cached_property
    def reasons(self) -> list[Reason]:
        """The lines of the reasons file: why each chosen pair, and why nobody where nobody was chosen."""
        return pair_reasons(*self.reasons_of_chosen) + self.reasons_of_nobody

    @property
    def reasons_of_chosen(self) -> tuple[Met, npt.NDArray[np.float64]]:
        """The chosen pairs and their contributions; see :func:`measured`."""
        return measured(self.newcomers, self.guides, self.scorecard, self.listed.keep(self.ranks == 1))

    @property
    def reasons_of_nobody(self) -> list[Reason]:
        """Why nobody was chosen, newcomer by newcomer."""
        left = np.flatnonzero(np.diff(self.listed.keep(self.ranks == 1).starts) == 0)
        fitting = np.diff(self.problem.starts)[left]
        return [
            reason
            for newcomer, guides in zip(left.tolist(), fitting.tolist(), strict=True)
            for reason in self._nobody(newcomer, guides)
        ]

    @cached_property
    def report(self) -> dict[str, float]:
        """The run's figures."""
        chosen = self.ranks == 1
        placed = np.unique(self.listed.newcomers()[chosen])
        total = int(self.scores[chosen].sum(dtype=np.int64)) / PARTS
        return {
            "newcomers": len(self.newcomers),
            "guides": len(self.guides),
            "free_places": int(self.guides.free_places[self.guides.cleared].sum()),
            "feasible_pairs": len(self.problem.guides),
            "newcomers_with_a_feasible_guide": int((np.diff(self.problem.starts) > 0).sum()),
            "placed": len(placed),
            "chosen_pairs": int(chosen.sum()),
            "total_score": total,
        }

    @cached_property
    def fairness(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Who is placed, by group; see :func:`matching.fairness.report`."""
        newcomer, first = self.listed.newcomers(), self.ranks == 1
        score = np.zeros(len(self.newcomers))
        score[newcomer[first]] = self.scores[first] / PARTS
        return fairness.report(self.newcomers, np.isin(np.arange(len(score)), newcomer[first]), score)

    @cached_property
    def proxies(self) -> dict[str, dict[str, Any]]:
        """Whether groups are chosen unequally where guides fit; see :func:`matching.fairness.proxies`."""
        placed = np.bincount(self.problem.newcomers[self.chosen], minlength=len(self.newcomers)) > 0
        return fairness.proxies(self.newcomers, placed, np.diff(self.problem.starts) > 0)

    @cached_property
    def comparison(self) -> dict[str, dict[str, Any]]:
        """What simpler ways of assigning would have done with the same people.

        Returns:
            By way, this run's first: ``placed`` people, ``total_score``, its ``share`` of this run's, and ``groups``,
            the share placed by grouping and group (:func:`matching.fairness.shares`).
        """
        own, total = self.report["total_score"], len(self.newcomers)
        groups = {
            grouping: {name: each["share"] for name, each in of.items()} for grouping, of in self.fairness.items()
        }
        found = {"this_run": {"placed": self.report["placed"], "total_score": own, "share": 1.0, "groups": groups}}
        for name, policy in BASELINES.items():
            chosen = policy(self.problem, self.newcomers.waiting_days)
            reached = int(self.problem.gains[chosen].sum(dtype=np.int64)) / PARTS
            placed = np.bincount(self.problem.newcomers[chosen], minlength=total) > 0
            found[name] = {
                "placed": int(placed.sum()),
                "total_score": reached,
                "share": round(reached / own, 6) if own else 0.0,
                "groups": fairness.shares(self.newcomers, placed),
            }
        return found

    def reasons_of(self, newcomer_id: str) -> list[Reason]:
        """The reasons for every listed pair of one newcomer, alternatives included, in the order of rank."""
        row = np.zeros(len(self.listed), dtype=bool)
        newcomer = self.newcomers.position[newcomer_id]
        row[slice(*self.listed.starts[newcomer : newcomer + 2])] = True
        return reasons(self.newcomers, self.guides, self.scorecard, self.listed.keep(row))

    @cached_property
    def _barred(self) -> defaultdict[str, list[str]]:
        """Guides who must not be proposed, by newcomer."""
        return by_newcomer(self.excluded)

    def _nobody(self, newcomer: int, fitting: int) -> list[Reason]:
        if fitting:
            return [others_chosen(self.newcomers.ids[newcomer], fitting)]
        barred = self._barred[self.newcomers.ids[newcomer]]
        broken = violations(self.newcomers, newcomer, self.guides, barred=barred)
        return nobody_reasons(self.newcomers, newcomer, self.guides, broken)
