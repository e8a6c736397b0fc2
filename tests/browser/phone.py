"""A ten-year-old phone on slow 3G: what a page's first view weighs over the wire, and when its reader sees it."""

from dataclasses import dataclass
from typing import Any, Final

from playwright.sync_api import Browser

from tests.browser.conftest import PHONE

#: Slow 3G as it is measured: 400 kbit/s, and 400 ms until an answer begins.
SLOW: Final = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
#: How much slower the phone counts than a processor of today.
SLOWER: Final = 6
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


def first_view(browser: Browser, url: str, *, slow: bool = False, javascript: bool = True) -> FirstView:
    """Open a page as somebody does who has never been here."""
    context = browser.new_context(viewport=PHONE, java_script_enabled=javascript)  # type: ignore[arg-type]
    page = context.new_page()
    wire = context.new_cdp_session(page)
    wire.send("Network.enable")
    if slow:
        wire.send("Network.emulateNetworkConditions", SLOW)
        wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
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
    painted = float(page.evaluate(_PAINTED)) if javascript else 0.0
    context.close()
    return FirstView(files, painted)
