"""Measure the matcher: ``python -m tests.bench [S M L XL]`` prints one JSON object a figure.

``ratio`` is how many times as long (or as much) the alternative named in ``against`` takes; for totals, the share
that the alternative reaches. Times are medians where a run is short. Each size runs in a process of its own, so that
its peak of memory is its own. ``--page FILE`` writes the table of the run into a page of the docs as well.
"""

import argparse
import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from matching import Guides, Matcher, Newcomers
from matching.baselines import BASELINES
from matching.constraints import feasible_pairs
from matching.made_up import Rows, made_up
from matching.prices import optimum
from matching.scorer import PARTS, Scorecard, score_pairs
from matching.shortlist import Shortlist
from matching.tables import to_csv
from tests.bench import alternatives, page, quarter, search, server
from tests.bench.page import tell

#: Newcomers, guides and districts.
SIZES = {"S": (200, 100, 1), "M": (5_000, 2_000, 9), "L": (50_000, 20_000, 45), "XL": (100_000, 40_000, 45)}
MEBIBYTE = 1024
PEOPLE_OF_AN_OFFICE = 10_000
#: So many newcomers are looked up by SQL; the time is reckoned up to all.
QUESTIONS = 1000
ALL_AT_ONCE = "OR-Tools, all pairs at once"


def timed(run: Callable[[], Any], times: int = 1) -> tuple[float, Any]:
    """Median of the seconds that a run takes, and what it returned last."""
    seconds, result = [], None
    for _ in range(times):
        begin = time.perf_counter()
        result = run()
        seconds.append(time.perf_counter() - begin)
    return statistics.median(seconds), result


