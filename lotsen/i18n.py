"""Languages: which are offered, which one a page is in, and which way it runs.

Everything that newcomers and guides see stands in the catalogues' domain `messages`, pages for staff in `staff`:
a language is offered to newcomers and guides when its `messages` are complete; staff pages are German and English.
German in plain words (`de-simple`) is a language of its own, whose catalogue holds what newcomers meet on their way.
"""

from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import cache
from typing import Final
from urllib.parse import urlencode

from babel import Locale
from flask import Flask, g, request, session
from flask_babel import Babel, force_locale, get_locale, refresh
from flask_login import current_user

from lotsen.texts import Texts
from lotsen.translations import PLAIN

#: BCP 47 tags; the order in which the switch lists them.
OFFERED: Final = (
    "de", "de-simple", "en", "ar", "uk", "ru", "tr", "fa-AF", "ku", "fr", "ti", "ro", "bg", "pl", "vi", "sq", "ps",
)  # fmt: skip
STAFF: Final = ("de", "en")
DEFAULT: Final = "de"
#: Where Babel calls a language otherwise. Dates and numbers in English follow Europe's habits; plain German counts and
#: writes dates as German does (`simple` is a registered variant in BCP 47, and a modifier for gettext).
LOCALES: Final = {"en": "en_GB"} | PLAIN
#: Names of languages that CLDR does not have.
_NAMES: Final = {"de-simple": "Deutsch (einfach)"}
#: Blueprints whose pages exist in the staff's languages only.
STAFF_BLUEPRINTS: Final = frozenset(
    {
        "office",
        "referrer",
        "evaluation",
        "admin",
        "mail_gallery",
        "wording",
        "staff",
        "second_factor",
        "single_sign_on",
        "settings",
    }
)


@dataclass(frozen=True, slots=True)
class Language:
    """One entry of the language switch."""

    tag: str
    #: The language's name in itself.
    name: str
    url: str


def init_app(app: Flask) -> None:
    """Choose a locale for each request, and give templates what they need for it."""
    app.config["BABEL_DEFAULT_LOCALE"] = DEFAULT
    app.config["BABEL_DEFAULT_TIMEZONE"] = "Europe/Berlin"
    Babel(app, locale_selector=choose).domain_instance = Texts()
    app.before_request(remember)
    app.context_processor(lambda: {
        "locale_tag": tag(),
        "text_direction": direction(),
        "language_switches": switch(),
        "spoken": not _staff_page(),
    })  # fmt: skip


def remember() -> None:
    """Keep the language that `?lang=` asks for; it lives in the session alone."""
    wanted = request.args.get("lang", "")
    if wanted in OFFERED:
        session["lang"] = wanted


def choose() -> str:
    """Return the locale of this request: asked for, else the account's, else the browser's, else German."""
    offered = _chosen()
    return locale_of(offered)


def in_every_language() -> None:
    """From here on this answer exists in every offered language, as what is said of errors does, wherever they happen.

    A guide who comes upon a staff page's address is told so in their own language.
    """
    g.in_every_language = True
    refresh()


def _staff_page() -> bool:
    return request.blueprint in STAFF_BLUEPRINTS and "in_every_language" not in g


def locale_of(language: str) -> str:
    """Return the locale that Babel knows for an offered language's BCP 47 tag."""
    return LOCALES.get(language, language.replace("-", "_"))


def speaking(language: str) -> AbstractContextManager[None]:
    """Say everything within in an offered language, whoever reads the page."""
    within: AbstractContextManager[None] = force_locale(locale_of(language))
    return within


def _chosen() -> str:
    wanted = session.get("lang") or (current_user.locale if current_user and current_user.is_authenticated else None)
    wanted = wanted or request.accept_languages.best_match(OFFERED, DEFAULT)
    if _staff_page() and wanted not in STAFF:
        return DEFAULT
    return wanted if wanted in OFFERED else DEFAULT


def tag() -> str:
    """Return the current locale as a BCP 47 tag."""
    locale = str(get_locale() or DEFAULT)
    return next((each for each, name in LOCALES.items() if name == locale), locale.replace("_", "-"))


def direction() -> str:
    """Return `rtl` or `ltr` for the current locale."""
    locale = get_locale()
    return locale.text_direction if locale else "ltr"


def direction_of(language: str) -> str:
    """Return which way an offered language runs."""
    return Locale.parse(locale_of(language)).text_direction


def switch() -> list[Language]:
    """Return the languages in which this page exists, each leading to the same page."""
    offered = STAFF if _staff_page() else OFFERED
    return [Language(each, native_name(each), _same_page(each)) for each in offered]


@cache
def native_name(language: str) -> str:
    """Return a language's name in itself; with what a region calls it, where it is written for both."""
    if language in _NAMES:
        return _NAMES[language]
    locale = Locale.parse(language, sep="-")
    names = dict.fromkeys(locale.languages.get(each) for each in (locale.language, str(locale)))
    name = " / ".join(name for name in names if name) or language
    return name[:1].upper() + name[1:]


def _same_page(language: str) -> str:
    args = request.args.to_dict() | {"lang": language}
    return f"{request.path}?{urlencode(args)}"
