"""What a run is reported to have done: figures, fairness and shortages, for all and for each municipality by itself."""

from typing import Any, Final

from lotsen.services import model
from lotsen.services.planning import Plan
from lotsen.services.proposals import Changes
from matching import Suggestion
from matching.shortage import shortages

#: How many guides who are missing an office is told of.
MISSING: Final = 5


Columns = dict[str, Any]


def report(
    plan: Plan, municipality_id: int | None, changes: Changes, seconds: float
) -> tuple[Columns, dict[int, Columns]]:
    """Return the columns of a run's row, and those of each municipality's where the run was for all."""
    if municipality_id is not None:
        return _of_municipality(plan, municipality_id, changes, seconds), {}
    guides = len(plan.assigned.suggestion.guides)
    told = {"kept": changes.kept.total(), "new": changes.new.total(), "dropped": changes.dropped.total()}
    parts = {number: _of_municipality(plan, number, changes, seconds) for number in plan.round.land.offices}
    return _columns(plan, plan.assigned.suggestion, guides, told, seconds), parts


def _of_municipality(plan: Plan, number: int, changes: Changes, seconds: float) -> Columns:
    """Return the columns of a run's row over one municipality's own people alone."""
    code = plan.round.land.offices[number].code
    told = {"kept": changes.kept[number], "new": changes.new[number], "dropped": changes.dropped[number]}
    guides = plan.assigned.suggestion.guides.municipality.count(code)
    columns = _columns(plan, plan.assigned.of(code), guides, told, seconds)
    columns["fairness"].pop("place", None)
    return columns


def _columns(plan: Plan, part: Suggestion, guides: int, changes: dict[str, int], seconds: float) -> Columns:
    people = set(part.newcomers.ids)
    helped = {choice.line.newcomer_id for choice in plan.chosen if choice.needs_interpreter} & people
    report = part.report
    return {
        "figures": {
            "newcomers": len(people),
            "guides": guides,
            "feasible_pairs": report["feasible_pairs"],
            "placed": report["placed"] + len(helped),
            "with_interpreter": len(helped),
            "chosen": report["chosen_pairs"] + len(helped),
            "total_score": round(report["total_score"], 4),
            "seconds": round(seconds, 3),
            "model": model.version(),
            "comparison": part.comparison if people else {},
            "proxies": part.proxies if people else {},
        },
        "changes": changes,
        "fairness": part.fairness if people else {},
        "shortage": [missing._asdict() for missing in shortages(part, MISSING)] if people else [],
    }
