"""How many open proposals change from day to day, with and without the small bonus for yesterday's proposal."""

from typing import NamedTuple

import numpy as np

from matching.made_up import made_up
from matching.matcher import Matcher

#: Share of the newcomers who leave each day, and who are replaced by new ones.
_LEAVING = 0.02


class Churn(NamedTuple):
    """What days of proposing anew were like.

    Attributes:
        changed: For each day the share of yesterday's proposals, of newcomers still there, that are others today.
        total_score: Of all proposals of all days.
    """

    changed: list[float]
    total_score: float


def churn(newcomers: int, guides: int, days: int, *, bonus: bool, seed: int = 0) -> Churn:
    """Propose anew on some days while a few newcomers leave and a few arrive; ``bonus`` tells the last proposals."""
    ones, others = made_up(2 * newcomers, guides, districts=2, seed=seed)
    there, coming = ones[:newcomers], iter(ones[newcomers:])
    rng = np.random.default_rng([seed, 4])
    before: dict[str, str] = {}
    changed, total = [], 0.0
    for _ in range(days + 1):
        suggestion = Matcher().suggest(there, others, top=1, previous=before.items() if bonus else ())
        today = {pair.newcomer_id: pair.guide_id for pair in suggestion.pairs if pair.rank == 1}
        total += suggestion.report["total_score"]
        still = [row["id"] for row in there if row["id"] in before]
        changed.append(sum(today.get(one) != before[one] for one in still) / max(1, len(still)))
        staying = np.flatnonzero(rng.random(len(there)) >= _LEAVING).tolist()
        kept = [there[at] | {"waiting_days": there[at]["waiting_days"] + 1} for at in staying]
        arriving = [next(coming) | {"waiting_days": 0} for _ in range(len(there) - len(kept))]
        there, before = kept + arriving, today
    return Churn(changed[1:], total)
