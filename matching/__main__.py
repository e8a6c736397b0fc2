"""The matcher as a command: ``python -m matching suggest | fit | assign``.

Input that cannot be used ends with exit status 2, one line on standard error, and nothing written.
"""

import argparse
import gc
import json
import sys
import warnings
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse

from matching.cells import filled, number, whole
from matching.matcher import STAGES, Matcher, silent
from matching.model import ModelError, dump
from matching.prices import assign
from matching.profiles import Guides, Newcomers
from matching.sheets import pairs_csv, reasons_csv
from matching.suggestion import Pair, Suggestion
from matching.tables import InputError, Table, UnknownColumnWarning, read_table, to_csv, write_files
from matching.workers import BACKENDS, ClusterError, at_once, forks, workers


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit status."""
    options = _parser().parse_args(arguments)
    try:
        with warnings.catch_warnings(record=True, category=UnknownColumnWarning) as noticed:
            warnings.simplefilter("always", UnknownColumnWarning)
            texts = options.run(options)
        for warning in noticed:
            sys.stderr.write(f"warning: {warning.message}\n")
        write_files(texts)
    except (InputError, ModelError, ClusterError, ChildProcessError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m matching", description="Match newcomers with volunteer guides.")
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    suggest = commands.add_parser("suggest", help="propose guides to newcomers")
    suggest.set_defaults(run=_suggest)
    suggest.add_argument("--guides", type=Path, required=True, metavar="CSV")
    suggest.add_argument("--newcomers", type=Path, required=True, metavar="CSV")
    suggest.add_argument("--out", type=Path, required=True, metavar="CSV", help="where to write the pairs")
    suggest.add_argument("--top", type=_positive, default=5, help="greatest rank listed (default: 5)")
    suggest.add_argument("--explain", type=Path, metavar="CSV", help="where to write the reasons")
    suggest.add_argument("--report", type=Path, metavar="JSON", help="where to write the run's figures")
    suggest.add_argument("--model", type=Path, metavar="SKOPS", help="a model made by fit")
    suggest.add_argument(
        "--jobs", type=_jobs, default=-1, metavar="N", help="pieces at a time (default: all processors)"
    )
    suggest.add_argument(
        "--backend",
        choices=BACKENDS,
        default=BACKENDS[0],
        help="who works on them: this machine (threads, or forks of the command), processes or a Dask cluster",
    )
    suggest.add_argument("--scheduler", default="", metavar="ADDRESS", help="of the Dask cluster: tcp://HOST:PORT")
    suggest.add_argument("--progress", action="store_true", help="show the stages even if no terminal reads them")
    fit = commands.add_parser("fit", help="learn from outcomes")
    fit.set_defaults(run=_fit)
    fit.add_argument("--guides", type=Path, required=True, metavar="CSV")
    fit.add_argument("--newcomers", type=Path, required=True, metavar="CSV")
    fit.add_argument("--outcomes", type=Path, required=True, metavar="CSV")
    fit.add_argument("--model", type=Path, required=True, metavar="SKOPS", help="where to write the model")
    assignment = commands.add_parser("assign", help="solve an assignment problem")
    assignment.set_defaults(run=_assign)
    assignment.add_argument("--scores", type=Path, required=True, metavar="CSV")
    assignment.add_argument("--capacity", type=Path, required=True, metavar="CSV")
    assignment.add_argument("--out", type=Path, required=True, metavar="CSV", help="where to write the pairs")
    return parser


def _positive(text: str) -> int:
    value = int(text)
    if value < 1:
        raise ValueError
    return value


def _jobs(text: str) -> int:
    return -1 if text == "-1" else _positive(text)


def _suggest(options: argparse.Namespace) -> dict[Path, str | bytes]:
    with workers(options.backend, options.jobs, options.scheduler):
        return _suggested(options)


def _suggested(options: argparse.Namespace) -> dict[Path, str | bytes]:
    newcomers, guides = at_once(partial(Newcomers.read, options.newcomers), partial(Guides.read, options.guides))
    matcher = Matcher().load(options.model) if options.model else Matcher()
    progress = _show if options.progress or sys.stderr.isatty() else silent
    suggestion = matcher.suggest(newcomers, guides, top=options.top, progress=progress)
    written = {options.out: pairs_csv, options.explain: reasons_csv}
    written.pop(None, None)
    texts = dict(zip(written, at_once(*(partial(write, suggestion) for write in written.values())), strict=True))
    if options.report:
        texts[options.report] = json.dumps(_report(matcher, suggestion), indent=2) + "\n"
    return texts


def _show(stage: str, done: float) -> None:
    """One line that each stage overwrites, and that ends with the last."""
    end = "\n" if done == 1 else ""
    sys.stderr.write(f"\r{done:4.0%} {stage:<{max(map(len, STAGES))}}{end}")
    sys.stderr.flush()


def _report(matcher: Matcher, suggestion: Suggestion) -> dict[str, Any]:
    model = matcher.model_.metadata if hasattr(matcher, "model_") else {}
    more = {"comparison": suggestion.comparison, "fairness": suggestion.fairness, "proxies": suggestion.proxies}
    more["model"] = model
    return suggestion.report | more


def _fit(options: argparse.Namespace) -> dict[Path, str | bytes]:
    model = Matcher().fit(options.newcomers, options.guides, options.outcomes).model_
    sys.stdout.write(json.dumps(model.metadata) + "\n")
    return {options.model: dump(model)}


def _assign(options: argparse.Namespace) -> dict[Path, str | bytes]:
    capacity, scores = read_table(options.capacity, "capacity"), read_table(options.scores, "scores")
    capacity.require(("guide_id", "places"))
    scores.require(("newcomer_id", "guide_id", "score"))
    names = capacity.parse("guide_id", filled)
    capacity.refuse_repeats("guide_id", names)
    places = dict(zip(names, capacity.parse("places", whole(0, 10_000)), strict=True))
    guides, newcomers = sorted(places), sorted(set(scores.parse("newcomer_id", filled)))
    matrix = _matrix(scores, newcomers, guides)
    chosen = assign(matrix, np.array([places[guide] for guide in guides], dtype=np.int64))
    rows = [
        (newcomers[row], guides[column], repr(float(matrix[row, column])), 1)
        for row, column in enumerate(chosen.tolist())
        if column >= 0
    ]
    return {options.out: to_csv(Pair._fields, rows)}


def _matrix(scores: Table, newcomers: Sequence[str], guides: Sequence[str]) -> scipy.sparse.csr_array:
    column_of = {guide: column for column, guide in enumerate(guides)}

    def column(text: str) -> int:
        if filled(text) not in column_of:
            raise ValueError(f"no capacity is given for “{text}”")
        return column_of[filled(text)]

    row_of = {newcomer: row for row, newcomer in enumerate(newcomers)}
    rows = [row_of[newcomer] for newcomer in scores.parse("newcomer_id", filled)]
    columns, values = scores.parse("guide_id", column), scores.parse("score", number(0, 1e12))
    scores.refuse_repeats("guide_id", list(zip(rows, columns, strict=True)))
    return scipy.sparse.csr_array((values, (rows, columns)), shape=(len(newcomers), len(guides)))


if __name__ == "__main__":
    gc.disable()  # a run leaves no cycles behind, and looking for them takes a tenth of a large one
    with forks():
        sys.exit(main())
