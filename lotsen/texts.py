"""The texts of one language as pages ask for them: both catalogues as one, plain German over German, and over all of
them what reviewers said better, from the next page on and without a restart.
"""

from contextlib import nullcontext
from pathlib import Path
from typing import Final

from babel import Locale
from babel.support import NullTranslations, Translations
from flask import g
from flask_babel import Domain, get_locale
from sqlalchemy.exc import SQLAlchemyError

from lotsen import db
from lotsen.services import wordings
from lotsen.translations import HERE, PLAIN, SOURCE

#: The last one also says how a language counts; where it has no staff catalogue, that is the one with texts.
_DOMAINS: Final = ("staff", "messages")
_TAGS: Final = {folder: tag for tag, folder in PLAIN.items()}


class Texts(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """Flask-Babel's way to the catalogues. What is asked for is read once a process, and anew after each new word."""

    def get_translations(self) -> NullTranslations:
        """Return the texts of the current language; a page or mail that is begun goes on in the same ones."""
        locale = get_locale()
        if locale is None:
            return NullTranslations()
        of_page: dict[Locale, Translations] = g.setdefault("texts", {})
        if locale not in of_page:
            of_page[locale] = self._newest(locale)
        return of_page[locale]

    def _newest(self, locale: Locale) -> Translations:
        name = str(locale)
        if name not in self.cache:
            self.cache[name] = (0, load(name))
        version, found = self.cache[name]
        if locale.language != SOURCE and version != (newest := _version(version)):
            found = load(name)
            for tag in _layers(name):
                _say_better(found, tag)
            self.cache[name] = (newest, found)
        texts: Translations = found
        return texts


def load(locale: str, folder: Path = HERE) -> Translations:
    """Return a locale's catalogues as one; with a modifier (`de@simple`), over those of the language without it."""
    found = Translations()
    for name in _layers(locale):
        for domain in _DOMAINS:
            catalogue = Translations.load(folder, [name], domain)
            if isinstance(catalogue, Translations):
                found.merge(catalogue)
                found.plural = catalogue.plural
    return found


def _layers(locale: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((locale.partition("@")[0], locale)))


def _version(known: int) -> int:
    """Return the number of the newest word, asked once a page or mail; what is known where the database is away.

    In the page's session where there is one, else in one of its own: amid a change none must be begun, which would
    still see afterwards what it saw then.
    """
    if "wordings" not in g:
        try:
            with nullcontext(g.reading_session) if "reading_session" in g else db.database().reading() as session:
                g.wordings = wordings.version(session)
        except SQLAlchemyError:
            g.wordings = known
    version: int = g.wordings
    return version


def _say_better(found: Translations, locale: str) -> None:
    """Put what reviewers of a language said over what its catalogues say."""
    with db.database().reading() as session:
        better = wordings.latest(session, _TAGS.get(locale, locale.replace("_", "-"))).values()
    for word in better:
        source = f"{word.context}\x04{word.source}" if word.context else word.source
        said = [(source, number) for number in range(len(word.forms))] if word.several else [source]
        found._catalog.update(zip(said, word.forms, strict=True))  # as Babel merges
