"""Lotsen as in production: two workers of gunicorn and two job runners, each a process, on one PostgreSQL."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlsplit
from urllib.request import Request, urlopen

import pytest
from sqlmodel import func, select

from lotsen.config import ROOT, Config
from lotsen.models import JobRun
from tests import factories as make
from tests.faults.workers import wait_until
from tests.ports import free_port

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("faults"),
    pytest.mark.parametrize("database_url", ["postgresql"], indirect=True),
]
TOKEN = "a token of more than thirty-two characters"


@dataclass
class Running:
    """The processes, and where the web server is asked."""

    url: str
    web: subprocess.Popen[str]
    runners: list[subprocess.Popen[str]]
    log: Path

    def get(self, path: str, **headers: str) -> tuple[int, str]:
        """Ask as the reverse proxy does."""
        proxy = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7", "Host": "lotsen.example"}
        asked = Request(self.url + path, headers=proxy | headers)  # noqa: S310 -- our own server
        try:
            with urlopen(asked, timeout=30) as answer:  # noqa: S310
                return answer.status, answer.read().decode()
        except HTTPError as error:
            with error:
                return error.code, error.read().decode()

    def ready(self) -> bool:
        """Whether it can work."""
        try:
            return self.get("/health/ready")[0] == 200
        except OSError:
            return False


@contextmanager
def running(config: Config, folder: Path) -> Iterator[Running]:
    """Start everything, and leave nothing behind."""
    port, log = free_port(), folder / "log"
    given = {f"LOTSEN_{name.upper()}": str(getattr(config, name)) for name in Config.__dataclass_fields__}
    env = os.environ | given | {
        "LOTSEN_BIND": f"127.0.0.1:{port}", "LOTSEN_WORKERS": "2", "PROMETHEUS_MULTIPROC_DIR": str(folder / "metrics"),
        "HOME": str(folder / "home"),
    }  # fmt: skip
    with log.open("w") as out:

        def start(module: str, *arguments: str) -> subprocess.Popen[str]:
            command = [sys.executable, "-m", module, *arguments]
            return subprocess.Popen(command, cwd=ROOT, env=env, stdout=out, stderr=out, text=True)

        web = start("gunicorn", "-c", "deploy/gunicorn.conf.py", "wsgi:app")
        runners = [start("flask", "--app", "wsgi", "jobs", "run") for _ in range(2)]
        own = Running(f"http://127.0.0.1:{port}", web, runners, log)
        try:
            wait_until(own.ready)
            yield own
        finally:
            for process in (web, *runners):
                process.kill() if process.poll() is None else None
                process.wait()


@pytest.fixture
def production(config: Config, database) -> Config:
    with database.transaction() as session:
        make.municipality(session)
    return replace(
        config, environment="production", base_url="https://lotsen.example", proxies="1", metrics_token=TOKEN
    )


def test_workers_share_figures_and_slots_survive_a_killed_one_and_stop_gracefully(production, database, tmp_path):
    with running(production, tmp_path) as lotsen:
        wait_until(lambda: both_work(lotsen, tmp_path))
        before = answered(lotsen)
        assert all(lotsen.get("/")[0] == 200 for _ in range(20))
        assert answered(lotsen) == before + 20  # of both workers together, whichever was asked

        os.kill(children(lotsen.web.pid)[0], signal.SIGKILL)
        assert all(lotsen.get("/")[0] == 200 for _ in range(10))

        wait_until(lambda: slots(database))
        with database.reading() as session:
            twice = select(JobRun.job).group_by(JobRun.job, JobRun.slot).having(func.count() > 1)
            assert session.exec(twice).all() == []

        wait_until(lambda: both_work(lotsen, tmp_path))
        begun = [half_a_request(lotsen) for _ in range(4)]
        for process in (lotsen.web, *lotsen.runners):
            process.terminate()
        assert [finish(request) for request in begun] == [
            400
        ] * 4  # the form's token is missing: an answer all the same
        assert [process.wait(timeout=60) for process in (lotsen.web, *lotsen.runners)] == [0, 0, 0]

    lines = [json.loads(line) for line in lotsen.log.read_text().splitlines() if line.startswith("{")]
    requests = [line for line in lines if line["event"] == "request"]
    assert len({line["request"] for line in requests}) == len(requests) >= 30
    assert "192.0.2.7" not in lotsen.log.read_text()
    assert "Traceback" not in lotsen.log.read_text()
    assert not (tmp_path / "home").exists(), "in production there is no home to write to"


def answered(lotsen: Running) -> float:
    """How often the first page was answered, as the metrics tell it."""
    _status, figures = lotsen.get("/metrics", Authorization=f"Bearer {TOKEN}")
    labels = '{endpoint="public.index",method="GET",status="200"}'
    [line] = [line for line in figures.splitlines() if line.startswith(f"lotsen_request_seconds_count{labels}")]
    return float(line.rpartition(" ")[2])


def both_work(lotsen: Running, folder: Path) -> bool:
    """Whether both workers that are there have answered something: each has a file of figures then."""
    lotsen.get("/")
    workers = children(lotsen.web.pid)
    return len(workers) == 2 and all((folder / "metrics" / f"histogram_{number}.db").exists() for number in workers)


def half_a_request(lotsen: Running) -> socket.socket:
    """Send a form's head; return when the server has begun with it and asks for the rest."""
    address = urlsplit(lotsen.url)
    connection = socket.create_connection((str(address.hostname), address.port or 80), timeout=60)
    head = (
        "POST /status HTTP/1.1", "Host: lotsen.example", "X-Forwarded-Proto: https", "Expect: 100-continue",
        "Content-Type: application/x-www-form-urlencoded", "Content-Length: 9", "Connection: close",
    )  # fmt: skip
    connection.sendall(("\r\n".join(head) + "\r\n\r\n").encode())
    assert connection.recv(1000).startswith(b"HTTP/1.1 100")
    return connection


def finish(connection: socket.socket) -> int:
    """Send the rest; return the answer's status."""
    with connection:
        connection.sendall(b"code=1234")
        return int(connection.recv(1000).split()[1])


def children(number: int) -> list[int]:
    text = Path(f"/proc/{number}/task/{number}/children").read_text(encoding="utf-8")
    return [int(child) for child in text.split()]


def slots(database) -> int:
    with database.reading() as session:
        return session.exec(select(func.count()).select_from(JobRun)).one()