def run_size(size: str) -> None:
    """All figures of one size."""
    people, volunteers, districts = SIZES[size]
    rows = made_up(people, volunteers, districts=districts)
    if size in {"M", "L", "XL"}:
        _command(size, *rows)
    newcomers, guides = Newcomers.read(rows[0]), Guides.read(rows[1])
    times = 5 if size in {"S", "M"} else 1
    seconds, suggestion = timed(lambda: Matcher().suggest(newcomers, guides), times)
    tell("suggest in process", size, seconds, "s")
    seconds, pairs = timed(lambda: feasible_pairs(newcomers, guides), times)
    tell("feasible pairs", size, seconds, "s")
    tell("feasible pairs found", size, len(pairs), "pairs")
    asked = newcomers.take(np.arange(0, len(newcomers), max(1, len(newcomers) // QUESTIONS)))
    other, _ = timed(lambda: alternatives.a_query_a_person(asked, guides))
    other *= len(newcomers) / len(asked)
    tell("feasible pairs", size, seconds, "s", "a query a person (SQLite, no language)", other / seconds)
    seconds, _ = timed(lambda: score_pairs(Scorecard.prior(), newcomers, guides, pairs), times)
    tell("features and score per million pairs", size, seconds / len(pairs) * 1e6, "s")
    _assignment(size, suggestion)
    if size == "M":
        _search(size)
    if size == "XL":
        _shortlist(size, rows)
        _quarter(size)
    tell("peak memory in process, alternatives included", size, peak(), "MiB")


def peak() -> float:
    """The greatest memory of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / MEBIBYTE


def _assignment(size: str, suggestion: Any) -> None:
    problem = suggestion.problem
    seconds, best = timed(lambda: optimum(problem), 5 if size in {"S", "M"} else 1)
    total = int(problem.gains[best.chosen].sum(dtype=np.int64))
    tell("exact assignment", size, seconds, "s")
    memory = peak()
    for name, other in _exact_alternatives(size).items():
        theirs, reached = timed(lambda other=other: other(problem))
        assert reached == total, f"{name} found {reached}, not {total}"
        tell("exact assignment", size, seconds, "s", name, theirs / seconds)
        if name == ALL_AT_ONCE:
            tell("peak memory up to the assignment", size, memory, "MiB", name, peak() / memory)
    for name, policy in BASELINES.items():
        theirs, chosen = timed(lambda policy=policy: policy(problem, suggestion.newcomers.waiting_days))
        reached = int(problem.gains[chosen].sum(dtype=np.int64))
        tell("greatest total score", size, total / PARTS, "score", name, reached / total)
        tell("exact assignment", size, seconds, "s", name, theirs / seconds)


def _exact_alternatives(size: str) -> dict[str, Callable[[Any], int]]:
    """What reaches the same total, at the sizes that it can be waited for: the dense matrix at L has 10^9 cells."""
    found = {ALL_AT_ONCE: alternatives.all_pairs_at_once}
    if size in {"S", "M"}:
        found["SciPy, dense (LAPJV)"] = alternatives.scipys_solver
        found["SciPy, sparse (LAPJVsp)"] = alternatives.scipys_sparse_solver
    if size == "S":
        found["Munkres in plain Python"] = alternatives.munkres
    return found


def _command(size: str, newcomers: Rows, guides: Rows) -> None:
    """From CSV to CSV with reasons, in a process of its own."""
    with tempfile.TemporaryDirectory() as folder:
        for name, rows in (("newcomers", newcomers), ("guides", guides)):
            cells = ([_cell(value) for value in row.values()] for row in rows)
            (Path(folder) / f"{name}.csv").write_text(to_csv(list(rows[0]), cells), encoding="utf-8")
        files = [f"--{name}={folder}/{name}.csv" for name in ("newcomers", "guides")]
        outputs = [f"--out={folder}/pairs.csv", f"--explain={folder}/reasons.csv"]
        arguments = [sys.executable, "-m", "matching", "suggest", *files, *outputs]
        seconds, _ = timed(lambda: subprocess.run(arguments, check=True))
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    tell("suggest, CSV to CSV with reasons", size, seconds, "s")
    tell("suggest, CSV to CSV with reasons", size, used.ru_utime + used.ru_stime, "s of processor time")
    tell("suggest, CSV to CSV with reasons", size, used.ru_maxrss / MEBIBYTE, "MiB")


def _cell(value: object) -> object:
    if isinstance(value, dict):
        return ";".join(f"{key}:{item}" for key, item in value.items())
    if isinstance(value, list):
        return ";".join(value)
    return int(value) if isinstance(value, bool) else value


def _shortlist(size: str, rows: tuple[Rows, Rows]) -> None:
    """One newcomer's top five among all guides, some of them just changed."""
    shortlist = Shortlist(rows[1])
    for row in rows[1][:50]:
        shortlist.put(row)
    newcomers, guides = Newcomers.read(rows[0][:2000]), Guides.read(rows[1])
    in_sql = timed(lambda: alternatives.a_query_a_person(newcomers, guides))[0] / len(newcomers) * 1000
    seconds = [timed(lambda row=row: shortlist.top(row))[0] for row in rows[0][:2000]]
    of_server = server.top_five(rows[0][:2000], rows[1])
    tell("top five made ready in the server", size, of_server.first, "s")
    for where, times in (("in memory", seconds), ("in the server, its database included", of_server.later)):
        median, slow = (1000 * float(np.percentile(times, share)) for share in (50, 99))
        bench, other = f"one newcomer's top five {where}", "a query a person (SQLite, no language, no score)"
        tell(f"{bench}, median", size, median, "ms", other, in_sql / median)
        tell(f"{bench}, 99th percentile", size, slow, "ms", other, in_sql / slow)


def _search(size: str) -> None:
    """Somebody is looked for by name among all people of one office."""
    ours, theirs = search.look_up(PEOPLE_OF_AN_OFFICE)
    for what, share in (("median", 50), ("99th percentile", 99)):
        ms, others = (1000 * float(np.percentile(times, share)) for times in (ours, theirs))
        bench = f"somebody looked for among {PEOPLE_OF_AN_OFFICE} people, {what}"
        tell(bench, size, ms, "ms", "names compared as they are spelled (SQLite)", others / ms)


def _quarter(size: str) -> None:
    """The Land's figures of a quarter are counted, with three years of events in the database."""
    events, seconds, held = quarter.counted(*SIZES[size])
    tell("events in the database", size, events, "events")
    tell("the Land's quarter counted (SQLite)", size, seconds, "s")
    tell("the Land's quarter counted, memory that Python holds", size, held, "MiB")


def main(arguments: list[str]) -> int:
    """Run the sizes asked for, all by default."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description="Measure the matcher.")
    parser.add_argument("sizes", nargs="*", metavar="SIZE", help=f"of {' '.join(SIZES)} (default: all)")
    parser.add_argument("--page", type=Path, metavar="FILE", help="a page whose table of figures is renewed")
    parser.add_argument("--only", choices=SIZES, help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if unknown := set(options.sizes) - set(SIZES):
        parser.error(f"unknown size: {' '.join(unknown)}")
    if options.only:
        run_size(options.only)
        return 0
    figures = [figure for size in options.sizes or SIZES for figure in _in_a_process(size)]
    if options.page:
        options.page.write_text(
            page.renewed(options.page.read_text(encoding="utf-8"), figures, datetime.now(tz=UTC).date()),
            encoding="utf-8",
        )
    return 0


def _in_a_process(size: str) -> Iterator[page.Figure]:
    """The figures of one size, printed as they come."""
    command = [sys.executable, "-m", "tests.bench", "--only", size]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        for line in process.stdout or ():
            sys.stdout.write(line)
            sys.stdout.flush()
            yield json.loads(line)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
