"""With the colours that the reader's system forces on each page: what has the focus or is ticked stays visible."""

import pytest

from tests.browser.conftest import PHONE

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)

#: So many stops of the Tab key are looked at.
STOPS = 24
#: Buttons whose shape nothing but a background showed.
SHAPELESS = """() => [...document.querySelectorAll('main .kern-btn')]
  .filter(node => getComputedStyle(node).borderStyle === 'none').map(node => node.outerHTML.slice(0, 120))"""


@pytest.mark.parametrize("path", ["/_components?lang=de", "/request/languages?lang=ar"])
def test_focus_and_buttons_are_seen_without_our_colours(visit, path):
    page = visit(path, size=PHONE, javascript=False)
    page.emulate_media(forced_colors="active")
    assert page.evaluate(SHAPELESS) == []
    seen = 0
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        focused = page.evaluate("() => document.activeElement.outerHTML.slice(0, 120)")
        with_focus = page.screenshot()
        page.evaluate("() => document.activeElement.blur()")
        assert page.screenshot() != with_focus, focused
        seen += not focused.startswith("<body")
    assert seen == STOPS


def test_what_is_ticked_looks_ticked_without_our_colours(visit):
    page = visit("/_components?lang=de", size=PHONE, javascript=False)
    page.emulate_media(forced_colors="active")
    for kind in ("checkbox", "radio"):
        box = page.locator(f"main input[type={kind}]:not(:checked):not(:disabled)").first.element_handle()
        before = box.screenshot()
        box.check()
        page.mouse.move(0, 0)
        page.evaluate("() => document.activeElement.blur()")
        assert box.screenshot() != before, kind
