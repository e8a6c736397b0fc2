"""The texts of one language as pages ask for them: both catalogues as one, plain German over German."""

from pathlib import Path
from typing import Final

from babel.support import NullTranslations, Translations
from flask_babel import Domain, get_locale

from lotsen.translations import HERE

#: The last one also says how a language counts; where it has no staff catalogue, that is the one with texts.
_DOMAINS: Final = ("staff", "messages")


class Texts(Domain):  # type: ignore[misc]  # Flask-Babel has no types
    """Flask-Babel's way to the catalogues. Only what is asked for is read, once a process."""

    def get_translations(self) -> NullTranslations:
        """Return the texts of the current language."""
        locale = get_locale()
        if locale is None:
            return NullTranslations()
        name = str(locale)
        if name not in self.cache:
            self.cache[name] = load(name)
        found: Translations = self.cache[name]
        return found


def load(locale: str, folder: Path = HERE) -> Translations:
    """Return a locale's catalogues as one; with a modifier (`de@simple`), over those of the language without it."""
    found = Translations()
    for name in dict.fromkeys((locale.partition("@")[0], locale)):
        for domain in _DOMAINS:
            catalogue = Translations.load(folder, [name], domain)
            if isinstance(catalogue, Translations):
                found.merge(catalogue)
                found.plural = catalogue.plural
    return found
