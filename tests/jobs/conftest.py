"""An application whose mails go to a real SMTP server, and processes of it."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace

import pytest
from flask import Flask

from lotsen.app import create_app
from lotsen.config import ROOT, Config
from tests.ports import free_port
from tests.smtp import Mailbox, serve

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def smtp_port() -> int:
    """A free port."""
    return free_port()


@pytest.fixture
def mailbox(smtp_port: int) -> Iterator[Mailbox]:
    """A running mail server."""
    mailbox = Mailbox()
    controller = serve(mailbox, smtp_port)
    yield mailbox
    controller.stop()


@pytest.fixture
def config(config: Config, smtp_port: int) -> Config:
    """Mails go to the server of `mailbox`."""
    return replace(config, mail_url=f"smtp://127.0.0.1:{smtp_port}")


@pytest.fixture
def app(config: Config) -> Iterator[Flask]:
    """The application, without a browser."""
    app = create_app(config)
    yield app
    app.extensions["lotsen_db"].engine.dispose()


@pytest.fixture
def start(config: Config) -> Iterator[Start]:
    """Start `python …` as a process of its own with this configuration."""
    running: list[subprocess.Popen[str]] = []
    given = {f"LOTSEN_{name.upper()}": str(getattr(config, name)) for name in Config.__dataclass_fields__}

    def begin(*arguments: str) -> "subprocess.Popen[str]":
        process = subprocess.Popen(
            [sys.executable, *arguments], cwd=ROOT, env=os.environ | given, text=True,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        )  # fmt: skip
        running.append(process)
        return process

    yield begin
    for process in running:
        process.kill()
        process.communicate()
