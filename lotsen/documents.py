"""Documents on paper: one letter in one language or several, as a tagged PDF (PDF/UA) or as a page to print.

A letter is a template under templates/letters/, rendered once in each of its languages and laid out by
`letters/layout.html`. Both forms are the same HTML with the same stylesheet: where the libraries behind WeasyPrint are
missing, the page to print still says everything. Nothing is fetched from elsewhere.
"""

import importlib
import mimetypes
import threading
from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Final, NamedTuple
from urllib.parse import unquote, urlsplit

import segno
import structlog
from flask import render_template, url_for
from flask_babel import LazyString
from markupsafe import Markup

from lotsen import db, i18n
from lotsen.config import ROOT
from lotsen.models import Municipality
from lotsen.services import appearance

#: What documents call our own files by; nobody is ever asked for this host (RFC 2606).
_HOME: Final = "https://lotsen.invalid"
_STATIC: Final = ROOT / "static"
#: Pages' Noto Sans Arabic sets letters from parts that many letters share: a PDF's text could not be copied or read
#: aloud. Fonts for paper are files of their own, each with all the letters of its scripts.
_FONTS: Final = _STATIC / "vendor/fonts"
#: Pango's objects are not made for several threads at once.
_RENDERING: Final = threading.Lock()


class Unavailable(Exception):
    """No PDF on this server: the libraries that set the type (Pango) are not installed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What is written to whom."""

    #: The template's name under templates/letters/.
    template: str
    title: LazyString
    #: The languages, the reader's first; those that are not offered are left out, German comes in where none is left.
    locales: tuple[str, ...]
    #: Who writes.
    office: Municipality
    #: What the template needs.
    values: Mapping[str, Any] = field(default_factory=dict)
    #: Where the QR code on it leads; the code's picture in the page to print has the address `qr_url`.
    qr: str = ""
    qr_url: str = ""

    @property
    def languages(self) -> list[str]:
        """The languages in which it is written, each once."""
        return [tag for tag in dict.fromkeys(self.locales) if tag in i18n.OFFERED] or [i18n.DEFAULT]


class Part(NamedTuple):
    """A document in one language."""

    tag: str
    direction: str
    title: str
    body: Markup


def page(document: Document) -> str:
    """Return the document as a page to print."""
    office = document.office
    logo = url_for("public.office_logo", municipality_id=office.id, v=office.logo) if office.logo else ""
    return _html(document, document.qr_url, logo)


def pdf(document: Document) -> bytes:
    """Return the document as a tagged PDF with every font in it. Raises `Unavailable`."""
    if not available():
        raise Unavailable
    from weasyprint import CSS, HTML  # noqa: PLC0415 -- a second at start-up that most processes never need
    from weasyprint.text.fonts import FontConfiguration  # noqa: PLC0415

    picture = segno.make_qr(document.qr, error="m").svg_data_uri(scale=4) if document.qr else ""
    html = _html(document, picture, _logo(document.office))
    fetch = _fetcher()
    with _RENDERING:
        fonts = FontConfiguration()
        faces = CSS(string=font_faces(), base_url=_HOME, url_fetcher=fetch, font_config=fonts)
        written: bytes = HTML(string=html, base_url=_HOME, url_fetcher=fetch).write_pdf(
            stylesheets=[faces], font_config=fonts, pdf_variant="pdf/ua-1", finisher=_finish
        )
    return written


def _finish(document: Any, written: Any) -> None:
    from lotsen import read_aloud  # noqa: PLC0415 -- comes with WeasyPrint, see `pdf`

    read_aloud.say_languages(document, written)
    read_aloud.say_letters(document, written, _FONTS)


@cache
def available() -> bool:
    """Whether this server can write PDF: tried once a process, when first asked."""
    try:
        importlib.import_module("weasyprint")
    except (ImportError, OSError) as error:
        structlog.get_logger().warning("no_pdf", error=type(error).__name__)
        return False
    return True


@cache
def font_faces() -> str:
    """Return the rules that name our own fonts for paper (deploy/vendor/paper.py), and the order to look there."""
    faces: list[str] = []
    families: dict[str, None] = {}
    for file in sorted(_FONTS.glob("*-paper-*.woff2")):
        family, _hyphen, weight = file.stem.rpartition("-")
        address = f"/static/{file.relative_to(_STATIC)}"
        faces.append(f'@font-face {{ font-family: "{family}"; font-weight: {weight}; src: url("{address}") }}')
        families[family] = None
    listed = ", ".join(f'"{family}"' for family in families)
    everywhere = f"font-family: {listed}, sans-serif"
    return "\n".join([*faces, f"html, body {{ {everywhere} }}", f"@page {{ {everywhere} }}"])


def own_file(url: str) -> Path | None:
    """Return the file in static/ that `url` means; None for whatever lies outside."""
    parts = urlsplit(url)
    if f"{parts.scheme}://{parts.netloc}" != _HOME or not parts.path.startswith("/static/"):
        return None
    path = (_STATIC / unquote(parts.path.removeprefix("/static/"))).resolve()
    return path if path.is_relative_to(_STATIC) and path.is_file() else None


def _fetcher() -> Any:
    """Return what WeasyPrint fetches with: files of static/ and pictures that the document itself holds."""
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415 -- see `pdf`

    class Own(URLFetcher):  # type: ignore[misc]  # ships no types
        def fetch(self, url: str, headers: Any = None) -> Any:
            if url.startswith("data:"):
                return super().fetch(url, headers)
            path = own_file(url)
            if path is None:
                raise ValueError("documents fetch nothing from elsewhere")
            kind = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
            read = _unpacked(path) if path.suffix == ".woff2" else path.read_bytes()
            return URLFetcherResponse(url, read, {"Content-Type": kind})

    return Own(allowed_protocols={"data"})


@cache
def _unpacked(path: Path) -> bytes:
    """Return a font as TrueType: WeasyPrint unpacked all of them anew for each document, a third of its time."""
    from fontTools.ttLib import woff2  # noqa: PLC0415 -- see `pdf`

    font = BytesIO()
    with path.open("rb") as packed:
        woff2.decompress(packed, font)
    return font.getvalue()


def _logo(office: Municipality) -> str:
    """Return an office's logo as part of the document itself; empty where it has none."""
    picture = appearance.picture(db.reading(), office.id or 0) if office.logo else None
    return f"data:image/png;base64,{b64encode(picture).decode()}" if picture else ""


def _html(document: Document, qr: str, logo: str) -> str:
    parts = []
    for level, tag in enumerate(document.languages, start=1):
        with i18n.speaking(tag):
            body = render_template(
                f"letters/{document.template}.html", office=document.office, qr=qr, level=min(level, 2) + 1,
                **document.values,
            )  # fmt: skip
            parts.append(Part(i18n.tag(), i18n.direction(), str(document.title), Markup(body)))  # noqa: S704 -- a template, escaped by itself
    with i18n.speaking(document.languages[0]):
        return render_template("letters/layout.html", parts=parts, office=document.office, logo=logo)
