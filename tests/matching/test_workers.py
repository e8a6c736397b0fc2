"""Threads, forks and a real Dask cluster of processes give what one process gives, to the last digit."""

import os
import signal
import subprocess
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from matching import Matcher
from matching.__main__ import main
from matching.workers import ClusterError, at_once, forking, forks, workers
from tests.matching.people import write
from tests.matching.test_split import separate


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A Dask cluster of two processes on this machine."""
    from distributed import LocalCluster  # noqa: PLC0415 - slow to import

    with LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address="127.0.0.1:0", host="127.0.0.1"
    ) as cluster:
        yield cluster


@contextmanager
def busy(cluster: Any) -> Iterator[None]:
    """The cluster, not this process, works on the pieces."""
    before = cluster.scheduler.transition_counter
    yield
    assert cluster.scheduler.transition_counter > before


@pytest.mark.slow
@pytest.mark.xdist_group("dask")
def test_a_dask_cluster_of_processes_gives_the_same_to_the_last_digit(cluster: Any) -> None:
    people = separate(4)
    alone = Matcher().suggest(*people)
    with busy(cluster), workers("dask", -1, cluster.scheduler_address):
        found = Matcher().suggest(*people)
    assert found.pairs == alone.pairs
    assert found.reasons == alone.reasons
    assert (found.objective.gains == alone.objective.gains).all()
    assert (found.chosen == alone.chosen).all()


@pytest.mark.slow
@pytest.mark.xdist_group("dask")
def test_the_command_sends_its_pieces_to_a_cluster(cluster: Any, tmp_path: Path) -> None:
    people = separate(2)
    files = [
        f"--{name}={write(tmp_path / f'{name}.csv', rows)}"
        for name, rows in zip(("newcomers", "guides"), people, strict=True)
    ]
    written = []
    for name, where in (
        ("alone", ["--jobs=1"]),
        ("cluster", ["--backend=dask", f"--scheduler={cluster.scheduler_address}"]),
    ):
        out = [tmp_path / f"{name}-pairs.csv", tmp_path / f"{name}-reasons.csv"]
        assert main(["suggest", *files, f"--out={out[0]}", f"--explain={out[1]}", *where]) == 0
        written.append([file.read_bytes() for file in out])
    assert written[0] == written[1]


@pytest.mark.parametrize(
    ("where", "said"),
    [
        (("cloud", 1, ""), "unknown backend “cloud”"),
        (("dask", 1, ""), "needs the address"),
        (("dask", 1, "nonsense://"), "cannot be reached"),
    ],
)
def test_a_cluster_that_cannot_be_used_is_told(where: tuple[str, int, str], said: str) -> None:
    with pytest.raises(ClusterError, match=said), workers(*where):
        pass


def test_the_command_forks_and_writes_the_same(tmp_path: Path) -> None:
    people = separate(2)
    people[1][0]["shoe_size"] = "43"
    for row in people[1][1:]:
        row["shoe_size"] = ""
    files = [
        f"--{name}={write(tmp_path / f'{name}.csv', rows)}"
        for name, rows in zip(("newcomers", "guides"), people, strict=True)
    ]
    said = []
    for jobs in ("1", "2"):
        outputs = [f"--{name}={tmp_path / name}-{jobs}" for name in ("out", "explain", "report")]
        ended = subprocess.run(
            [sys.executable, "-m", "matching", "suggest", *files, *outputs, f"--jobs={jobs}"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        said.append(ended.stderr)
    for name in ("out", "explain", "report"):
        assert (tmp_path / f"{name}-1").read_bytes() == (tmp_path / f"{name}-2").read_bytes()
    assert said[0] == said[1]
    assert "shoe_size" in said[0]


def test_forks_work_beside_this_process_and_answer_in_order() -> None:
    assert at_once(os.getpid, os.getpid) == [os.getpid()] * 2
    with forks():
        own, first, second = at_once(os.getpid, os.getpid, os.getpid)
    assert len({first, second, own}) == 3
    assert own == os.getpid()


@pytest.mark.parametrize("where", [("threading", 1), ("loky", 2)])
def test_only_where_threads_would_work_does_anything_fork(where: tuple[str, int]) -> None:
    with forks():
        with workers("threading", 2):
            assert forking()
        with workers(*where):
            assert not forking()
    with workers("threading", 2):
        assert not forking()


def fail(text: str) -> None:
    warnings.warn(f"{text} is near", stacklevel=1)
    raise LookupError(text)


@pytest.mark.parametrize("allowed", [False, True])
def test_the_first_error_is_raised_with_the_warnings_before_it(allowed: bool) -> None:
    with forks(allowed), pytest.warns(UserWarning, match="near") as noticed, pytest.raises(LookupError, match="first"):
        at_once(dict, partial(fail, "first"), partial(fail, "second"))
    assert [str(each.message) for each in noticed] == ["first is near"]


def test_a_fork_that_is_killed_is_told() -> None:
    with forks(), pytest.raises(ChildProcessError, match="killed"):
        at_once(dict, lambda: os.kill(os.getpid(), signal.SIGKILL))
