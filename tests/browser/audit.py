"""`make audit`: every page of every role in every language that it exists in, by a browser; written to docs/audit.md.

`make test` looks at German, Arabic and a third language that changes daily. Here all are looked at: axe-core at 360 and
1280 px; nothing wider than the window there, at 320 px (400 % zoom) and with letters twice as large; no word in another
script than its language's. And how soon a newcomer's first pages can be used on slow 3G.
"""

import re
import sys
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from time import monotonic
from typing import Final

from playwright.sync_api import Page

from lotsen.i18n import OFFERED, STAFF, native_name
from lotsen.rules.vocabulary import Role
from tests.browser.conftest import AXE, AXE_RUN, DESK, PHONE, too_wide
from tests.browser.phone import USABLE, seen_after
from tests.browser.served import Served, chromium, served
from tests.browser.test_every_page import SIGNED_OUT, walk
from tests.scripts import foreign_words

REPORT: Final = Path(__file__).parent.parent.parent / "docs" / "audit.md"
ZOOMED: Final = {"width": 320, "height": 640}
#: For those who build pages: its sample words stay English.
SAMPLES: Final = "/_components"
#: Who looks; those signed out first.
NEWCOMERS: Final = (None, Role.NEWCOMER, Role.GUIDE)
OTHERS: Final = (Role.COORDINATOR, Role.REFERRER, Role.EVALUATOR, Role.REVIEWER, Role.ADMIN)
KINDS: Final = (
    "axe at 360 px",
    "axe at 1280 px",
    "too wide",
    "too wide at 320 px",
    "too wide with 200 % letters",
    "wrong script",
    "slow",
)
#: Where newcomers begin.
FIRST: Final = ("/", "/request", "/request/languages")


@dataclass
class Found:
    """What was seen in one language."""

    language: str
    pages: int = 0
    seconds: float = 0.0
    #: After how many milliseconds of slow 3G the slowest of the first pages is seen.
    seen: float = 0.0
    faults: Counter[str] = field(default_factory=Counter)
    lines: list[str] = field(default_factory=list)

    def note(self, kind: str, where: str, what: object) -> None:
        """Count a fault and say where it is."""
        self.faults[kind] += 1
        self.lines.append(f"- {self.language}, {where}, {kind}: {what}")


def look(page: Page, found: Found, names: re.Pattern[str]) -> None:
    """Look at one page in every size."""
    where = re.sub(r"https?://[^/]+", "", page.url)
    found.pages += 1
    for size, colours, kind in ((PHONE, "light", "axe at 360 px"), (DESK, "dark", "axe at 1280 px")):
        page.emulate_media(color_scheme=colours)  # type: ignore[arg-type]  # playwright's own words
        page.set_viewport_size(size)  # type: ignore[arg-type]  # playwright's own dictionary
        if too_wide(page) > 0:
            found.note("too wide", where, f"{too_wide(page)} px at {size['width']} px")
        page.evaluate(AXE)
        for fault in page.evaluate(AXE_RUN)["violations"]:
            found.note(kind, where, f"{fault['id']} {[node['html'][:80] for node in fault['nodes']][:2]}")
    page.evaluate("document.documentElement.style.fontSize = '200%'")
    if too_wide(page) > 0:
        found.note("too wide with 200 % letters", where, f"{too_wide(page)} px")
    page.evaluate("document.documentElement.style.fontSize = ''")
    page.set_viewport_size(ZOOMED)  # type: ignore[arg-type]
    if too_wide(page) > 0:
        found.note("too wide at 320 px", where, f"{too_wide(page)} px")
    for text, words in () if where == SAMPLES else foreign_words(page.content(), names):
        found.note("wrong script", where, f"{words} in {text[:80]!r}")


def sweep(served: Served, language: str) -> Found:
    """Look at everything in one language."""
    found, begun, names = Found(language), monotonic(), re.compile(served.names)
    with chromium() as browser:
        for role in (*NEWCOMERS, *(OTHERS if language in STAFF else ())):
            page = browser.new_context(locale="de-DE").new_page()
            served.sign_in(page, role, language)
            start = list(SIGNED_OUT) if role is None else [re.sub(r"https?://[^/]+", "", page.url)]
            walk(page, served, start, lambda each: look(each, found, names))
            page.context.close()
    found.seconds = monotonic() - begun
    return found


def clock(served: Served, results: list[Found]) -> None:
    """Measure how soon the first pages are seen, when nothing else of the audit keeps the machine busy."""
    with chromium() as browser:
        for found in results:
            for path in FIRST:
                after = seen_after(browser, f"{served.url}{path}?lang={found.language}")
                found.seen = max(found.seen, after)
                if after >= USABLE:
                    found.note("slow", path, f"{after / 1000:.1f} s")


def report(results: list[Found]) -> str:
    """Return the figures of each language, and every fault."""
    head = ["Language", "Pages", *KINDS, "Seen after (s)", "Minutes"]
    rows = [
        [f"{native_name(each.language)} (`{each.language}`)", each.pages, *(each.faults[kind] for kind in KINDS),
         f"{each.seen / 1000:.1f}", f"{each.seconds / 60:.1f}"]
        for each in results
    ]  # fmt: skip
    lines = [line for each in results for line in each.lines]
    return "\n".join([
        "# Every page in every language",
        "",
        f"Written by `make audit` on {datetime.now(UTC):%Y-%m-%d}. Newcomers’, guides’ and signed-out pages in each "
        "offered language, staff pages in German and English, on the demo data: each kind of page once, looked at by "
        "axe-core 4.14 (WCAG 2.0 to 2.2 A and AA, best practices) at two widths (a phone in light, a desk in dark "
        "colours), then for anything wider than the window there, at 320 px (400 % zoom) and with letters twice as "
        "large, then for words in another script than "
        "the language’s. Faults are counted once a page. Seen after: the first words of the slowest of a newcomer’s "
        "first three pages, on slow 3G (400 kbit/s, 400 ms) with the processor six times slower, of up to "
        "three tries the first under two seconds, else the best; no script is needed to fill them in. Slow: after two "
        "seconds or more.",
        "",
        *("| " + " | ".join(map(str, row)) + " |" for row in (head, ["---"] * len(head), *rows)),
        "",
        "## Faults",
        "",
        *(lines or ["None."]),
        "",
    ])  # fmt: skip


def main(languages: list[str]) -> int:
    """Look at these languages, two at a time; write the report; return how many faults there are."""
    with served() as demo:
        results = []
        with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as workers:
            for found in workers.map(sweep, [demo] * len(languages), languages):
                results.append(found)
                sys.stdout.write(f"{found.language}: {found.pages} pages, {sum(found.faults.values())} faults\n")
                sys.stdout.flush()
        clock(demo, results)
    REPORT.write_text(report(results), encoding="utf-8")
    faults = sum(sum(each.faults.values()) for each in results)
    sys.stdout.write(f"{faults} faults, see {REPORT.relative_to(Path.cwd())}\n")
    return faults


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:] or list(OFFERED)) else 0)
