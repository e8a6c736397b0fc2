"""How a name is found although it is spelled otherwise: Mohammed, Muhamad, محمد; Olena, Олена; Müller, Mueller.

Names come from many scripts and are written down by ear. So a name has two kinds of keys:

- its letters (small): Latin, without marks, for a beginning that is typed;
- its skeleton (capitals): the consonants alone, in classes that sound alike or are written one for the other. Short
  vowels are not written in Arabic, and hardly two people agree on them in Latin. Where a letter may be read in several
  ways (ch: Achmed, Chaled, Chaima), there is a key for each reading, as in the Daitch-Mokotoff method.

What only looks alike is found, too, and comes last: `likeness` puts the names in order. Pure functions.
"""

import unicodedata
from collections.abc import Callable, Iterator
from difflib import SequenceMatcher
from itertools import islice, product
from typing import Final

#: Longest key, and most readings of one word.
LONGEST: Final = 24
READINGS: Final = 12

#: Letters that lose nothing when they are written in Latin. Arabic, with the additions of Persian, Kurdish and Urdu.
_ARABIC: Final = {
    **dict.fromkeys("اأإآٱ", "a"), **dict.fromkeys("ءئعىـ", ""), "ؤ": "u", "ب": "b", "پ": "p", "ت": "t", "ث": "th",
    "ج": "j", "چ": "tch", "ح": "h", "خ": "kh", "د": "d", "ذ": "dh", "ر": "r", "ڕ": "r", "ز": "z", "ژ": "zh", "س": "s",
    "ش": "sh", "ص": "s", "ض": "dh", "ط": "t", "ظ": "dh", "غ": "gh", "ف": "f", "ڤ": "v", "ق": "q", "ك": "k", "ک": "k",
    "گ": "g", "ل": "l", "ڵ": "l", "م": "m", "ن": "n", "ه": "h", "ھ": "h", "ە": "e", "ة": "a", "و": "w", "ۆ": "o",
    "ي": "i", "ی": "i", "ێ": "e", "ې": "e", "ے": "e", "ټ": "t", "ډ": "d", "ړ": "r", "ښ": "sh", "ڼ": "n", "ځ": "dz",
}  # fmt: skip
_CYRILLIC: Final = {
    "а": "a", "б": "b", "в": "v", "г": "gh", "ґ": "g", "д": "d", "ђ": "dj", "е": "e", "є": "ye", "ж": "zh", "з": "z",
    "и": "i", "і": "i", "ї": "i", "ј": "j", "й": "i", "к": "k", "л": "l", "љ": "l", "м": "m", "н": "n", "њ": "n",
    "о": "o", "п": "p", "р": "r", "с": "s", "т": "t", "ћ": "tch", "у": "u", "ў": "u", "ф": "f", "х": "kh", "ц": "ts",
    "ч": "tch", "џ": "dj", "ш": "sh", "щ": "sh", "ъ": "", "ы": "y", "ь": "", "э": "e", "ю": "yu", "я": "ya",
}  # fmt: skip
_LATIN: Final = {
    "ß": "ss", "ä": "ae", "ö": "oe", "ü": "ue", "å": "a", "æ": "ae", "œ": "oe", "ø": "o", "đ": "dj", "ð": "d",
    "þ": "th", "ł": "l", "ı": "i", "ş": "sh", "ș": "sh", "š": "sh", "ś": "sh", "ç": "tch", "č": "tch", "ć": "tch",
    "ž": "zh", "ż": "zh", "ź": "zh", "ğ": "gh", "ţ": "ts", "ț": "ts", "ə": "a", "ħ": "h",
}  # fmt: skip
_LETTERS: Final = _ARABIC | _CYRILLIC | _LATIN

#: What a group of letters may stand for: the longest that fits counts.
_SOUNDS: Final[dict[str, tuple[str, ...]]] = {
    "tsch": ("S",), "dsch": ("G",), "shch": ("S",), "sch": ("S",), "tch": ("S",), "tzh": ("G",), "dzh": ("G",),
    "ch": ("K", "S", "H"), "ck": ("K",), "kh": ("K", "H"), "gh": ("G", "H", "K"), "sh": ("S",), "zh": ("S", "G"),
    "th": ("T", "S"), "dh": ("T", "S"), "ph": ("F",), "rh": ("R",), "dj": ("G", "T"), "ts": ("S",), "tz": ("S",),
    "dz": ("S",), "cz": ("S",), "sz": ("S",), "ce": ("S", "G"), "ci": ("S", "G"), "x": ("KS",),
    "b": ("B",), "p": ("B",), "c": ("K", "G"), "k": ("K",), "q": ("K",), "d": ("T",), "t": ("T",), "f": ("F",),
    "v": ("F",), "g": ("G",), "l": ("L",), "m": ("M",), "n": ("N",), "r": ("R",), "s": ("S",), "z": ("S",),
}  # fmt: skip
_VOWELS: Final = frozenset("aeiou")
#: The key of a name in which nothing but vowels is heard: Aya, آية.
_VOWELS_ONLY: Final = "A"
#: Not names of their own.
_ARTICLES: Final = frozenset({"al", "el", "ul"})


