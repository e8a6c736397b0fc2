"""What a PDF needs so that it can be read aloud and copied, besides what WeasyPrint writes: each part's language, and
all the letters of each glyph. Needs fontTools and pydyf, which come with WeasyPrint.
"""

from functools import cache
from pathlib import Path
from typing import Any, Final

from fontTools.ttLib import TTFont
from pydyf import Dictionary, String  # type: ignore[import-untyped]  # ships no types

#: How the names of a document's parts begin, before their language (`letters/layout.html`).
IN: Final = "in-"
#: Substitutions in a font: one glyph for one, one for several, and one of these two further away in the file.
_ONE, _SEVERAL, _FAR = 1, 4, 7


def say_languages(document: Any, written: Any) -> None:
    """Say which language each part is in: WeasyPrint names that of the whole, the first. Each begins a page."""
    spoken, tag = {}, ""
    for page, reference in zip(document.pages, written.page_references, strict=True):
        tag = next((name.removeprefix(IN) for name in page.anchors if name.startswith(IN)), tag)
        spoken[reference] = tag
    for element in written.objects:
        if isinstance(element, Dictionary) and element.get("S") == "/Sect":
            element["Lang"] = String(spoken[element["Pg"]])


def say_letters(document: Any, written: Any, folder: Path) -> None:
    """Say what each glyph stands for, from the fonts in `folder`.

    WeasyPrint notes what a glyph stood for when it came first. Where Arabic lam and alef are one glyph and a third sign
    stands above them, that is nothing, and all three for the sign: the two were left out wherever they came again.
    """
    named = [each for each in written.objects if isinstance(each, Dictionary) and "ToUnicode" in each]
    for each, font in zip(named, document.fonts.values(), strict=True):  # written in this order
        file = folder / f"{font.family}-{font.weight}.woff2"
        if not file.exists():
            continue
        stream = written.objects[int(each["ToUnicode"].split()[0])].stream
        known = letters(file)
        for glyph, noted in font.to_unicode.items():
            said = known.get(glyph, noted)
            if not noted or (said in noted and said != noted):
                stream[stream.index(_line(glyph, noted))] = _line(glyph, said)


def _line(glyph: int, text: str) -> bytes:
    return f"<{glyph:04x}> <{text.encode('utf-16-be').hex()}>".encode()


@cache
def letters(file: Path) -> dict[int, str]:
    """Return the letters that each glyph of a font stands for, by the glyph's number."""
    font = TTFont(file)
    said: dict[str, str] = {}
    for code, name in font.getBestCmap().items():
        said.setdefault(name, chr(code))
    tables = [table for lookup in font["GSUB"].table.LookupList.Lookup for table in lookup.SubTable]
    known = 0
    while known != len(said):  # a ligature's parts may be substitutes themselves
        known = len(said)
        for table in tables:
            for glyph, parts in _substitutes(table):
                if all(part in said for part in parts):
                    said.setdefault(glyph, "".join(said[part] for part in parts))
    return {font.getGlyphID(name): text for name, text in said.items()}


def _substitutes(table: Any) -> list[tuple[str, list[str]]]:
    """Return the glyphs that a table puts in the place of others, each with these."""
    found = table.ExtSubTable if table.LookupType == _FAR else table
    if found.LookupType == _ONE:
        return [(glyph, [part]) for part, glyph in found.mapping.items()]
    if found.LookupType == _SEVERAL:
        wholes = [(first, each) for first, several in found.ligatures.items() for each in several]
        return [(each.LigGlyph, [first, *each.Component]) for first, each in wholes]
    return []
