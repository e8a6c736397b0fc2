"""Every page of every role on demo data, phone and desk, both directions: no fault for axe-core, nothing too wide.

Pages are not listed here: each role starts at its first page and follows every link of the same origin.
"""

import re
import shutil
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit
from zlib import crc32

import pytest
from flask import Flask
from playwright.sync_api import Error, Page

from lotsen import access, demo, i18n
from lotsen.i18n import STAFF
from lotsen.rules.vocabulary import Role
from tests.browser.conftest import DESK, PHONE, Live, check_page, check_width
from tests.browser.served import Served
from tests.scripts import todays

#: Languages of each role's pages that run left to right and right to left.
LANGUAGES = {role: ("de",) if role not in {Role.NEWCOMER, Role.GUIDE} else ("de", "ar") for role in Role}
#: One page of each kind is enough: /office/requests/7 looks like /office/requests/8.
KINDS = 60
#: Pages that are only reached where the demo data has somebody in such a case.
MUST_SEE = {
    Role.COORDINATOR: {
        "/office/search", "/office/people/#/story", "/office/people/#/move", "/office/people/#/move/#",
        "/office/moves/#", "/office/guides/new",
    },
    Role.ADMIN: {
        "/settings/", "/settings/#/", "/settings/#/*", "/settings/#/contact", "/settings/#/texts",
        "/settings/#/texts/*", "/settings/#/neighbours", "/translations/", "/staff/reviewers/#",
    },
    Role.REVIEWER: {"/translations/", "/translations/*", "/translations/*/texts/*"},
}  # fmt: skip
#: Pages made by one template, whatever the last word of their address is.
ALIKE = {
    "/settings/#/texts/*": re.compile(r"/settings/#/texts/.+"),
    "/translations/*": re.compile(r"/translations/[^/]+"),
    "/translations/*/texts/*": re.compile(r"/translations/[^/]+/texts/.+"),
    "/translations/*.po": re.compile(r"/translations/[^/]+/.+\.po"),
    "/settings/#/*": re.compile(r"/settings/#/(offers|office|company|newcomers|guides|data)"),
}
#: What is no page: whether files open is for tests/test_matrix.py to say.
FILES = (".pdf", ".csv", ".xlsx", ".po", ".ics", ".json")
#: Pages that show what their query names, and are nothing without it.
NAMED_BY_QUERY = {"/admin/mails/one"}
SIGNED_OUT = (
    "/",
    "/request",
    "/volunteer",
    "/login",
    "/login/link",
    "/login/sent",
    "/login/code",
    "/status",
    "/verify",
    "/accessibility",
    "/privacy",
    "/imprint",
    "/_components",
)


@pytest.fixture
def demo_live(live: Live, demo_template: Path, tmp_path: Path) -> Live:
    """A running Lotsen with the demo data."""
    live.database.engine.dispose()
    for left in tmp_path.glob("lotsen.sqlite3-*"):
        left.unlink()
    shutil.copy(demo_template, tmp_path / "lotsen.sqlite3")
    with live.database.reading() as session:
        live.logins = demo.listing(session, live.url)
    return live


def kind(path: str) -> str:
    """Return the address with numbers and query taken out, and with what only fills the same page otherwise."""
    plain = "/".join("#" if part.isdigit() else part for part in urlsplit(path).path.split("/"))
    return next((same for same, pattern in ALIKE.items() if pattern.fullmatch(plain)), plain)


def links(page: Page) -> list[str]:
    """Return the paths that this page leads to by GET, within Lotsen."""
    found = page.eval_on_selector_all("a[href]", "nodes => nodes.map(node => node.href)")
    here = urlsplit(page.url).netloc
    parts = [urlsplit(link) for link in found if urlsplit(link).netloc == here]
    return [f"{part.path}?{part.query}" if part.path in NAMED_BY_QUERY else part.path for part in parts]


def walk(
    page: Page,
    live: Live | Served,
    start: list[str],
    look: Callable[[Page], None],
    leave: Callable[[str], bool] = lambda _path: False,
) -> set[str]:
    """Visit one page of each kind that can be reached and that `leave` does not leave out, and look at each."""
    seen: set[str] = set()
    waiting = list(start)
    while waiting and len(seen) < KINDS:
        path = waiting.pop(0)
        if kind(path) in seen or path.startswith(("/static/", "/health/")) or path.endswith(FILES) or leave(path):
            continue
        seen.add(kind(path))
        if shown(page, live.url + path):
            waiting += links(page)
            look(page)
    return seen


def shown(page: Page, url: str) -> bool:
    """Go to an address; whether it is a page, and not a file."""
    try:
        answer = page.goto(url)
    except Error as error:
        if "Download is starting" in error.message:
            return False
        raise
    assert answer is not None
    assert answer.status < 400, f"{url}: {answer.status}"
    return "text/html" in answer.headers.get("content-type", "")


def public(app: Flask) -> Callable[[str], bool]:
    """Return whether a path leads to a page for everybody."""
    addresses = app.url_map.bind("")

    def is_public(path: str) -> bool:
        with app.app_context():
            return access.PUBLIC in access.audience_of(addresses.match(urlsplit(path).path)[0])

    return is_public


def look_twice(page: Page, turn: int = 0, turns: int = 1) -> None:
    """Check a page as a phone shows it in light colours, and a desk in dark ones.

    axe-core sees the one today and the other tomorrow, and of pages that are looked at in several languages it sees
    one, that of the day's `turn`; `make audit` shows it everything at once.
    """
    today = crc32(kind(page.url).encode()) + datetime.now(UTC).date().toordinal()
    of_axe = (PHONE, DESK)[today // turns % 2] if today % turns == turn else None
    for size, colours in ((PHONE, "light"), (DESK, "dark")):
        page.emulate_media(color_scheme=colours)
        page.set_viewport_size(size)
        if size is of_axe:
            check_page(page)
        else:
            page.wait_for_load_state()
            check_width(page)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("language", todays())
def test_pages_for_everybody(demo_live, visit, language):
    page = visit(f"/?lang={language}")
    assert page.locator("html").get_attribute("lang") == language
    assert page.locator("html").get_attribute("dir") == i18n.direction_of(language)
    seen = walk(page, demo_live, list(SIGNED_OUT), look_twice)
    assert seen.issuperset(SIGNED_OUT)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize(("role", "language"), [(role, each) for role, each in LANGUAGES.items() for each in each])
def test_pages_of_each_role(demo_live, visit, role, language):
    login = next(entry for entry in demo_live.logins if entry["role"] == role)
    page = visit(f"/login?lang={language}")
    page.fill("input[name=email]", login["login"])
    page.fill("input[name=password]", login["password"])
    page.click("main button[type=submit]")
    assert "/login" not in page.url
    assert page.locator("html").get_attribute("lang") == (language if role in LANGUAGES else STAFF[0])
    # What everybody sees is looked at above; newcomers also come to their own pages by an address for everybody.
    known = public(demo_live.app) if role is not Role.NEWCOMER else lambda _path: False
    reviewers = MUST_SEE[Role.REVIEWER] - {"/translations/"} if role is Role.ADMIN else set()

    def leave(path: str) -> bool:
        return known(path) or kind(path) in reviewers

    spoken = LANGUAGES[role]
    look = partial(look_twice, turn=spoken.index(language), turns=len(spoken))
    seen = walk(page, demo_live, [urlsplit(page.url).path], look, leave)
    assert len(seen) > 3
    assert MUST_SEE.get(role, set()) <= seen
