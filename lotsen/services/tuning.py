"""The matcher as the stored model and each municipality's settings make it; one assignment for all of them together."""

from collections.abc import Collection, Iterable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from lotsen.rules.settings import Weighing
from lotsen.services import model
from lotsen.services.profiles import Row
from matching import Guides, Matcher, Newcomers, Reason, Suggestion
from matching.assignment import Problem
from matching.constraints import Pairs, positions
from matching.features import CRITERIA
from matching.model import Model
from matching.objective import PATIENCE_DAYS, gains
from matching.scorer import PARTS, Scorecard
from matching.split import best_choice, regions, scored_pairs
from matching.workers import workers

Ids = Collection[tuple[str, str]]
Positions = npt.NDArray[np.int64]
Reasons = list[dict[str, Any]]

#: Constancy is set in hundredths of the score.
_HUNDREDTH: Final = PARTS // 100


def scorecard(weighing: Weighing) -> Scorecard:
    """Return what a municipality scores by: each criterion's curve times its factor."""
    card = model.scorecard()
    factors = np.array([getattr(weighing, criterion) for criterion in CRITERIA])
    return card if (factors == 1).all() else replace(card, heights=card.heights * factors[:, None])


def matcher(weighing: Weighing) -> Matcher:
    """Return a matcher that scores as a municipality wants."""
    tuned = Matcher()
    tuned.model_ = Model(scorecard(weighing), {})
    return tuned


def working(backend: str, jobs: str, scheduler: str) -> AbstractContextManager[None]:
    """Say who works on runs in this context: an installation's `match_backend`, `match_jobs` and `match_scheduler`."""
    return workers(backend, int(jobs), scheduler)


@dataclass(frozen=True, eq=False)
class Assigned:
    """An assignment: the matcher's own result, and which newcomers (positions) were scored by which card."""

    suggestion: Suggestion
    cards: list[tuple[Positions, Scorecard]]

    def reasons(self) -> list[Reason]:
        """Return why each chosen pair, and why nobody where nobody was chosen."""
        return [reason for rows, card in self.cards for reason in self.part(rows, card).reasons]

    def of(self, municipality: str) -> Suggestion:
        """Return one municipality's part; the others' choices stand."""
        homes = np.array(self.suggestion.newcomers.municipality, dtype=object)
        rows = np.flatnonzero(homes == municipality)
        card = next((card for some, card in self.cards if np.isin(rows, some).any()), self.suggestion.scorecard)
        return self.part(rows, card)

    def part(self, rows: Positions, card: Scorecard) -> Suggestion:
        """Return the result for some newcomers, by rising position; places that the others take are not free."""
        whole = self.suggestion
        mine = np.isin(whole.problem.newcomers, rows)
        others = whole.problem.guides[whole.chosen & ~mine]
        free = whole.problem.capacity - np.bincount(others, minlength=len(whole.guides))
        problem, objective = (_problem(each, rows, mine, free) for each in (whole.problem, whole.objective))
        shown = np.isin(whole.listed.newcomers(), rows)
        return replace(
            whole, newcomers=whole.newcomers.take(rows), scorecard=card, listed=_pairs(whole.listed, rows, shown),
            scores=whole.scores[shown], ranks=whole.ranks[shown], problem=problem, objective=objective,
            distance_km=whole.distance_km[mine], chosen=whole.chosen[mine],
        )  # fmt: skip


def assign_all(
    newcomers: Iterable[Row],
    guides: Iterable[Row],
    weighings: Mapping[str, Weighing],
    *,
    excluded: Ids = (),
    previous: Ids = (),
) -> Assigned:
    """Choose pairs of the greatest total for all newcomers together, each scored as its own municipality wants.

    Args:
        newcomers, guides: The matcher's rows.
        weighings: By municipality's code.
        excluded: Ids of newcomer and guide who must not be proposed to each other.
        previous: Those whose suggestion stands; they keep it unless something clearly better is found.
    """
    people, volunteers = Newcomers.read(list(newcomers)), Guides.read(list(guides))
    cards = [(rows, scorecard(weighing)) for rows, weighing in _groups(people, weighings)]
    number = np.zeros(len(people), dtype=np.intp)
    for at, (rows, _card) in enumerate(cards):
        number[rows] = at
    pairs, scores = scored_pairs(([card for _, card in cards], number), people, volunteers, excluded)
    problem = Problem(pairs.starts, pairs.guides, scores, volunteers.free_places, people.places)
    added = _gains(people, volunteers, pairs, scores, weighings, previous)
    objective = replace(problem, gains=added)
    chosen = best_choice(objective, regions(people, volunteers))
    shown = (pairs.keep(chosen), scores[chosen], np.ones(int(chosen.sum()), dtype=np.int64))
    card = cards[0][1] if cards else model.scorecard()
    whole = Suggestion(people, volunteers, excluded, card, *shown, problem, pairs.distance_km, objective, chosen)
    return Assigned(whole, cards)


def _groups(people: Newcomers, weighings: Mapping[str, Weighing]) -> list[tuple[Positions, Weighing]]:
    """The newcomers of municipalities that weigh alike, by rising position."""
    found: dict[Weighing, list[int]] = {}
    for position, municipality in enumerate(people.municipality):
        found.setdefault(weighings[municipality], []).append(position)
    return [(np.array(rows, dtype=np.int64), weighing) for weighing, rows in found.items()]


def _gains(
    people: Newcomers,
    volunteers: Guides,
    pairs: Pairs,
    scores: npt.NDArray[np.int32],
    weighings: Mapping[str, Weighing],
    previous: Ids,
) -> Positions:
    """What is maximised: the matcher's own gains, waiting and constancy weighed as each municipality wants."""
    weighing = [weighings[municipality] for municipality in people.municipality]
    more = np.array([each.waiting_first - 1 for each in weighing])
    waiting = people.waiting_days - people.waiting_days.min(initial=np.inf)
    total = gains(people, volunteers, pairs, scores)
    total += np.rint(PARTS * more * waiting / PATIENCE_DAYS).astype(np.int64)[pairs.newcomers()]
    standing = positions(pairs, people, volunteers, previous)
    constancy = np.array([each.constancy * _HUNDREDTH for each in weighing], dtype=np.int64)
    total[standing] += constancy[pairs.newcomers()[standing]]
    return total


def _problem(whole: Problem, rows: Positions, mine: npt.NDArray[np.bool_], free: Positions) -> Problem:
    return Problem(_starts(whole.starts, rows), whole.guides[mine], whole.gains[mine], free, whole.places[rows])


def _pairs(whole: Pairs, rows: Positions, mine: npt.NDArray[np.bool_]) -> Pairs:
    return Pairs(_starts(whole.starts, rows), whole.guides[mine], whole.distance_km[mine])


def _starts(starts: npt.NDArray[Any], rows: Positions) -> Positions:
    return np.concatenate([[0], np.cumsum(np.diff(starts)[rows])]).astype(np.int64)


def plain(reasons: Iterable[Reason]) -> Reasons:
    """Return why a pair, as JSON: criterion, code, value, contribution in log-odds."""
    return [
        {"criterion": each.criterion, "code": each.code, "value": each.value, "contribution": each.contribution}
        for each in reasons
    ]


def why(reasons: Iterable[Reason]) -> Reasons:
    """Return why nobody, as JSON: code and value."""
    return [{"code": each.code, "value": each.value} for each in reasons]
