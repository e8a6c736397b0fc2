"""From criteria to a score: the estimated chance that a pairing is accepted and lasts.

The score is additive in log-odds: a base plus one contribution a criterion. So each contribution is exactly what the
criterion added, and can be told to a person as it is.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Self

import numpy as np
import numpy.typing as npt
from scipy.special import expit

from matching.constraints import Pairs
from matching.features import CRITERIA, measure
from matching.profiles import Guides, Newcomers

#: Log-odds of a pair whose criteria are all 0: about one pairing in ten.
PRIOR_BASE = -2.2
#: What each criterion adds to the log-odds as it goes from 0 to 1, before any outcome is known.
#:
#: No published study gives these numbers, so they are judgements, and shown as such. Their order follows the
#: comparison in coordinators' handbooks (distance, time, shared language, wishes, life situation, interests); their
#: size lets no single criterion decide, and puts the worst feasible pair near 0.12, the best near 0.9.
PRIOR_WEIGHTS = {
    "language": 1.0,  # being understood carries everything else; a guide may also translate
    "distance": 0.8,  # long ways are what volunteers name first when they give up
    "topics": 0.8,  # help with what was asked for is what keeps both coming back
    "times": 0.6,  # several possible slots survive a changed shift or course
    "load": 0.4,  # a guide with nobody yet answers sooner than one who is nearly full
    "experience": 0.3,  # rises with the first pairings, then hardly
    "household": 0.3,  # families with children gain from a guide who has done it before
    "waiting": 0.2,  # small: waiting counts in the objective, not as a merit of the pair
}
#: A score is kept as a whole number of these, so that printed scores are the very ones that were assigned by.
PARTS = 1_000_000
#: Pairs measured and scored at a time, which bounds the memory that takes.
CHUNK = 1 << 18


@dataclass(frozen=True, eq=False)
class Scorecard:
    """A base and one curve a criterion: straight lines between knots.

    Attributes:
        base: Log-odds where all curves are 0.
        knots: Values of the criteria at which the curves may bend, rising from 0 to 1, shape (knots,).
        heights: Contributions at the knots in log-odds, shape (criteria, knots).
    """

    base: float
    knots: npt.NDArray[np.float64]
    heights: npt.NDArray[np.float64]

    @classmethod
    def prior(cls, weights: Mapping[str, float] | None = None) -> Self:
        """The scorecard before any outcome is known; ``weights`` replaces some of PRIOR_WEIGHTS.

        Raises:
            ValueError: A weight has no criterion, or is negative or not finite.
        """
        chosen = PRIOR_WEIGHTS | dict(weights or {})
        for name, weight in chosen.items():
            if name not in CRITERIA:
                raise ValueError(f"unknown criterion “{name}” (known: {' '.join(CRITERIA)})")
            if not (np.isfinite(weight) and weight >= 0):
                raise ValueError(f"the weight of “{name}” must be finite and at least 0")
        rise = np.array([chosen[name] for name in CRITERIA])
        return cls(PRIOR_BASE, np.array([0.0, 1.0]), np.column_stack([np.zeros_like(rise), rise]))

    def contributions(self, criteria: npt.NDArray[np.float32]) -> npt.NDArray[np.float64]:
        """What each criterion adds, in log-odds: shape (criteria, pairs), as the argument."""
        return np.stack([self._curve(*each) for each in zip(criteria, self.heights, strict=True)])

    def _curve(self, values: npt.NDArray[np.float32], heights: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """One criterion's contributions, in log-odds."""
        if (
            len(self.knots) == 2 and heights[0] == 0
        ):  # a straight line through 0, as the prior's: the same numbers, sooner
            return np.asarray(np.multiply(values, heights[1], dtype=np.float64))
        return np.interp(values, self.knots, heights)

    def score(self, criteria: npt.NDArray[np.float32]) -> npt.NDArray[np.int32]:
        """Chances in millionths, from 1 to 999,999: shape (pairs,)."""
        log_odds = np.full(criteria.shape[1], self.base)
        for values, heights in zip(criteria, self.heights, strict=True):
            log_odds += self._curve(values, heights)
        millionths = np.rint(expit(log_odds) * PARTS).astype(np.int32)
        return np.asarray(np.clip(millionths, 1, PARTS - 1))


def score_pairs(scorecard: Scorecard, newcomers: Newcomers, guides: Guides, pairs: Pairs) -> npt.NDArray[np.int32]:
    """Chances in millionths, shape (pairs,); measured chunk by chunk."""
    scores = np.empty(len(pairs), dtype=np.int32)
    for begin in range(0, len(pairs), CHUNK):
        end = min(begin + CHUNK, len(pairs))
        scores[begin:end] = scorecard.score(measure(newcomers, guides, pairs, begin, end))
    return scores
