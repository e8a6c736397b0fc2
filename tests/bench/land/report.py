"""The page of the docs that a run writes: figures by size, and every page of the office that is near its limit."""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final, Protocol

import numpy as np

from lotsen.rules.vocabulary import Role
from tests.bench.land.nightly import LONGEST, WATCHED, Ran
from tests.bench.land.walk import Page

HEAD: Final = """# How much load it takes

Written by `python -m tests.bench.land --page docs/load.md` on {day}: PostgreSQL with its default settings but for parallel
queries, gunicorn with two workers, and those who click, all on one machine with {cores} processors. Its load average while
pages were opened was {busy}; the run alone makes between 1 and 2. What is above is the work of
others: times on the clock have waited for them. So the limits are compared with the processor time of server and database
for each page, which is about how long it takes on a machine that has nothing else to do.

The Land is made up: 100,000 newcomers and 40,000 guides with 1,000,000 events in 16 offices. One of them has a quarter of
all, and it is its office that is measured; a district has 4,000, 1,600 and 40,000 of the same kind. Every page of every
role is opened {rounds} times in turn, until its last byte is there: lists also narrowed and on far pages, files of changing
people. Limits at the 99th percentile: 200 ms, for newcomers and guides 50 ms.

"""  # noqa: E501 -- a paragraph of Markdown, its numbers still to be filled in
#: Milliseconds at the 99th percentile that a page may take.
LIMITS: Final = {Role.NEWCOMER: 50, Role.GUIDE: 50}
OTHERS: Final = 200
#: So many of each size's slowest pages are named.
_NAMED: Final = 15


@dataclass(slots=True)
class Opened:
    """A page, and what it took each time that it was opened, in ms: on the clock, and of a processor."""

    page: Page
    took: list[float] = field(default_factory=list)
    worked: list[float] = field(default_factory=list)


class Measured(Protocol):
    """What one size came to."""

    size: str
    busy: list[float]
    figures: list[dict[str, Any]]
    pages: list[Opened]
    jobs: list[Ran]


def page(measured: Sequence[Measured], day: date) -> str:
    """Return the whole page."""
    busy = ", ".join(f"{each.size} {' to '.join(f'{load:.1f}' for load in each.busy)}" for each in measured)
    rounds = max(len(opened.took) for each in measured for opened in each.pages)
    head = HEAD.format(day=day, cores=os.cpu_count(), busy=busy, rounds=rounds)
    return head + _figures(measured) + "".join(map(_slowest, measured)) + _jobs(measured)


def _figures(measured: Sequence[Measured]) -> str:
    rows: dict[str, dict[str, str]] = {}
    for each in measured:
        for figure in each.figures:
            ratio = f" ({figure['ratio']:.2f} × {figure['against']})" if figure["against"] else ""
            row = rows.setdefault(f"{figure['bench']}, {figure['unit']}", {})
            row[each.size] = f"{figure['value']:,.4g}{ratio}"
    sizes = [each.size for each in measured]
    lines = [f"| | {' | '.join(sizes)} |", f"| --- |{' ---: |' * len(sizes)}"]
    lines += [f"| {name} | {' | '.join(row.get(size, '') for size in sizes)} |" for name, row in rows.items()]
    return "\n".join(lines) + "\n"


def _slowest(each: Measured) -> str:
    """The pages of one size that come nearest to their limits, and how many are over them."""
    ranked = sorted(each.pages, key=lambda opened: -_p99(opened.worked) / _limit(opened.page))
    over = sum(_p99(opened.worked) > _limit(opened.page) for opened in ranked)
    lines = [
        f"\n## Nearest to their limits: {each.size}\n",
        f"{len(ranked)} pages were opened; {over} take more of a processor than their limit at the 99th percentile.\n",
        "| Page | Role | Queries | Processor p50, p99, ms | Clock p50, p99, ms | Limit, ms |",
        "| --- | --- | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| `{one.page.endpoint}` | {one.page.role} | {one.page.queries} | {_both(one.worked)} | {_both(one.took)} | "
        f"{_limit(one.page)} |"
        for one in ranked[:_NAMED]
    ]
    return "\n".join(lines) + "\n"


def _jobs(measured: Sequence[Measured]) -> str:
    """Each job's run by size: it stands in the order of the runs, which is that of a night and a morning."""
    sizes = [each.size for each in measured]
    lines = [
        "\n## Each job once\n",
        "Nobody has run a job on these databases before: one run does what three years have left undone, and of"
        f"\nmails sends what it can in {WATCHED:.0f} s. What takes more than {LONGEST} s is stopped. The last column is"
        "\nwithout the database's share.\n",
        f"| Job |{''.join(f' {size}: done | s | of a processor, s |' for size in sizes)}",
        f"| --- |{' ---: | ---: | ---: |' * len(sizes)}",
    ]
    for runs in zip(*(each.jobs for each in measured), strict=True):
        cells = "".join(f" {_done(run)} | {run.took:.1f} | {run.worked:.1f} |" for run in runs)
        lines.append(f"| {runs[0].name} |{cells}")
    return "\n".join(lines) + "\n"


def _done(run: Ran) -> str:
    if run.done < 0:
        return "stopped"
    return f"{run.done:,}" + (f" ({run.failed} failed)" if run.failed else "")


def _both(times: list[float]) -> str:
    return f"{np.median(times):.0f}, {_p99(times):.0f}"


def _p99(times: list[float]) -> float:
    return float(np.percentile(times, 99))


def _limit(shown: Page) -> int:
    return LIMITS.get(shown.role, OTHERS)
