"""Web server and job runner together on this machine, until somebody says stop or one of them ends.

For looking around (`flask demo serve`); real operation starts the two as services of their own (deploy/).
"""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import FrameType
from typing import Final
from urllib.request import urlopen
from zlib import crc32

import click

from lotsen.config import ROOT, Config

HOST: Final = "127.0.0.1"
#: Seconds until the web server must answer, and until both must have ended.
_STARTING, _ENDING = 60.0, 15.0
#: Shown under the address; the others are printed by `demo logins`.
_SHOWN: Final = 10

Processes = Mapping[str, subprocess.Popen[bytes]]


class Stopped(Exception):
    """Somebody said stop."""


def port() -> int:
    """Return the port that PORT names. Ends the command where that is no port."""
    named = os.environ.get("PORT") or "8000"
    if not (named.isascii() and named.isdecimal() and 0 < int(named) < 65536):
        sys.exit(f"PORT={named} is not a port: use a number between 1 and 65535.")
    return int(named)


def address(config: Config) -> str:
    """Return where people reach the demo: the configured address, else this machine's."""
    configured = config.base_url != Config.__dataclass_fields__["base_url"].default
    return config.base_url if configured else f"http://{HOST}:{port()}"


def running_address(config: Config) -> str:
    """Return where the demo runs now: it may have been started with another PORT than this command knows of."""
    try:
        return _note(config).read_text(encoding="utf-8")
    except FileNotFoundError:
        return address(config)


def _note(config: Config) -> Path:
    """One file a database: the same checkout may run several."""
    return config.instance / f"address-{crc32(config.database_url.encode()):08x}"


def refuse_taken_port() -> None:
    """End the command where another server listens already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port()))
        except OSError:
            sys.exit(f"Port {port()} is in use. Choose another one, for example: make run PORT={port() + 1}")


def run(config: Config, welcome: str) -> None:
    """Start both, say `welcome` once they answer, and end both when one ends or somebody says stop.

    The address stands in a file of the instance meanwhile, for `demo logins`.
    """
    signal.signal(signal.SIGINT, _stop)
    signal.signal(signal.SIGTERM, _stop)
    env = os.environ | {"LOTSEN_BASE_URL": address(config)}
    web = ("gunicorn", "--bind", f"{HOST}:{port()}", "--workers", "1", "--threads", "8", "--log-level", "warning")
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        running["The web server"] = _start(env, *web, "wsgi:app")
        running["The job runner"] = _start(env, "flask", "--app", "wsgi", "jobs", "run")
        _await_ready(running)
        _note(config).write_text(address(config), encoding="utf-8")
        click.echo(welcome)
        ended = _first_to_end(running)
        sys.exit(f"{ended} has ended; stopping.")
    except Stopped:
        click.echo("Stopped.")
    finally:
        _note(config).unlink(missing_ok=True)
        _end(running)


def _stop(_signal: int, _frame: FrameType | None) -> None:
    raise Stopped


def _start(env: Mapping[str, str], module: str, *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", module, *arguments], cwd=ROOT, env=env)  # noqa: S603 -- our own


def _await_ready(running: Processes) -> None:
    """Wait until the server can work. Ends the command where one of the two ended, or patience does."""
    until = time.monotonic() + _STARTING
    while time.monotonic() < until:
        ended = _ended(running)
        if ended:
            sys.exit(f"{ended} did not start; what it said stands above.")
        try:
            with urlopen(f"http://{HOST}:{port()}/health/ready", timeout=2):
                return
        except OSError:
            time.sleep(0.05)
    sys.exit("The web server does not answer; what it said stands above.")


def _ended(running: Processes) -> str | None:
    return next((name for name, process in running.items() if process.poll() is not None), None)


def _first_to_end(running: Processes) -> str:
    while (ended := _ended(running)) is None:
        time.sleep(0.5)
    return ended


def _end(running: Processes) -> None:
    """End both, kindly first; a second Ctrl+C must not leave one behind."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    for process in running.values():
        process.terminate()
    for process in running.values():
        try:
            process.wait(timeout=_ENDING)
        except subprocess.TimeoutExpired:
            process.kill()


def welcome(url: str, logins: list[dict[str, str | None]]) -> str:
    """Return the address and the logins to look around with."""
    lines = [f"\nLotsen runs at {url} (stop: Ctrl+C)\n"]
    if logins:
        lines.append(f"Demo logins at {url}/login, all with the password: {logins[0]['password']}\n")
        lines += [_line(login) for login in logins[:_SHOWN]]
        lines.append("\nAll of them: flask --app wsgi demo logins\n")
    return "\n".join(lines)


def _line(login: Mapping[str, str | None]) -> str:
    where = login["municipality"] or "all municipalities"
    code = f", or at /status by code {login['code']}" if "code" in login else ""
    return f"  {login['role']:<12} {login['login']:<26} {where}{code}"
