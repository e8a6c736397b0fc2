"""A ten-year-old phone on slow 3G: what a page's first view weighs over the wire, and when its reader sees it."""

from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Browser

from tests.browser.conftest import PHONE

#: Slow 3G as it is measured: 400 kbit/s, and 400 ms until an answer begins.
SLOW: Final = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
#: How much slower the phone counts than a processor of today.
SLOWER: Final = 6
#: Milliseconds within which a page can be read and filled in: it needs no script for that.
USABLE: Final = 2000
_PAINTED: Final = "() => performance.getEntriesByName('first-contentful-paint').map(entry => entry.startTime)[0] || 0"


@dataclass(frozen=True)
class FirstView:
    """What came over the wire (bytes, each file), and when the first words were seen (milliseconds)."""

    files: dict[str, int]
    painted: float

    @property
    def bytes(self) -> int:
        """All of it."""
        return sum(self.files.values())

    @property
    def before_paint(self) -> int:
        """The page itself and its styles: nothing is seen without them."""
        return sum(size for name, size in self.files.items() if name.endswith(".css") or "/static/" not in name)


def seen_after(browser: Browser, url: str, *, slower: int = SLOWER, tries: int = 3) -> float:
    """Return after how many milliseconds of slow 3G the first words are seen: the best of some tries.

    A machine that is busy with something else adds to one try, and never takes from any.
    """
    best = float("inf")
    for _try in range(tries):
        best = min(best, first_view(browser, url, slow=True, slower=slower).painted)
        if best < USABLE:
            break
    return best


def first_view(
    browser: Browser, url: str, *, slow: bool = False, slower: int = SLOWER, javascript: bool = True
) -> FirstView:
    """Open a page as somebody does who has never been here."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=javascript)  # type: ignore[arg-type]
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    if slow:
        wire.send("Network.emulateNetworkConditions", SLOW)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": slower})
    names: dict[str, str] = {}
    files: dict[str, int] = {}

    def begun(event: dict[str, Any]) -> None:
        names[event["requestId"]] = event["request"]["url"]

    def ended(event: dict[str, Any]) -> None:
        name = names.get(event["requestId"], "")
        if name.startswith("http"):
            files[name] = files.get(name, 0) + int(event["encodedDataLength"])

    wire.on("Network.requestWillBeSent", begun)
    wire.on("Network.loadingFinished", ended)
    page.goto(url, wait_until="networkidle")
    painted = float(page.wait_for_function(_PAINTED).json_value()) if javascript else 0.0
    context.close()
    return FirstView(files, painted)
