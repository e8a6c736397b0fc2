"""What a screen reader is told by a tagged PDF, and by the page to print that says the same: element by element."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any, Final

from pypdf import PdfReader
from pypdf.generic import ContentStream

_SAME: Final = {"li": "LI", "dt": "LI", "dd": "LI", "caption": "Caption"} | {
    name: name.upper() for name in ("h1", "h2", "h3", "p", "th", "td")
}
_BLOCKS: Final = frozenset(_SAME.values())


@dataclass
class Block:
    """A heading, paragraph, list item or cell: its kind, its language, and its text as it comes."""

    kind: str
    language: str
    text: list[str] = field(default_factory=list)

    def told(self) -> tuple[str, str, str]:
        """Return kind, language and letters. Right to left, glyphs come in another order than letters: sorted."""
        return self.kind, self.language, "".join(sorted(filter(str.isalnum, "".join(self.text))))


def of_pdf(pdf: PdfReader) -> list[tuple[str, str, str]]:
    """Return what stands in a PDF's main parts, in the order in which it is read aloud."""
    root = pdf.trailer["/Root"]
    words = {page.indirect_reference.idnum: _words(pdf, page) for page in pdf.pages}
    blocks: list[Block] = []

    def walk(node: Any, language: str, block: Block | None, page: int | None) -> None:
        node = node.get_object()
        if isinstance(node, int):
            if block is not None:
                block.text.append(words[page][node])
            return
        language, kind = node.get("/Lang", language), node.get("/S", "")[1:]
        if kind in {"Lbl", "Figure"}:
            return
        if kind in _BLOCKS and not (kind == "P" and block and block.kind == "P"):  # anonymous: a name on its own line
            block = Block(kind, language)
            blocks.append(block)
        page = node.raw_get("/Pg").idnum if "/Pg" in node else page
        for kid in _kids(node):
            walk(kid, language, block, page)

    for part in _parts(root["/StructTreeRoot"]):
        walk(part, root["/Lang"], None, None)
    return [each.told() for each in blocks if each.told()[2]]


def _kids(node: Any) -> list[Any]:
    kids = node.get("/K", [])
    return kids if isinstance(kids, list) else [kids]


def _parts(node: Any) -> Iterator[Any]:
    """Yield the elements that are the pages' main parts: what stands around them is the letter's head."""
    for kid in _kids(node):
        found = kid.get_object()
        if not isinstance(found, int):
            yield from [kid] if found.get("/S") == "/Part" else _parts(found)


def _words(pdf: PdfReader, page: Any) -> dict[int, str]:
    """Return the text of each marked piece of a page by its number."""
    letters = {name: _letters(font.get_object()) for name, font in page["/Resources"]["/Font"].items()}
    found: dict[int, str] = {}
    current, font = -1, ""
    for operands, operator in ContentStream(page.get_contents(), pdf).operations:
        if operator == b"BDC":
            current = operands[1].get("/MCID", -1)
        elif operator == b"Tf":
            font = operands[0]
        elif operator in {b"Tj", b"TJ"}:
            pieces = operands[0] if operator == b"TJ" else operands
            raw = b"".join(each.original_bytes for each in pieces if hasattr(each, "original_bytes"))
            codes = (raw[at : at + 2].hex() for at in range(0, len(raw), 2))
            found[current] = found.get(current, "") + "".join(letters[font].get(code, "\ufffd") for code in codes)
    return found


def _letters(font: Any) -> dict[str, str]:
    pairs = re.findall(r"<([0-9a-f]{4})> <([0-9a-f]+)>", font["/ToUnicode"].get_object().get_data().decode())
    return {code: bytes.fromhex(said).decode("utf-16-be") for code, said in pairs}


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.blocks: list[Block] = []
        self.open: list[tuple[str, str, Block | None]] = [("", "", None)]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in {"meta", "link", "img", "br", "hr"}:
            return
        language, block = dict(attrs).get("lang") if tag == "section" else None, self.open[-1][2]
        language = language or self.open[-1][1]
        if tag in _SAME and any(name == "main" for name, _language, _block in self.open):
            block = Block(_SAME[tag], language)
            self.blocks.append(block)
        self.open.append((tag, language, block))

    def handle_endtag(self, tag: str) -> None:
        while self.open.pop()[0] != tag:
            pass

    def handle_data(self, data: str) -> None:
        if self.open[-1][2] is not None:
            self.open[-1][2].text.append(data)


def of_page(html: str) -> list[tuple[str, str, str]]:
    """Return what stands in the main part of a page to print, in the order of its source."""
    page = _Page()
    page.feed(html)
    return [each.told() for each in page.blocks if each.told()[2]]
