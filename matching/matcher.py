"""The matcher: profiles in, ranked proposals with reasons out."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple, Self

import numpy as np

from matching.assignment import Problem
from matching.constraints import (
    LANGUAGE,
    VIOLATIONS,
    Pairs,
    by_newcomer,
    distance_km,
    feasible_pairs,
    violations,
)  # fmt: skip
from matching.model import Model, dump, learn, load
from matching.objective import gains
from matching.outcomes import read_samples
from matching.profiles import Guides, Newcomers
from matching.ranking import ranking, take
from matching.reasons import Reason, members
from matching.scorer import PARTS, Scorecard, score_pairs
from matching.split import best_choice, regions, scored_pairs
from matching.suggestion import Excluded, Pair, Suggestion, columns, lines, reasons
from matching.tables import write_files

__all__ = ["STAGES", "Explanation", "Matcher", "Pair", "Progress", "Suggestion", "silent"]

#: The stages of a run, and about which share of the time has passed when each begins.
STAGES = {"profiles": 0.0, "pairs": 0.15, "assignment": 0.45, "ranking": 0.95, "done": 1.0}
#: Is told a stage and the share of the run that is done.
Progress = Callable[[str, float], None]


def silent(stage: str, done: float) -> None:
    """Progress that nobody wants to see."""


class Explanation(NamedTuple):
    """All there is to say about one pair.

    Attributes:
        feasible: No rule is broken.
        needs_interpreter: Only the shared language is missing.
        violated: Codes of the broken rules.
        score: Between 0 and 1, also for a pair that is not feasible.
        reasons: The base and one reason a criterion; their contributions add up to the score's log-odds.
    """

    feasible: bool
    needs_interpreter: bool
    violated: tuple[str, ...]
    score: float
    reasons: list[Reason]


class Matcher:
    """Proposes guides to newcomers: hard rules, an additive score, and the assignment of the greatest total score.

    Newcomers and guides may be :class:`Newcomers` and :class:`Guides`, paths of CSV files, lists of rows with the
    CSV's column names and native values, or data frames.

    Unfitted it scores by prior weights, which works. :meth:`fit` learns from outcomes, and :meth:`load` takes what was
    learned before.

    It is an estimator to scikit-learn (``clone`` and the like), but inherits nothing from it: importing scikit-learn
    takes longer than most runs.

    Args:
        weights: Replaces some of ``scorer.PRIOR_WEIGHTS``, in log-odds.
        n_jobs: How many pieces of a run joblib may work on at a time; None leaves it to joblib's configuration, which
            :func:`matching.workers.workers` sets. The result is the same for any number.

    Attributes:
        model_: The model in use, if fitted or loaded.
    """

    model_: Model

    def __init__(self, weights: Mapping[str, float] | None = None, n_jobs: int | None = None) -> None:
        self.weights = weights
        self.n_jobs = n_jobs

    def __repr__(self) -> str:
        """As a call that makes the like."""
        return f"Matcher(weights={self.weights!r}, n_jobs={self.n_jobs!r})"

    def get_params(self, deep: bool = True) -> dict[str, Any]:
        """The arguments it was made with; ``deep`` makes no difference."""
        return {"weights": self.weights, "n_jobs": self.n_jobs}

    def set_params(self, **params: Any) -> Self:
        """Change arguments.

        Raises:
            ValueError: There is none of such a name.
        """
        for name, value in params.items():
            if name not in self.get_params():
                raise ValueError(f"unknown parameter “{name}”")
            setattr(self, name, value)
        return self

    def __sklearn_tags__(self) -> Any:
        """Of no special kind."""
        from sklearn.utils import Tags, TargetTags  # noqa: PLC0415 - slow to import

        return Tags(estimator_type=None, target_tags=TargetTags(required=False))

    def fit(self, newcomers: object, guides: object, outcomes: object) -> Self:
        """Learn from the outcomes of past proposals; the prior stays in use if what was learned is not better.

        Args:
            newcomers, guides: Paths, rows or data frames of the people in the outcomes.
            outcomes: A path, rows or a data frame with ``newcomer_id``, ``guide_id``, ``outcome`` and ``on``.

        Raises:
            InputError: Something in them cannot be used.
        """
        self.model_ = learn(read_samples(newcomers, guides, outcomes), Scorecard.prior(self.weights))
        return self

    def load(self, path: str | Path) -> Self:
        """Use the model in a file.

        Raises:
            ModelError: The file cannot be used; the model in use stays as it is.
        """
        self.model_ = load(Path(path))
        return self

    def save(self, path: str | Path) -> None:
        """Write the model to a file, whole or not at all.

        Raises:
            NotFittedError: There is none yet.
            InputError: The file cannot be written.
        """
        from sklearn.utils.validation import check_is_fitted  # noqa: PLC0415 - slow to import

        check_is_fitted(self, "model_")
        write_files({Path(path): dump(self.model_)})

    def suggest(
        self,
        newcomers: object,
        guides: object,
        *,
        top: int = 5,
        excluded: Iterable[tuple[str, str]] = (),
        previous: Iterable[tuple[str, str]] = (),
        progress: Progress = silent,
    ) -> Suggestion:
        """Assign guides to all newcomers at once, and list alternatives.

        Args:
            newcomers: Who asks.
            guides: Who offers; those without a free place take part in none.
            top: The greatest rank listed.
            excluded: Ids of newcomer and guide who must not be proposed to each other.
            previous: Ids of newcomer and guide whose proposal stood after the last run; they keep it unless
                something clearly better is found.
            progress: Is told each stage of STAGES as it begins, and the share of the whole run that is done by then,
                from 0 to 1; what it raises ends the run.

        Raises:
            InputError: A profile cannot be used.
            ValueError: ``top`` is below 1.
        """
        if top < 1:
            raise ValueError("top must be at least 1")
        progress("profiles", STAGES["profiles"])
        people, volunteers, excluded = Newcomers.read(newcomers), Guides.read(guides), frozenset(excluded)
        scorecard = self.scorecard
        progress("pairs", STAGES["pairs"])
        cards = [scorecard], np.zeros(len(people), dtype=np.intp)
        pairs, scores = scored_pairs(cards, people, volunteers, excluded, self.n_jobs)
        problem = Problem(pairs.starts, pairs.guides, scores, volunteers.free_places, people.places)
        progress("assignment", STAGES["assignment"])
        objective = replace(problem, gains=gains(people, volunteers, pairs, scores, previous))
        chosen = best_choice(objective, regions(people, volunteers), self.n_jobs)
        progress("ranking", STAGES["ranking"])
        order, ranks = ranking(pairs, scores, chosen, top, self.n_jobs)
        listed = take(pairs, order)
        shown = (listed, scores[order], ranks)
        progress("done", STAGES["done"])
        return Suggestion(
            people, volunteers, excluded, scorecard, *shown, problem, pairs.distance_km, objective, chosen
        )

    def best(
        self,
        newcomers: object,
        guides: object,
        top: int = 5,
        *,
        excluded: Iterable[tuple[str, str]] = (),
        interpreter: bool = False,
    ) -> list[Pair]:
        """List each newcomer's best feasible guides, whoever else asks; rank counts from 1 by score.

        Args:
            newcomers: Who asks.
            guides: Who offers.
            top: The greatest rank listed.
            excluded: As for :meth:`suggest`.
            interpreter: List instead the pairs that lack nothing but a shared language.
        """
        people, volunteers = Newcomers.read(newcomers), Guides.read(guides)
        scorecard = self.scorecard
        pairs = feasible_pairs(people, volunteers, excluded=excluded, interpreter=interpreter)
        scores = score_pairs(scorecard, people, volunteers, pairs)
        order, ranks = ranking(pairs, scores, np.zeros(len(pairs), dtype=bool), top + 1)
        return lines(*columns(people, volunteers, take(pairs, order), scores[order], ranks - 1))

    def with_interpreter(
        self, newcomers: object, guides: object, *, top: int = 5, excluded: Iterable[tuple[str, str]] = ()
    ) -> list[Pair]:
        """List the pairs that lack nothing but a shared language, the best first; rank counts from 1."""
        return self.best(newcomers, guides, top, excluded=excluded, interpreter=True)

    def explain(self, newcomer: object, guide: object, *, excluded: Excluded = ()) -> Explanation:
        """Explain one pair, feasible or not.

        Args:
            newcomer: One row, or Newcomers with one position.
            guide: One row, or Guides with one position.
            excluded: As for :meth:`suggest`.
        """
        people = Newcomers.read([newcomer] if isinstance(newcomer, Mapping) else newcomer)
        volunteers = Guides.read([guide] if isinstance(guide, Mapping) else guide)
        if len(people) != 1 or len(volunteers) != 1:
            raise ValueError("explain takes one newcomer and one guide")
        broken = violations(people, 0, volunteers, barred=by_newcomer(excluded)[people.ids[0]])
        violated = tuple(members(int(broken[0]), VIOLATIONS))
        distance = distance_km(people.xyz, volunteers.xyz).astype(np.float32)
        pair = Pairs(np.array([0, 1]), np.zeros(1, dtype=np.int32), distance)
        scorecard = self.scorecard
        score = float(score_pairs(scorecard, people, volunteers, pair)[0]) / PARTS
        told = reasons(people, volunteers, scorecard, pair)
        return Explanation(not violated, violated == (LANGUAGE,), violated, score, told)

    def left_out(self, newcomer: object, guides: object, *, excluded: Excluded = ()) -> dict[str, tuple[str, ...]]:
        """Say for one newcomer which rules each guide breaks: guide id to codes, none for a feasible pair."""
        people = Newcomers.read([newcomer] if isinstance(newcomer, Mapping) else newcomer)
        volunteers = Guides.read(guides)
        broken = violations(people, 0, volunteers, barred=by_newcomer(excluded)[people.ids[0]]).tolist()
        codes = {mask: tuple(members(mask, VIOLATIONS)) for mask in set(broken)}
        return {guide: codes[mask] for guide, mask in zip(volunteers.ids, broken, strict=True)}

    @property
    def scorecard(self) -> Scorecard:
        """What it scores by: what was learned if it was taken, else the prior."""
        return self.model_.scorecard if hasattr(self, "model_") else Scorecard.prior(self.weights)
