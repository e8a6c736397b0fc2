"""What a translation must share with its source: places for values, mark-up, line breaks.

Templates put translations into pages as they are: mark-up that the source does not have must never come in by a
translation, nor a sign that would break the sentence when its values are filled in.
"""

import re
from collections import Counter
from enum import StrEnum
from typing import Final

LONGEST: Final = 4_000
_PLACE: Final = re.compile(r"%\(\w+\)[sd]|%%|%|\{\w*\}|[{}]")
_MARKUP: Final = re.compile(r"<[/!?A-Za-z][^<>]*>?|[<>]|&#?\w+;")
#: Marks of direction that go on to the end of the line, and invisible signs; isolates are closed within the text.
_OVERRIDES: Final = re.compile("[\u202a-\u202e\x00-\x09\x0b-\x1f\x7f]")
_ISOLATED: Final = re.compile("[\u2066-\u2068][^\u2066-\u2069]*\u2069")
_ISOLATES: Final = re.compile("[\u2066-\u2069]")


class Fault(StrEnum):
    """Why a translation cannot stand."""

    EMPTY = "empty"
    LONG = "long"
    PLACES = "places"
    MARKUP = "markup"
    LINES = "lines"
    SIGNS = "signs"
    FORMS = "forms"


def faults(source: tuple[str, ...], forms: tuple[str, ...], count: int) -> list[Fault]:
    """Return what is wrong with the forms of a translation of `source`; `count` forms are needed.

    A form of several may say a number in words, and then lacks the number's place; it has no other places.
    """
    wrong = [] if len(forms) == count else [Fault.FORMS]
    return [*wrong, *dict.fromkeys(fault for form in forms for fault in _faults(source, form))]


def _faults(source: tuple[str, ...], form: str) -> list[Fault]:
    several = len(source) > 1
    checks = {
        Fault.EMPTY: bool(form.strip()),
        Fault.LONG: len(form) <= LONGEST,
        Fault.PLACES: _places_fit(source, form, several),
        Fault.MARKUP: any(_counted(_MARKUP, each) == _counted(_MARKUP, form) for each in source),
        Fault.LINES: "\n" in source[0] or "\n" not in form,
        Fault.SIGNS: not _OVERRIDES.search(form) and not _ISOLATES.search(_ISOLATED.sub("", form)),
    }
    return [fault for fault, fine in checks.items() if not fine]


def _places_fit(source: tuple[str, ...], form: str, several: bool) -> bool:
    found, wanted = set(_counted(_PLACE, form)), {place for each in source for place in _counted(_PLACE, each)}
    return found <= wanted if several else found == wanted


def _counted(pattern: re.Pattern[str], text: str) -> Counter[str]:
    return Counter(pattern.findall(text))
