"""The three main journeys with the keyboard alone, and each page as a screen reader gets it: its accessibility tree.

What is pressed and heard stands in docs/accessibility-walkthrough.md, word for word; the tests fail where a page says
something else, or where a key no longer leads to it. After a change that is meant: `LOTSEN_WRITE=1 pytest
tests/browser/test_walkthrough.py`, then read the difference as somebody who does not see the page.
"""

import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Page

from lotsen.models import Pairing, Person
from lotsen.rules.pairing import State
from lotsen.rules.vocabulary import Role
from tests import factories as make

pytestmark = [
    pytest.mark.parametrize("database_url", ["sqlite"], indirect=True),
    pytest.mark.xdist_group("walkthrough"),
]

DOC: Final = Path(__file__).parent.parent.parent / "docs" / "accessibility-walkthrough.md"
#: More stops on the way to something are no way.
MOST_STOPS: Final = 45
#: What differs from run to run: days, times, codes, numbers in addresses.
_VARYING: Final = (
    (re.compile(r"\b(?:(?:Mon|Diens|Donners|Frei|Sams|Sonn)tag|Mittwoch), (?=\d)"), "(Wochentag), "),
    (re.compile(r"\b\d{1,2}\.(?:\d{2}\.\d{2,4}| \w+(?: \d{4})?)"), "(Tag)"),
    (re.compile(r"\b\d{1,2}:\d{2}\b"), "(Uhrzeit)"),
    (re.compile(r"\b[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}\b"), "(Code)"),
    (re.compile(r"Person\d+"), "(Name)"),
    (re.compile(r"\?\w+=[^\s\"]*"), ""),
)
#: Whether the focus can be seen: on the element, or on what is drawn in its place.
_SEEN: Final = """() => {
  const focused = document.activeElement;
  const box = focused.closest('.tile, .kern-form-check');
  const drawn = [focused, box, focused.nextElementSibling, focused.parentElement];
  const before = box && getComputedStyle(focused.nextElementSibling, '::before').outlineStyle;
  return (before && before !== 'none') || drawn.some(each => each && (each === document.querySelector('main') ||
    getComputedStyle(each).outlineStyle !== 'none' || getComputedStyle(each).boxShadow !== 'none'));
}"""


class Walk:
    """Somebody who uses the keyboard alone; writes down the keys, and what is heard."""

    def __init__(self, page: Page, title: str) -> None:
        self.page, self.title = page, title
        self.lines: list[str] = []
        self.keys: list[str] = []
        self.listen()

    def listen(self) -> None:
        """Write down the page as a screen reader gets it."""
        self.page.wait_for_load_state()
        tree = self.page.locator("main").aria_snapshot()
        for pattern, word in _VARYING:
            tree = pattern.sub(word, tree)
        self.lines += [f"### {self.page.title()}", "", "```yaml", *tree.splitlines(), "```", ""]

    def press(self, key: str) -> None:
        """Press a key."""
        self.page.keyboard.press(key)
        self.keys.append(f"`{key}`")

    def into(self) -> None:
        """Skip what stands on top of every page; a browser goes on to do so once it was told to."""
        if self.page.url.endswith("#content"):
            return
        self.page.keyboard.press("Tab")
        if self.page.evaluate("document.activeElement.closest('.quick-exit')"):
            self.page.keyboard.press("Tab")
        assert self.page.evaluate("document.activeElement.className") == "skip-link"
        self.page.keyboard.press("Enter")
        self.keys.append("skip link")

    def to(self, role: str, wanted: str) -> None:
        """Press Tab until the focus is on what this selector finds first."""
        found = self.page.locator(wanted).first
        name = found.evaluate("each => (each.labels?.[0] ?? each).innerText.trim()", timeout=5_000)
        for stops in range(1, MOST_STOPS + 1):
            self.page.keyboard.press("Tab")
            where = f"{self.page.url}, stop {stops}: {self.page.evaluate('document.activeElement.outerHTML')[:200]}"
            assert self.page.evaluate(_SEEN), f"no visible focus at {where}"
            if found.evaluate("each => each === document.activeElement"):
                self.keys.append(f"`Tab` × {stops} to {role} “{name}”")
                return
        raise AssertionError(f"{self.page.url}: {role} “{name}” cannot be reached with Tab")

    def write(self, text: str) -> None:
        """Type a text."""
        self.page.keyboard.type(text)
        self.keys.append(f"“{text}”")

    def go(self) -> None:
        """Press Enter, and listen to the page that comes."""
        with self.page.expect_navigation():
            self.page.keyboard.press("Enter")
        self.lines += [f"Keys: {', '.join([*self.keys, '`Enter`'])}.", ""]
        self.keys = []
        self.listen()

    def agrees(self) -> None:
        """Compare with what is written in the document; write it there where that is asked for."""
        heard = "\n".join(self.lines)
        text = DOC.read_text(encoding="utf-8")
        before, found, rest = text.partition(f"## {self.title}\n\n")
        assert found, f"{DOC.name} has no part “{self.title}”"
        written, next_one, after = rest.partition("\n## ")
        if os.environ.get("LOTSEN_WRITE"):
            DOC.write_text(before + found + heard.rstrip("\n") + "\n" + next_one + after, encoding="utf-8")
        else:
            assert heard.rstrip("\n") == written.rstrip("\n")


