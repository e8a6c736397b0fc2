"""Threads, processes and a real Dask cluster of processes give what one process gives, to the last digit."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from matching import Matcher
from matching.__main__ import main
from matching.workers import ClusterError, workers
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
