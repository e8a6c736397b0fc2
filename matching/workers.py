"""Where the pieces of a run are worked on: threads or processes of this machine, or the workers of a Dask cluster.

Pieces go through joblib, so this only configures joblib; the result is the same to the last digit wherever they run.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from joblib import parallel_config

#: ``dask`` needs the package *distributed*; the other two come with joblib.
BACKENDS = ("threading", "loky", "dask")


class ClusterError(ValueError):
    """A Dask cluster that cannot be used; the text says why."""


@contextmanager
def workers(backend: str = "threading", jobs: int = 1, scheduler: str = "") -> Iterator[None]:
    """Within this context, work on the pieces of runs with some workers.

    Args:
        backend: One of BACKENDS.
        jobs: How many pieces at a time, -1 for as many as there are processors (of the cluster, if it is one).
        scheduler: Address of the Dask scheduler, such as ``tcp://10.0.0.5:8786``; needed for ``dask`` alone.

    Raises:
        ClusterError: There is no such backend, or the cluster does not answer.
    """
    if backend not in BACKENDS:
        raise ClusterError(f"unknown backend “{backend}” (known: {' '.join(BACKENDS)})")
    if backend != "dask":
        with parallel_config(backend=backend, n_jobs=jobs):
            yield
        return
    if not scheduler:
        raise ClusterError("dask needs the address of a scheduler")
    try:
        from distributed import Client  # noqa: PLC0415 - not every installation has it
    except ImportError:
        raise ClusterError("dask needs the package distributed: pip install distributed") from None
    try:
        client = Client(scheduler, timeout=10)  # type: ignore[no-untyped-call]
    except (OSError, ValueError) as error:
        raise ClusterError(f"the scheduler {scheduler} cannot be reached: {error}") from None
    with client, parallel_config(backend="dask", n_jobs=jobs):
        yield
