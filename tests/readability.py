"""How easy a German text is to read: Flesch's formula as Toni Amstad fitted it to German, and the first Wiener
Sachtextformel.

Amstad, "Wie verständlich sind unsere Zeitungen?" (Zürich 1978): 180 - words per sentence - 58.5 * syllables per word;
the higher, the easier (60 to 70: ordinary, 70 to 80: fairly easy). Bamberger and Vanecek, "Lesen - Verstehen - Lernen -
Schreiben" (Wien 1984): the school year that a text suits, from the share of long and of short words and the length of
sentences.
"""

import re
from statistics import fmean
from typing import Final

_WORD: Final = re.compile(r"[^\W\d_]+(?:-[^\W\d_]+)*")
_END: Final = re.compile(r"[.!?:…]+(?:\s|$)|\n+|;\s")
#: Two vowels that make one syllable; `y` is one of them in German words.
_SYLLABLE: Final = re.compile(r"aa|ah|ai|au|äu|ay|ee|ei|eu|ey|ie|oo|oi|ui|[aeiouyäöüé]", re.IGNORECASE)
_LONG, _MANY = 6, 3


def sentences(text: str) -> list[list[str]]:
    """Return the words of each sentence; a line of its own, such as a label, is a sentence."""
    return [words for part in _END.split(text) if (words := _WORD.findall(part))]


def syllables(word: str) -> int:
    """Return how many syllables a German word has: one at least."""
    return max(1, len(_SYLLABLE.findall(word)))


def flesch(text: str) -> float:
    """Return Flesch's figure in Amstad's form: the higher, the easier."""
    said = sentences(text)
    words = [word for each in said for word in each]
    return 180 - len(words) / len(said) - 58.5 * fmean(map(syllables, words))


def school_year(text: str) -> float:
    """Return the first Wiener Sachtextformel: the school year that the text suits."""
    said = sentences(text)
    words = [word for each in said for word in each]
    counts = [syllables(word) for word in words]
    many = 100 * fmean(count >= _MANY for count in counts)
    one = 100 * fmean(count == 1 for count in counts)
    long = 100 * fmean(len(word) > _LONG for word in words)
    return 0.1935 * many + 0.1672 * len(words) / len(said) + 0.1297 * long - 0.0327 * one - 0.875
