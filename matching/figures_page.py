"""The page of figures: tables in Markdown, plots as SVG files in a folder named like the page."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from matching.churn import Churn
from matching.plots import Point, bars, curves

if TYPE_CHECKING:
    from matching.evaluation import Result

_PAGE = """# Figures of the matcher

Written by `python -m matching.evaluation --page docs/matcher-figures.md`; the same on every machine. What is compared,
and in what world, is told in [the matcher](matcher.md#figures). All of it is simulated: it compares ways of assigning,
and says nothing about how many people real guides will reach.

{table}
{placed}
{waiting}
{kept}
## Do the chances come true?

Proposals of a further world that the learned model has not seen, by tenths of their score: the share that was accepted
and lasted. On the diagonal a score means what it says.

{calibration}
| Model | Mean score | Share kept |
| --- | --- | --- |
{calibration_rows}

## How much changes from day to day?

The same newcomers day after day, of whom one in fifty leaves and is replaced: the share of yesterday's open proposals
that are others today. With the bonus for yesterday's proposal {calmer}.
The total score of all days is {cost} lower with it.

{churn}
"""


def figures_page(
    page: Path,
    results: Sequence["Result"],
    table: str,
    calibration: Mapping[str, Sequence[Point]],
    days: Mapping[str, Churn],
) -> dict[Path, str | bytes]:
    """The page and its plots, by the path they belong to."""
    plots = _of_policies(results) | {"calibration": _calibration(calibration), "churn": _churn(days)}
    folder = page.with_suffix("")
    folder.mkdir(parents=True, exist_ok=True)
    images = {name: f"![{plot[1]}]({folder.name}/{name}.svg)\n" for name, plot in plots.items()}
    before, after = days.values()
    text = _PAGE.format(
        table=table,
        calibration_rows=_rows(calibration),
        calmer=f"{_mean(after):.1%} change a day, without {_mean(before):.1%}",
        cost=f"{1 - after.total_score / before.total_score:.3%}",
        **images,
    )
    written: dict[Path, str | bytes] = {folder / f"{name}.svg": plot[0] for name, plot in plots.items()}
    return {page: text.rstrip() + "\n"} | written


def _mean(of: Churn) -> float:
    return sum(of.changed) / len(of.changed)


def _of_policies(results: Sequence["Result"]) -> dict[str, tuple[str, str]]:
    """Each plot with its description."""
    placed = {result.policy: [100 * result.placed] for result in results}
    waiting = {result.policy: [result.median_days, result.long_days] for result in results}
    kept = {result.policy: [result.kept] for result in results}
    told = {
        name: "; ".join(f"{policy}: {' and '.join(f'{value:.1f}' for value in group)}" for policy, group in of.items())
        for name, of in (("placed", placed), ("waiting", waiting), ("kept", kept))
    }
    about = {
        "placed": f"Percent of those asking who were placed, by policy: {told['placed']}.",
        "waiting": f"Median and 90th percentile of the days waited, by policy: {told['waiting']}.",
        "kept": f"Pairings kept for 100 people asking, by policy: {told['kept']}.",
    }
    series = ("median", "90th percentile")
    return {
        "placed": (bars("People placed", about["placed"], "%", placed), about["placed"]),
        "waiting": (bars("Days waited", about["waiting"], "days", waiting, series), about["waiting"]),
        "kept": (bars("Pairings kept", about["kept"], "of 100", kept), about["kept"]),
    }


def _calibration(of: Mapping[str, Sequence[Point]]) -> tuple[str, str]:
    about = "Share of proposals that were accepted and lasted, by score; the table below has the numbers."
    series = dict(of) | {"as told": [(0.0, 0.0), (1.0, 1.0)]}
    return curves("Scores and what came of them", about, ("score", "share kept"), series, (1.0, 1.0)), about


def _rows(of: Mapping[str, Sequence[Point]]) -> str:
    return "\n".join(f"| {name} | {mean:.2f} | {share:.2f} |" for name, points in of.items() for mean, share in points)


def _churn(days: Mapping[str, Churn]) -> tuple[str, str]:
    most = max(max(of.changed) for of in days.values())
    series = {name: [(day, 100 * share) for day, share in enumerate(of.changed, 1)] for name, of in days.items()}
    told = "; ".join(f"{name} {100 * _mean(of):.1f} on average" for name, of in days.items())
    about = f"Percent of yesterday's open proposals that changed, by day: {told}."
    ends = (float(max(len(of.changed) for of in days.values())), float(4 * -(-100 * most // 4)))
    return curves("Proposals changed since yesterday", about, ("day", "percent"), series, ends), about
