"""gunicorn with two workers, as it is deployed, and people who click."""

import http.client
import os
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookies import SimpleCookie
from itertools import count, cycle
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from lotsen.config import ROOT
from tests import factories as make
from tests.bench.land.walk import LOOK_UP, csrf
from tests.ports import free_port

#: So many people click at the same time where pages a second are counted.
AT_ONCE: Final = 4
_PATIENCE: Final = 30.0


@dataclass(frozen=True, slots=True)
class Server:
    """A running server: its port, the number of its first process, and the seconds until it answered."""

    port: int
    process: int
    started: float

    def memory(self, kind: str = "Pss") -> float:
        """The memory in MiB of the worker that has most.

        Args:
            kind: `Pss`, to which a page of memory that several processes share counts in equal parts: what one worker
                more would take; or `Rss`, to which it counts in full, in each.
        """
        return max(_memory(Path(f"/proc/{child}/smaps_rollup").read_text(), kind) for child in _children(self.process))


def worked(server: Server, postmaster: int) -> float:
    """Return the milliseconds that the server's workers and the database's connections have spent on a processor.

    Unlike the time on the clock, they do not grow with what else the machine has to do.
    """
    workers = _children(server.process)
    connections = (each for each in _children(postmaster) if b"[local]" in Path(f"/proc/{each}/cmdline").read_bytes())
    threads = (thread for each in (*workers, *connections) for thread in Path(f"/proc/{each}/task").iterdir())
    return sum(int((thread / "schedstat").read_text().split()[0]) for thread in threads) / 1e6


def _children(process: int) -> list[str]:
    return Path(f"/proc/{process}/task/{process}/children").read_text().split()


def _memory(rollup: str, kind: str) -> float:
    line = next(line for line in rollup.splitlines() if line.startswith(f"{kind}:"))
    return int(line.split()[1]) / 1024


@contextmanager
def served(app: str, ready: str, **environ: str) -> Iterator[Server]:
    """Serve `module:app` until the end of the block; `ready` is the path that answers 200 once it is."""
    port, begun = free_port(), time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", "deploy/gunicorn.conf.py", app], cwd=ROOT,
        env=os.environ | environ | {"LOTSEN_BIND": f"127.0.0.1:{port}", "LOTSEN_WORKERS": "2"},
    )  # fmt: skip
    try:
        while not _answers(port, ready):
            assert process.poll() is None, "the server did not start"
            assert time.perf_counter() - begun < _PATIENCE
            time.sleep(0.02)
        yield Server(port, process.pid, time.perf_counter() - begun)
    finally:
        process.terminate()
        process.wait()


def _answers(port: int, path: str) -> bool:
    try:
        return Browser(port).get(path)[0] == 200
    except OSError:
        return False


class Browser:
    """One person's cookies; a connection for each page, as a reverse proxy opens it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.cookies: SimpleCookie = SimpleCookie()

    def get(self, path: str) -> tuple[int, str]:
        """Return the status and the page."""
        return self._ask("GET", path)

    def post(self, path: str, **data: str) -> None:
        """Send a form of the page at `path`."""
        body = urlencode({"csrf_token": csrf(self.get(path)[1]), **data})
        status, page = self._ask("POST", path, body)
        assert status == 302, page

    def sign_in(self, email: str, *, looks_up: bool) -> None:
        """Sign in as on the page, and type a name where one looks somebody up."""
        self.post("/login", email=email, password=make.PASSWORD)
        if looks_up:
            self.post("/office/search", **LOOK_UP)

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, str]:
        headers = {"Cookie": "; ".join(f"{each.key}={each.value}" for each in self.cookies.values())}
        if body:
            headers |= {"Content-Type": "application/x-www-form-urlencoded"}
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        page = answer.read().decode(errors="replace")
        connection.close()
        for cookie in answer.headers.get_all("Set-Cookie", ()):
            self.cookies.load(cookie)
        return answer.status, page


def timed(browser: Browser, path: str) -> float:
    """Return the milliseconds until the whole page is there."""
    begin = time.perf_counter()
    status, page = browser.get(path)
    assert status == 200, (path, status, page)
    return 1000 * (time.perf_counter() - begin)


def clicking(port: int, seconds: float, visits: list[tuple[SimpleCookie, str]]) -> int:
    """Let several people open these pages in turn for a while; return how many pages they saw."""
    until = time.monotonic() + seconds
    with ThreadPoolExecutor(AT_ONCE) as people:
        return sum(people.map(lambda first: _click(port, until, visits[first:] + visits[:first]), range(AT_ONCE)))


def _click(port: int, until: float, visits: list[tuple[SimpleCookie, str]]) -> int:
    browser, turn = Browser(port), cycle(visits)
    for seen in count():
        if time.monotonic() > until:
            return seen
        cookies, path = next(turn)
        browser.cookies = SimpleCookie(cookies.output(header="", sep=";"))
        timed(browser, path)
    raise AssertionError("time does not end")


def bare() -> Any:
    """Return a Flask application with one page and one query: what ours is compared with."""
    from flask import Flask  # noqa: PLC0415 -- in the server's processes alone
    from sqlalchemy import create_engine, text  # noqa: PLC0415

    app = Flask("bare")
    engine = create_engine(os.environ["LOTSEN_DATABASE_URL"].replace("postgresql:", "postgresql+psycopg:"))

    @app.get("/")
    def page() -> str:
        with engine.connect() as connection:
            name = connection.execute(text("SELECT first_name FROM person WHERE id = 1")).scalar_one()
        return f"<!doctype html><title>Bare</title><h1>{name}</h1>"

    return app
