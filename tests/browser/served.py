"""The demo data behind a real server, from a folder that vanishes: for `make screenshots` and `make audit`."""

import secrets
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography.fernet import Fernet
from playwright.sync_api import Browser, Page, sync_playwright
from werkzeug.serving import make_server

from lotsen import clock, demo, migrations
from lotsen.app import create_app
from lotsen.config import Config
from tests.ports import free_port
from tests.scripts import names_in


@dataclass(frozen=True)
class Served:
    """Where the demo is, and who can sign in there."""

    url: str
    logins: list[dict[str, Any]]
    #: What people and places are called there, as a pattern.
    names: str = ""

    def sign_in(self, page: Page, role: str | None, language: str) -> None:
        """Choose a language, and sign in unless it is somebody signed out who looks."""
        page.goto(f"{self.url}/login?lang={language}")
        if role is not None:
            login = next(entry for entry in self.logins if entry["role"] == role)
            page.fill("input[name=email]", login["login"])
            page.fill("input[name=password]", login["password"])
            page.click("main button[type=submit]")


@contextmanager
def served() -> Iterator[Served]:
    """Serve the demo data on a free port."""
    with TemporaryDirectory() as folder:
        config = Config(
            secret_key=secrets.token_urlsafe(48),
            data_key=Fernet.generate_key().decode(),
            database_url=f"sqlite:///{folder}/lotsen.sqlite3",
            mail_url=f"file://{folder}/mail",
            environment="development",
            instance=Path(folder),
        )
        app = create_app(config)
        app.config["RATELIMIT_ENABLED"] = False
        migrations.upgrade(app.extensions["lotsen_db"].engine)
        with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
            demo.seed(session, clock.now())
            logins, names = demo.listing(session, ""), names_in(session).pattern
        port = free_port()
        server = make_server("127.0.0.1", port, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield Served(f"http://127.0.0.1:{port}", logins, names)
        server.shutdown()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Open Debian's Chromium."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()
