"""`make screenshots`: the twelve main pages on demo data, as phone and desk show them, in German and Arabic."""

from pathlib import Path
from typing import Final

from playwright.sync_api import Browser

from lotsen.rules.vocabulary import Role
from tests.browser.conftest import DESK, PHONE
from tests.browser.served import Served, chromium, served

FOLDER: Final = Path(__file__).parent.parent.parent / "docs" / "screenshots"
#: Name, who looks, address, and a link to follow from there.
PICTURES: Final = (
    ("front", None, "/", ""),
    ("request", None, "/request", ""),
    ("question", None, "/request/languages", ""),
    ("help", None, "/help", ""),
    ("status", Role.NEWCOMER, "/status", ""),
    ("own-data", Role.NEWCOMER, "/my-data/", ""),
    ("guide", Role.GUIDE, "/guide/", ""),
    ("hours", Role.GUIDE, "/guide/hours", ""),
    ("worklist", Role.COORDINATOR, "/office/", ""),
    ("newcomer", Role.COORDINATOR, "/office/requests", "main table a"),
    ("matching", Role.COORDINATOR, "/office/matching", ""),
    ("evaluation", Role.EVALUATOR, "/evaluation/", ""),
)
SIZES: Final = {"phone": PHONE, "desk": DESK}
#: Staff pages are German and English.
STAFF_ROLES: Final = frozenset({Role.COORDINATOR, Role.EVALUATOR})


def take(browser: Browser, demo: Served) -> None:
    """Write every picture."""
    for name, role, path, link in PICTURES:
        for language in ("de",) if role in STAFF_ROLES else ("de", "ar"):
            for called, size in SIZES.items():
                page = browser.new_context(viewport=size).new_page()  # type: ignore[arg-type]  # playwright's own dictionary
                demo.sign_in(page, role, language)
                page.goto(demo.url + path)
                if link:
                    page.locator(link).first.click()
                    page.wait_for_load_state()
                page.screenshot(path=FOLDER / f"{name}-{called}-{language}.jpg", type="jpeg", quality=55)
                page.context.close()


def main() -> None:
    """Look at the demo data."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for old in (*FOLDER.glob("*.png"), *FOLDER.glob("*.jpg")):
        old.unlink()
    with served() as demo, chromium() as browser:
        take(browser, demo)


if __name__ == "__main__":
    main()
