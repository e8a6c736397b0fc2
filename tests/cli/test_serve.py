"""One command starts web server and job runner, and ends both: real processes on a real port."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from urllib.request import urlopen

import pytest
from sqlmodel import select

from lotsen.app import create_app
from lotsen.cli import serve
from lotsen.config import ROOT, load
from lotsen.db import Database
from lotsen.models import JobRun, Municipality
from tests import factories as make
from tests.conftest import DATA_KEY, SECRET_KEY
from tests.ports import free_port

PATIENCE = 60.0


@pytest.fixture
def place(tmp_path: Path, sqlite_template: Path) -> tuple[dict[str, str], Database]:
    """An installation of its own: environment with a free port, and a database that is not empty."""
    path = tmp_path / "lotsen.sqlite3"
    path.write_bytes(sqlite_template.read_bytes())
    database = Database(f"sqlite:///{path}")
    with database.transaction() as session:
        make.municipality(session, demo=True)
    port = free_port()
    settings = {
        "ENVIRONMENT": "development", "SECRET_KEY": SECRET_KEY, "DATA_KEY": DATA_KEY,
        "DATABASE_URL": f"sqlite:///{path}", "MAIL_URL": f"file://{tmp_path / 'mail'}",
    }  # fmt: skip
    env = {key: value for key, value in os.environ.items() if not key.startswith("LOTSEN_")}
    return env | {f"LOTSEN_{name}": value for name, value in settings.items()} | {"PORT": str(port)}, database


def start(env: dict[str, str]) -> subprocess.Popen[str]:
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "serve"]
    return subprocess.Popen(command, cwd=ROOT, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


@pytest.fixture
def running(place: tuple[dict[str, str], Database]) -> Iterator[subprocess.Popen[str]]:
    """The command, once it has said its welcome."""
    with start(place[0]) as process:
        assert process.stdout is not None
        try:
            said = []
            for line in process.stdout:
                said.append(line)
                if "Lotsen runs at" in line:
                    break
            assert f"http://127.0.0.1:{place[0]['PORT']}" in "".join(said), said
            yield process
        finally:
            process.terminate()  # not kill: its two children would go on


def children(process: subprocess.Popen[str]) -> list[int]:
    text = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text(encoding="utf-8")
    return [int(number) for number in text.split()]


def answers(port: str) -> bool:
    try:
        with urlopen(f"http://127.0.0.1:{port}/health/ready", timeout=5) as answer:
            return answer.status == 200
    except OSError:
        return False


def until(condition: Callable[[], bool]) -> bool:
    """Whether `condition` comes true within patience."""
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.1)
    return False


@pytest.mark.slow
def test_it_serves_and_runs_jobs_until_it_is_told_to_stop(place, running):
    env, database = place
    assert answers(env["PORT"])

    def job_has_run() -> bool:
        with database.reading() as session:
            return session.exec(select(JobRun)).first() is not None

    assert until(job_has_run)
    second = subprocess.run(
        [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "serve"],
        cwd=ROOT, env=env, text=True, capture_output=True, check=False,
    )  # fmt: skip
    assert second.returncode == 1
    assert f"Port {env['PORT']} is in use" in second.stderr
    assert "PORT=" in second.stderr
    assert serve.running_address(load(env)) == f"http://127.0.0.1:{env['PORT']}"  # without PORT in this process
    started = children(running)
    assert len(started) == 2
    running.send_signal(signal.SIGTERM)
    assert running.wait(PATIENCE) == 0
    assert not answers(env["PORT"])
    assert serve.running_address(load(env)) == load(env).base_url
    assert not any(Path(f"/proc/{number}").exists() for number in started)


@pytest.mark.slow
def test_when_one_of_the_two_dies_the_other_ends_and_the_command_says_which(place, running):
    web, jobs = children(running)  # in the order in which they were started
    os.kill(jobs, signal.SIGKILL)
    assert running.wait(PATIENCE) == 1
    assert not Path(f"/proc/{web}").exists()
    assert running.stdout is not None
    assert "The job runner has ended" in running.stdout.read()


@pytest.mark.parametrize("port", ["none", "0", "70000", "٨٠٨٠"])
def test_what_is_no_port_is_said(monkeypatch, port):
    monkeypatch.setenv("PORT", port)
    with pytest.raises(SystemExit, match="is not a port"):
        serve.port()


@pytest.mark.parametrize("command", ["seed", "serve", "logins"])
def test_in_production_there_is_no_demo(config, command):
    app = create_app(replace(config, environment="production", base_url="https://lotsen.example"))
    done = app.test_cli_runner().invoke(args=["demo", command])
    assert done.exit_code == 1
    assert "refused in production" in done.output
    with app.extensions["lotsen_db"].reading() as session:
        assert session.exec(select(Municipality)).first() is None
    app.extensions["lotsen_db"].engine.dispose()
