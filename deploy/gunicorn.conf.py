"""The web server: `gunicorn -c deploy/gunicorn.conf.py wsgi:app`. One process a worker, several threads in each."""

import gc
import os
from importlib import import_module
from pathlib import Path

from prometheus_client.multiprocess import mark_process_dead

bind = os.environ.get("LOTSEN_BIND", "127.0.0.1:8000")
#: Two for a district, one more a processor for more; see the table of sizes in docs/administration.md.
workers = int(os.environ.get("LOTSEN_WORKERS", "2"))
threads = 8
worker_class = "gthread"
#: A worker that hangs is replaced; one that is told to stop finishes what it has begun.
timeout = 60
graceful_timeout = 30
#: Replaced now and then, not all at once, so that memory never creeps.
max_requests = 20_000
max_requests_jitter = 2_000
#: Lotsen writes its own line a request, without addresses of people or files.
accesslog = None
loglevel = "warning"
#: Nobody steers it from beside: systemd or compose does, and the home it would open a socket in cannot be written to.
control_socket_disable = True


def on_starting(_server: object) -> None:
    """Make ready what all workers share: the folder of their figures, begun anew, and Lotsen's code.

    The code is loaded once, and the workers fork from there: they start at once, and hold it in the same memory. Each
    makes its own application, so that a reload takes over changed settings.
    """
    folder = os.environ.get("PROMETHEUS_MULTIPROC_DIR")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        for file in Path(folder).glob("*.db"):
            file.unlink()
    gc.disable()  # nothing of what is loaded here is garbage, and looking for it takes a fifth of the time
    import_module("lotsen.app")
    gc.enable()
    _keep()


def post_worker_init(_worker: object) -> None:
    """Keep the application, too; look for garbage rarely: what a page leaves behind goes without that."""
    _keep()
    gc.set_threshold(20_000, 20, 50)


def _keep() -> None:
    """Let the garbage collector pass over what stays anyway: else it would read it, and copy shared memory by that."""
    gc.collect()
    gc.freeze()


def child_exit(_server: object, worker: object) -> None:
    """Forget the figures that held for a worker which is gone."""
    if os.environ.get("PROMETHEUS_MULTIPROC_DIR"):
        mark_process_dead(worker.pid)