def latin(text: str) -> str:
    """Return `text` in small Latin letters without marks, words parted by one space; other signs stay."""
    folded = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", text).casefold())
    begun = " ".join("y" + word[1:] if word[0] in "يی" else word for word in folded.split())
    return " ".join("".join(_write(sign) for sign in begun).split())


def _write(sign: str) -> str:
    if sign in _LETTERS:
        return _LETTERS[sign]
    if sign.isascii():
        return sign if sign.isalpha() else "" if sign == "'" else " "
    if "SYLLABLE" in (name := unicodedata.name(sign, "")):
        return name.split()[-1].lower()  # Ethiopic: ሳ is "Ethiopic syllable SAA"
    plain = "".join(each for each in unicodedata.normalize("NFD", sign) if each.isalpha())
    if plain != sign and plain:
        return "".join(_write(each) for each in plain)
    return plain if sign.isalpha() else "" if unicodedata.category(sign)[0] in "MCL" or sign in "’ʼʻ‘`´" else " "


def keys(name: str) -> set[str]:
    """Return all keys of a name: letters and skeletons of its words, and of all of them written together."""
    words = _words(name)
    letters = {word[:LONGEST] for word in words}
    return letters | {skeleton for word in words for skeleton in skeletons(word)}


def _words(name: str) -> list[str]:
    """Return the words of a name in Latin, the whole of it in one word last; articles go."""
    arabic = " ".join(word.removeprefix("ال") if len(word) > 4 else word for word in name.split())
    parts = [word for word in latin(arabic).split() if word not in _ARTICLES] or latin(name).split()
    together = "".join(parts)
    return list(dict.fromkeys([*parts, together] if together else parts))


def skeletons(word: str) -> set[str]:
    """Return the keys under which the consonants of a Latin word may be heard; one at least for any word."""
    readings = islice(product(*_sounds(word)), READINGS)
    heard = {_squeeze("".join(reading))[:LONGEST] or _VOWELS_ONLY for reading in readings}
    return heard if word else set()


def _sounds(word: str) -> Iterator[tuple[str, ...]]:
    place = 0
    while place < len(word):
        length = next((size for size in (4, 3, 2, 1) if word[place : place + size] in _SOUNDS), 1)
        group = word[place : place + length]
        yield _SOUNDS.get(group) or _depends(word, place)
        place += length


def _depends(word: str, place: int) -> tuple[str, ...]:
    """Return how a letter is heard that depends on where it stands: j, y, w, h, i before a vowel; vowels are not."""
    sign, first = word[place], place == 0
    before_vowel = place + 1 < len(word) and word[place + 1] in _VOWELS
    if sign == "j":
        return ("Y", "G") if first else ("", "G")
    if first and (sign == "y" or (sign == "i" and before_vowel)):
        return ("Y", "")
    if sign == "w":
        return ("F",) if first else ("F", "")
    if sign == "h":
        return ("H",) if place + 1 < len(word) else ("",)
    return ("",) if sign in _VOWELS or sign == "y" else (sign.upper(),)


def _squeeze(sounds: str) -> str:
    """Write a sound that follows itself once: a doubled letter is often one in Arabic."""
    return "".join(sound for place, sound in enumerate(sounds) if sounds[place - 1 : place] != sound)


def one_slip(typed: str, other: str) -> bool:
    """Whether one sound was left out, added, mistaken or changed places with its neighbour."""
    if typed == other or abs(len(typed) - len(other)) > 1:
        return typed == other
    start = next((i for i, (a, b) in enumerate(zip(typed, other, strict=False)) if a != b), min(len(typed), len(other)))
    ours, theirs = typed[start:], other[start:]
    swapped = len(ours) > 1 and ours[:2] == theirs[1::-1] and ours[2:] == theirs[2:]
    return swapped or ours[1:] == theirs[1:] or ours[1:] == theirs or ours == theirs[1:]


def alike(typed: str, word: str) -> float:
    """Return how well one Latin word answers another, from 0 to 1."""
    if typed == word:
        return 1.0
    share = SequenceMatcher(None, typed, word).ratio()
    if skeletons(typed) & skeletons(word):
        return 0.6 + 0.3 * share
    return 0.5 + 0.3 * share if word.startswith(typed) else 0.5 * share


def likeness(typed: str, name: str, compare: Callable[[str, str], float] = alike) -> float:
    """Return how well a name answers what was typed: 1 for each word that is the same, less for what is less alike.

    `compare` is `alike`, or that with a memory: many people share a name.
    """
    words = latin(name).split()
    every = [*words, "".join(words)]
    return sum(max((compare(word, other) for other in every), default=0.0) for word in latin(typed).split())
