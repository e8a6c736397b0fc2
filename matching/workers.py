"""Where the pieces of a run are worked on: threads or processes of this machine, or the workers of a Dask cluster.

Pieces go through joblib, so this only configures joblib; the result is the same to the last digit wherever they run.

The command, which is alone in its process, may also fork: a fork has all that has been read, so only what it finds has
to be handed over. A server may not, for its threads would be missing in the fork with whatever they hold.
"""

import multiprocessing
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from multiprocessing.connection import Connection
from typing import Any

from joblib import parallel_config

#: ``dask`` needs the package *distributed*; the other two come with joblib.
BACKENDS = ("threading", "loky", "dask")

_forking = ContextVar("_forking", default=False)


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
        with parallel_config(backend=backend, n_jobs=jobs), forks(forking() and backend == "threading" and jobs != 1):
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
    with client, parallel_config(backend="dask", n_jobs=jobs), forks(False):
        yield


@contextmanager
def forks(allowed: bool = True) -> Iterator[None]:
    """Within this context :func:`at_once` forks if that is allowed and the system can."""
    token = _forking.set(allowed and "fork" in multiprocessing.get_all_start_methods())
    try:
        yield
    finally:
        _forking.reset(token)


def forking() -> bool:
    """Whether :func:`at_once` forks."""
    return _forking.get()


def at_once(*tasks: Callable[[], Any]) -> list[Any]:
    """What some tasks return: within :func:`forks` each but the first is a process, else one follows the other.

    Errors and warnings are those that one after the other would give.

    Raises:
        ChildProcessError: A process was killed.
    """
    if not _forking.get():
        return [task() for task in tasks]
    begun = [_begun(task) for task in tasks[1:]]
    first = _outcome(tasks[0])
    results = []
    for result, error, noticed in [first, *map(_ended, begun)]:
        for message in noticed:
            warnings.warn(message, stacklevel=2)
        if error is not None:
            raise error
        results.append(result)
    return results


_Outcome = tuple[Any, Exception | None, list[Warning]]


def _begun(task: Callable[[], Any]) -> tuple[multiprocessing.process.BaseProcess, Connection]:
    ours, theirs = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(target=lambda: theirs.send(_outcome(task)), daemon=True)
    process.start()
    theirs.close()
    return process, ours


def _ended(begun: tuple[multiprocessing.process.BaseProcess, Connection]) -> _Outcome:
    process, connection = begun
    with connection:
        try:
            outcome: _Outcome = connection.recv()
        except EOFError:
            outcome = None, ChildProcessError("a process that took part was killed"), []
    process.join()
    return outcome


def _outcome(task: Callable[[], Any]) -> _Outcome:
    with warnings.catch_warnings(record=True) as noticed:
        warnings.simplefilter("always")
        try:
            result, error = task(), None
        except Exception as raised:
            result, error = None, raised
    return result, error, [each.message for each in noticed if isinstance(each.message, Warning)]
