"""Joins the parts of a font for PDF: `paper.py OUT IN…` writes one file that has the letters of all, and a space.

WeasyPrint does not heed unicode-range, takes files of one family for one font, and sets the space after a word in the
word's own font: on paper each font is one file.
"""

import sys

from fontTools.merge import Merger
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

out, *parts = sys.argv[1:]
font = Merger().merge(parts) if len(parts) > 1 else TTFont(parts[0])
if 0x20 not in font.getBestCmap():
    font.setGlyphOrder([*font.getGlyphOrder(), "space"])
    font["glyf"]["space"] = TTGlyphPen(None).glyph()
    font["hmtx"]["space"] = (font["head"].unitsPerEm // 4, 0)
    for table in font["cmap"].tables:
        if table.isUnicode():
            table.cmap |= {0x20: "space", 0xA0: "space"}
    for vertical in {"vhea", "vmtx"} & set(font.keys()):
        del font[vertical]
font.flavor = "woff2"
font.save(out)
