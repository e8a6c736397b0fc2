"""Readers of single cells: text in, value out; a ValueError says what is wrong in words for the person who typed it."""

import re
from collections.abc import Callable, Sequence

import numpy as np

from matching.vocabulary import GENDERS, LEVELS, language_numbers, languages

_NUMBER = re.compile(r"[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?")
_WHOLE = re.compile(r"[0-9]{1,9}(?:\.0*)?")


def number(low: float, high: float) -> Callable[[str], float]:
    """Reader of a finite number between two limits, both included."""

    def read(text: str) -> float:
        value = float(text) if _NUMBER.fullmatch(text.strip()) else np.nan
        if not np.isfinite(value):
            raise ValueError(f"“{text}” is not a finite number")
        if not low <= value <= high:
            raise ValueError(f"{text} is out of range ({low:g} to {high:g})")
        return value

    return read


def whole(low: int, high: int) -> Callable[[str], int]:
    """Reader of a whole number between two limits, both included."""

    def read(text: str) -> int:
        if not _WHOLE.fullmatch(text.strip()):
            raise ValueError(f"“{text}” is not a whole number of at least {low}")
        value = int(float(text))
        if not low <= value <= high:
            raise ValueError(f"{text} is out of range ({low} to {high})")
        return value

    return read


def flag(text: str) -> int:
    """0 or 1."""
    if not _WHOLE.fullmatch(text.strip()):
        raise ValueError(f"“{text}” is neither 0 nor 1")
    return whole(0, 1)(text)


def filled(text: str) -> str:
    """Any text but none."""
    if not text.strip():
        raise ValueError("is empty")
    return text.strip()


def gender(text: str) -> int:
    """0 for unknown or any, else the position in GENDERS counted from 1."""
    if text.strip() not in ("", *GENDERS):
        raise ValueError(f"unknown code “{text}” (known: {' '.join(GENDERS)} or empty)")
    return ("", *GENDERS).index(text.strip())


def values(text: str) -> tuple[str, ...]:
    """What ``;`` joins."""
    return tuple(value for part in text.split(";") if (value := part.strip()))


def bits(known: Sequence[str]) -> Callable[[str], int]:
    """Reader of a set of codes, as bits in the order of ``known``."""
    bit = {code: 1 << position for position, code in enumerate(known)}

    def read(text: str) -> int:
        mask = 0
        try:
            for code in text.split(";"):
                mask |= bit[code]
        except KeyError:  # a space, nothing between two signs, or a mistake
            mask = 0
            for code in values(text):
                if code not in bit:
                    raise ValueError(f"unknown code “{code}” (known: {' '.join(known)})") from None
                mask |= bit[code]
        return mask

    return read


def bits_or_all(known: Sequence[str]) -> Callable[[str], int]:
    """The same where an empty cell stands for all of them."""
    read = bits(known)
    return lambda text: read(text) if text.strip() else (1 << len(known)) - 1


def spoken_languages(text: str) -> tuple[tuple[int, int], ...]:
    """Pairs of language number and level, in the order of the numbers."""
    spoken: dict[int, int] = {}
    for value in values(text):
        code, _, level = value.partition(":")
        if code not in languages():
            raise ValueError(f"unknown language code “{code}” (ISO 639)")
        if level not in LEVELS:
            raise ValueError(f"unknown level “{level}” of “{code}” (known: {' '.join(LEVELS)})")
        language = language_numbers()[languages()[code]]
        if language in spoken:
            raise ValueError(f"language “{code}” stands twice")
        spoken[language] = LEVELS.index(level)
    return tuple(sorted(spoken.items()))