def sign_in(walk: Walk, email: str) -> None:
    """Sign in by address and password."""
    walk.into()
    walk.to("field", "input[name=email]")
    walk.write(email)
    walk.to("field", "input[name=password]")
    walk.page.keyboard.type(make.PASSWORD)
    walk.keys.append("the password")
    walk.go()


@pytest.fixture
def town(live):
    """Celle with its office, its coordinator and a guide who is asked."""
    with live.app.app_context(), live.database.transaction() as session:
        office = make.municipality(session)
        make.account(session, Role.COORDINATOR, office, name="Kim Office", email="kim@office.example")
        guide = make.guide(session, office, about={"first_name": "Gerda", "email": "gerda@example.org"})
        person = session.get_one(Person, guide.person_id)
        make.account(session, Role.GUIDE, person=person, email="gerda@example.org")
        return office, guide, make.request(session, office, about={"first_name": "Amal", "email": "amal@example.org"})


def pairing(live, town, state):
    """Bring the two together, as far as `state`, three days ago."""
    _office, guide, request = town
    with live.app.app_context(), live.database.transaction() as session:
        since = datetime.now(UTC) - timedelta(days=3)
        return make.pairing(session, session.merge(request), session.merge(guide), state, state_since=since)


def state_of(live, number):
    """Return where a pairing stands."""
    with live.database.reading() as session:
        return session.get_one(Pairing, number).state


def test_a_newcomer_asks_for_a_guide(live, town, visit):
    walk = Walk(visit("/request?lang=de"), "A newcomer asks for a guide")

    def choose(wanted: str) -> None:
        walk.into()
        walk.to("answer", wanted)
        walk.press("Space")

    def onward() -> None:
        walk.to("button", "main form button[type=submit]")
        walk.go()

    walk.into()
    walk.to("link", "main a.kern-btn--primary")
    walk.go()
    choose("input[name=common][value=ar]")
    onward()
    choose("input[name=level_ar]")
    onward()
    walk.into()
    walk.to("field", "input[name=postcode]")
    walk.write("2922")
    walk.go()  # one digit is missing: what is heard first is the summary of errors, which leads to the field
    assert walk.page.evaluate("document.activeElement.getAttribute('role')") == "alert"
    walk.to("link", ".error-list a")
    walk.press("Enter")
    walk.press("End")
    walk.write("1")
    walk.go()
    onward()  # the office that is suggested is right
    choose("input[name=topics][value=authorities]")
    onward()
    choose("input[name=slots][value=mon-evening]")
    onward()
    choose("input[name=household]")
    onward()
    choose("input[name=guide_gender]")
    onward()
    walk.into()
    walk.to("field", "input[name=first_name]")
    walk.write("Amal")
    walk.go()
    onward()  # nothing need be said about one's gender
    onward()  # no way to be reached but the code
    choose("input[name=agree]")
    onward()
    assert walk.page.url.startswith(f"{live.url}/request/done")
    walk.agrees()


def test_a_guide_says_yes(live, town, visit):
    offer = pairing(live, town, State.OFFERED)
    walk = Walk(visit("/login?lang=de"), "A guide says yes")
    sign_in(walk, "gerda@example.org")
    walk.into()
    walk.to("button", f"form[action*='/{offer.id}/accept'] button")
    walk.go()
    assert state_of(live, offer.id) is State.ACCEPTED
    walk.agrees()


def test_the_office_approves(live, town, visit):
    agreed = pairing(live, town, State.AGREED)
    walk = Walk(visit("/login?lang=de"), "The office approves")
    sign_in(walk, "kim@office.example")
    walk.page.goto(f"{live.url}/office/")
    walk.to("link", "nav a[href='/office/pairings'] >> visible=true")
    walk.go()
    walk.into()
    walk.to("link", f"main a[href*='/office/pairings/{agreed.id}']")
    walk.go()
    walk.into()
    walk.to("button", "form[action*='/approve'] button")
    walk.go()
    assert state_of(live, agreed.id) is State.APPROVED
    walk.agrees()
