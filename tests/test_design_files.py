"""The front-end files keep to the page's policy and to a slow phone's budget."""

import gzip
import re
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont

from lotsen.documents import font_faces
from lotsen.i18n import OFFERED
from lotsen.rules.vocabulary import LANGUAGES
from lotsen.translations import SOURCE, messages
from lotsen.words import native_name

ROOT = Path(__file__).parent.parent
STATIC = ROOT / "static"
FONTS = STATIC / "vendor/fonts"
PAGES = [path for part in ("layouts", "components", "pages") for path in (ROOT / "templates" / part).rglob("*.html")]
STYLES = [
    STATIC / "lotsen.css",
    STATIC / "desk.css",
    STATIC / "vendor/kern/kern.css",
    STATIC / "vendor/kern/kern.rtl.css",
]
TRANSLATED = [tag for tag in OFFERED if tag != SOURCE]
#: A newcomer's first view may weigh 100 KiB; the page itself and the headers need about 15 of them.
BUDGET = 85 * 1024
#: Scripts that come in one weight; the browser emboldens it.
WEIGHTS = {"ethiopic": 1}


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
def test_a_style_sheet_fetches_only_files_of_ours(style: Path) -> None:
    addresses = re.findall(r"url\(\"?([^)\"]+)\"?\)", style.read_text(encoding="utf-8"))
    assert all((style.parent / address).is_file() for address in addresses)
    assert "@import" not in style.read_text(encoding="utf-8")


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
def test_nothing_moves_by_itself_and_scrolling_only_where_motion_is_welcome(style: Path) -> None:
    text = style.read_text(encoding="utf-8")
    assert re.findall(r"[\s;{](?:-webkit-)?(?:transition|animation)(?:-\w+)*\s*:|@(?:-webkit-)?keyframes", text) == []
    # KERN scrolls smoothly; ours, which comes after it, stops that for whoever has asked for less motion.
    still = "@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }"
    assert "scroll-behavior" not in text.replace(still, "") or style.parent.name == "kern"
    assert still in (STATIC / "lotsen.css").read_text(encoding="utf-8")


@pytest.mark.parametrize("style", STYLES, ids=lambda path: path.name)
def test_no_style_sheet_asks_how_a_phone_is_held(style: Path) -> None:
    assert "orientation" not in style.read_text(encoding="utf-8")


def test_our_own_styles_serve_both_directions() -> None:
    text = (STATIC / "lotsen.css").read_text(encoding="utf-8")
    one_sided = re.findall(r"[\s;{](?:margin|padding|border|inset)?-?(?:left|right)\s*:", text)
    assert one_sided == []


def test_templates_carry_no_inline_style_or_script() -> None:
    for template in PAGES:
        assert not re.search(
            r"<style|<script(?![^>]*\ssrc=)|\sstyle=|\son[a-z]+=", template.read_text(encoding="utf-8")
        )


def test_every_icon_that_a_template_names_is_in_its_sprite() -> None:
    first, more = (
        set(re.findall(r'<symbol id="([a-z-]+)"', (STATIC / sprite).read_text(encoding="utf-8")))
        for sprite in ("icons.svg", "more-icons.svg")
    )
    macro = (ROOT / "templates/components/icon.html").read_text(encoding="utf-8")
    assert set(re.findall(r'"([a-z-]+)"', macro.partition("FIRST = [")[2].partition("]")[0])) == first
    for template in PAGES:
        named = re.findall(r'(?:\bicon\(|icon_name=)"([a-z-]+)"', template.read_text(encoding="utf-8"))
        assert set(named) <= first | more, template


def test_every_device_can_show_what_ethiopic_languages_are_called() -> None:
    names = FONTS / "noto-sans-ethiopic-names-400.woff2"
    assert names.stat().st_size < 3 * 1024
    letters = {letter for code in LANGUAGES for letter in native_name(code) if "\u1200" <= letter <= "\u137f"}
    assert letters == set(map(chr, TTFont(names).getBestCmap()))


def test_paper_has_every_letter_of_every_language_and_a_space_beside_it() -> None:
    """WeasyPrint sets the space after a word in the word's font, and takes files of one family for one font."""
    drawn: set[str] = set()
    for file in FONTS.glob("*-paper-*.woff2"):
        letters = set(map(chr, TTFont(file).getBestCmap()))
        assert {" ", "\u00a0"} <= letters, file
        drawn |= letters
    said = "".join("".join(message.string) for tag in TRANSLATED for message in messages(tag, "messages").values())
    assert {letter for letter in said if letter.isalpha()} - drawn == set()
    faces = re.findall(r'font-family: "([\w-]+)"; font-weight: (\d+)', font_faces())
    assert len(faces) == len(set(faces)) == 5


@pytest.mark.parametrize("other", ["", "latin-ext", "cyrillic", "arabic", "ethiopic", "vietnamese"])
def test_styles_icons_and_fonts_fit_the_first_view(other: str) -> None:
    scripts = ["latin", other] if other else ["latin"]
    texts = [
        STATIC / "lotsen.css",
        STATIC / "vendor/kern/kern.css",
        STATIC / "icons.svg",
        STATIC / "more-icons.svg",
        STATIC / "logo.svg",
    ]
    fonts = [path for script in scripts for path in FONTS.glob(f"*-{script}-[0-9]*.woff2")]
    assert len(fonts) == sum(WEIGHTS.get(script, 2) for script in scripts)
    weight = sum(len(gzip.compress(path.read_bytes())) for path in texts) + sum(path.stat().st_size for path in fonts)
    assert weight <= BUDGET
