"""`make screenshots`: pictures of the main pages on demo data, phone and desktop, for the documents."""

import secrets
import shutil
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from cryptography.fernet import Fernet
from playwright.sync_api import Browser, sync_playwright
from werkzeug.serving import make_server

from lotsen import clock, demo, migrations
from lotsen.app import create_app
from lotsen.config import Config
from lotsen.rules.vocabulary import Role
from tests.browser.conftest import DESK, PHONE
from tests.ports import free_port

FOLDER = Path(__file__).parent.parent.parent / "docs" / "screenshots"
#: Name, who looks, address, language, size.
PICTURES = (
    ("front-phone-ar", None, "/", "ar", PHONE),
    ("request-phone-ar", None, "/request/languages", "ar", PHONE),
    ("status-phone-ar", Role.NEWCOMER, "/status", "ar", PHONE),
    ("guide-phone-de", Role.GUIDE, "/guide/", "de", PHONE),
    ("front", None, "/", "de", DESK),
    ("worklist", Role.COORDINATOR, "/office/", "de", DESK),
    ("evaluation", Role.EVALUATOR, "/evaluation/", "de", DESK),
)


def take(browser: Browser, url: str, logins: list[dict[str, Any]]) -> None:
    """Write every picture."""
    for name, role, path, language, size in PICTURES:
        page = browser.new_context(viewport=size).new_page()
        page.goto(f"{url}/login?lang={language}")
        if role is not None:
            login = next(entry for entry in logins if entry["role"] == role)
            page.fill("input[name=email]", login["login"])
            page.fill("input[name=password]", login["password"])
            page.click("main button[type=submit]")
        page.goto(url + path)
        page.screenshot(path=FOLDER / f"{name}.png")
        page.context.close()


def main() -> None:
    """Serve the demo data from a folder that vanishes, and look at it."""
    FOLDER.mkdir(parents=True, exist_ok=True)
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
        migrations.upgrade(app.extensions["lotsen_db"].engine)
        with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
            demo.seed(session, clock.now())
            logins = demo.listing(session, "")
        port = free_port()
        server = make_server("127.0.0.1", port, app, threaded=True)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
            take(browser, f"http://127.0.0.1:{port}", logins)
            browser.close()
        server.shutdown()


if __name__ == "__main__":
    main()
