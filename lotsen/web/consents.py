"""The texts that newcomers agree to, as they are read or read out to them, in every offered language."""

from collections.abc import Callable
from typing import NamedTuple

from lotsen.i18n import DEFAULT, OFFERED, direction, native_name, speaking
from lotsen.services.persons import ConsentGiven
from lotsen.web.guide.say import CONFIDENTIALITY_VERSION, confidentiality_text
from lotsen.web.guide.say import CONSENT_VERSION as VOLUNTEER_VERSION
from lotsen.web.guide.say import consent_text as volunteer_text
from lotsen.web.newcomer_words import (
    CONSENT_VERSION,
    COUNSELLING_VERSION,
    MOVE_VERSION,
    consent_text,
    counselling_text,
    move_text,
)


class Shown(NamedTuple):
    """The text in one language: its tag, its name in itself, the direction in which it runs, its paragraphs."""

    tag: str
    name: str
    direction: str
    paragraphs: list[str]


def everywhere(office: str) -> list[Shown]:
    """Return the consent to `office` in every offered language."""
    return [_shown(tag, office) for tag in OFFERED]


def given(kind: str, locale: str, office: str) -> ConsentGiven:
    """Return the proof: the words as they were shown in the language `locale`, and their version."""
    return ConsentGiven(kind, CONSENT_VERSION, "\n".join(_shown(locale, office).paragraphs), locale)


def volunteers_everywhere(office: str) -> list[Shown]:
    """Return what guides agree to and promise, in every offered language."""
    return [_shown(tag, office, lambda name: [*volunteer_text(name), *confidentiality_text()]) for tag in OFFERED]


def volunteer(locale: str, office: str) -> ConsentGiven:
    """Return the proof of a guide's consent, in the language `locale`."""
    text = "\n".join(_shown(locale, office, volunteer_text).paragraphs)
    return ConsentGiven("volunteer", VOLUNTEER_VERSION, text, locale)


def counselling(locale: str, office: str) -> ConsentGiven:
    """Return the proof that somebody agrees to be passed on to professional counselling."""
    text = "\n".join(counselling_in(locale, office).paragraphs)
    return ConsentGiven("counselling", COUNSELLING_VERSION, text, locale)


def counselling_in(locale: str, office: str) -> Shown:
    """Return what somebody reads before they are passed on to professional counselling, in the language `locale`."""
    return _shown(locale, office, counselling_text)


def confidentiality(locale: str) -> ConsentGiven:
    """Return the proof of a guide's promise of confidentiality, in the language `locale` or in German."""
    tag = locale if locale in OFFERED else DEFAULT
    with speaking(tag):
        return ConsentGiven("confidentiality", CONFIDENTIALITY_VERSION, "\n".join(confidentiality_text()), tag)


def move(locale: str, office: str, other: str) -> ConsentGiven:
    """Return the proof that somebody agrees to be handed over from `office` to `other`."""
    return ConsentGiven("move", MOVE_VERSION, "\n".join(move_in(locale, office, other).paragraphs), locale)


def move_in(locale: str, office: str, other: str) -> Shown:
    """Return what somebody reads before they are handed over to another office, in the language `locale`."""
    return _shown(locale, office, lambda name: move_text(name, other))


def _shown(tag: str, office: str, text: Callable[[str], list[str]] = consent_text) -> Shown:
    with speaking(tag):
        return Shown(tag, native_name(tag), direction(), text(office))
