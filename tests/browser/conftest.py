"""A real server, a real SMTP server and a real Chromium."""

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, Page
from werkzeug.serving import make_server

from lotsen.app import create_app
from lotsen.config import Config
from tests.ports import free_port
from tests.smtp import Mailbox, serve

AXE = (Path(__file__).parent.parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")
#: What is passed is not listed: that would take longer than the rules themselves. Style sheets are not fetched again
#: for each page: only the rule against a locked orientation reads them (see tests/test_design_files.py).
AXE_RUN = """() => axe.run(document, {
  runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'], resultTypes: ['violations'],
  preload: false
})"""
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything in this folder drives a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)
            # werkzeug's server, which production does not use, leaves a file open where a browser hangs up meanwhile
            item.add_marker(pytest.mark.filterwarnings("ignore:Exception ignored in. <_io.FileIO"))


@pytest.fixture
def inbox() -> Iterator[tuple[Mailbox, int]]:
    """A real SMTP server on a free port."""
    mailbox, port = Mailbox(), free_port()
    controller = serve(mailbox, port)
    yield mailbox, port
    controller.stop()


class Live:
    """A running Lotsen."""

    def __init__(self, app: Flask, url: str, inbox: Mailbox) -> None:
        self.app, self.url, self.inbox = app, url, inbox
        self.database = app.extensions["lotsen_db"]
        self.config: Config = app.extensions["lotsen_config"]
        self.logins: list[dict[str, Any]] = []


@pytest.fixture
def live(request: pytest.FixtureRequest, config: Config, inbox: tuple[Mailbox, int]) -> Iterator[Live]:
    """Lotsen on a free port, its mails going to the real SMTP server; under another name by `parametrize`."""
    handler, smtp_port = inbox
    port = free_port()
    url = f"http://{getattr(request, 'param', '127.0.0.1')}:{port}"
    app = create_app(replace(config, base_url=url, mail_url=f"smtp://127.0.0.1:{smtp_port}"))
    server = make_server("127.0.0.1", port, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield Live(app, url, handler)
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["lotsen_db"].engine.dispose()


@pytest.fixture(scope="session")
def browser_type_launch_args() -> dict[str, Any]:
    """Debian's Chromium; it refuses its sandbox to root, and tests meet no foreign page."""
    return {
        "executable_path": shutil.which("chromium"),
        "args": ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
    }


@pytest.fixture
def visit(live: Live, browser: Browser) -> Iterator[Callable[..., Page]]:
    """Open a fresh browser, as another person does: `visit("/request", size=PHONE, javascript=False)`."""
    contexts = []

    def open_page(path: str, *, size: dict[str, int] = DESK, javascript: bool = True) -> Page:
        context = browser.new_context(viewport=size, java_script_enabled=javascript, locale="de-DE")
        contexts.append(context)
        page = context.new_page()
        page.goto(live.url + path)
        return page

    yield open_page
    for context in contexts:
        context.close()


def check_page(page: Page) -> None:
    """Nothing that axe-core finds wrong, nothing that overflows sideways."""
    page.wait_for_load_state()
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    result = page.evaluate(AXE_RUN)
    faults = [(found["id"], [node["html"][:120] for node in found["nodes"]]) for found in result["violations"]]
    assert faults == [], f"{page.url}: {faults}"
    check_width(page)


def check_width(page: Page) -> None:
    """Nothing overflows sideways."""
    assert too_wide(page) <= 0, f"{page.url} is {too_wide(page)} px too wide"


def too_wide(page: Page) -> int:
    """Return by how many pixels a page is wider than its window."""
    return int(page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth"))
