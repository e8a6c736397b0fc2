"""Which script a text is written in, and which of a page's words are in the wrong one for the page's language."""

import os
import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from html.parser import HTMLParser
from typing import Final

from babel.core import get_global
from sqlmodel import Session, select

from lotsen.i18n import OFFERED
from lotsen.models import Account, Municipality, Person, Referrer
from lotsen.rules.vocabulary import LANGUAGES
from lotsen.words import native_name

#: ISO 15924, as CLDR says what a language is usually written in, and how Unicode calls that script's letters.
_LETTERS: Final = {"Arab": "ARABIC", "Cyrl": "CYRILLIC", "Ethi": "ETHIOPIC", "Latn": "LATIN"}
#: Proper names that stay as they are: ours, of laws and authorities (to be recognised on paper), of techniques.
NAMES: Final = frozenset(
    re.findall(
        r"\w+",
        "Lotsen Niedersachsen Ausländerbehörde erweitertes Führungszeugnis Schlichtungsstelle Impressum MBE JMD divers "
        "RDG NBGG NBITVO DSGVO GDPR a d e EN AA WCAG EUPL European Union Public Licence "
        "PDF JSON JavaScript axe core Cookie cookie Spam Romani محمد",
    )
)
#: What languages are called in themselves: that is how their speakers find them.
_OWN_NAMES: Final = frozenset(word for code in LANGUAGES for word in re.findall(r"[^\W\d_]+", native_name(code)))
_WORD: Final = re.compile(r"[^\W\d_]+")
#: Placeholders, mark-up, addresses, codes from letters; XXXX shows in an empty field how a code looks (CodeField).
_NO_WORDS: Final = re.compile(
    r"%\(\w+\)[sd]|\{\w*\}|<[^>]*>|&\w+;|\S+@\S+|\S+\.(?:example|org|de)\b|https?://\S+|\b[0-9A-Z]{4}(?:-[0-9A-Z]{4})+\b|XXXX"
)
#: Elements without text to read, or with what people typed: names are written as their owners write them.
_SKIPPED: Final = frozenset({"script", "style", "bdi", "code", "svg"})
_VOID: Final = frozenset({"input", "br", "hr", "img", "link", "meta", "wbr", "use", "path"})
_SPOKEN: Final = ("aria-label", "title", "placeholder", "alt")


def letters_of(language: str) -> str:
    """Return how Unicode calls the letters of an offered language."""
    likely: str = get_global("likely_subtags")[language.partition("-")[0]]
    return _LETTERS[likely.split("_")[1]]


def in_another_script(text: str, language: str) -> list[str]:
    """Return the words of `text` that are not in the language's own script, proper names apart."""
    own = letters_of(language)
    words = _WORD.findall(_NO_WORDS.sub(" ", text))
    return [
        word
        for word in words
        if word not in NAMES | _OWN_NAMES and any(_script(each) not in {own, ""} for each in word)
    ]


def _script(letter: str) -> str:
    if unicodedata.category(letter) in {"Mn", "Lm"}:
        return ""
    return unicodedata.name(letter, "").partition(" ")[0]


class Reading(HTMLParser):
    """A page's texts as they are read out, each with the language that it says it is in."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.texts: list[tuple[str, str]] = []
        self._open: list[tuple[str, str, bool]] = [("", "", False)]
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Remember the language, and read what an element is called."""
        values = dict(attrs)
        _tag, language, skipped = self._open[-1]
        language, skipped = values.get("lang") or language, skipped or tag in _SKIPPED
        if not skipped:
            self.texts += [(language, values[name] or "") for name in _SPOKEN if name in values]
        if tag not in _VOID:
            self._open.append((tag, language, skipped))

    def handle_endtag(self, tag: str) -> None:
        """Leave the element, and those inside it that need no end."""
        for position in range(len(self._open) - 1, 0, -1):
            if self._open[position][0] == tag:
                del self._open[position:]
                return

    def handle_data(self, data: str) -> None:
        """Read a text."""
        _tag, language, skipped = self._open[-1]
        if not skipped and data.strip():
            self.texts.append((language, data))


def foreign_words(html: str, names: re.Pattern[str]) -> Iterator[tuple[str, list[str]]]:
    """Yield each text of a page that holds words in another script than that of its language, with those words.

    `names` are what people and places are called, in whatever script.
    """
    for language, text in Reading(html).texts:
        if found := in_another_script(names.sub(" ", text), language):
            yield " ".join(text.split()), found


def todays(always: tuple[str, ...] = ("de", "ar")) -> list[str]:
    """Return the languages of this run: those, and one of the others, another each day; all where `make audit` asks."""
    if os.environ.get("LOTSEN_LANGUAGES") == "all":
        return list(OFFERED)
    others = [tag for tag in OFFERED if tag not in always]
    # Workers inherit it from the first process: a run agrees with itself over midnight.
    third = os.environ.setdefault("TESTS_THIRD", others[datetime.now(UTC).date().toordinal() % len(others)])
    return [*always, third]


def names_in(session: Session, *more: str) -> re.Pattern[str]:
    """Return what people, places and offices of a database are called, as a pattern; the longest names first."""
    names = {*more}
    for query in (
        select(Person.first_name, Person.last_name), select(Municipality.name, Municipality.office_name),
        select(Account.name, Account.email), select(Referrer.name, Referrer.name), select(Person.town, Person.email),
    ):  # fmt: skip
        names.update(name for row in session.exec(query) for name in row if name)
    called = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.compile(rf"(?:{called})(?![^\W\d_])")
