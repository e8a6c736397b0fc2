"""What WTForms says about wrong input, in our own words: its catalogues lack languages that we offer.

Flask-WTF keeps a request's translations of WTForms on the request: ours are put there first.
"""

from functools import cache
from typing import Any, Final

from babel.support import NullTranslations, Translations
from flask import Flask, request
from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from wtforms.i18n import messages_path

#: WTForms' sentence, or its singular -> ours.
SAID: Final[dict[str, Any]] = {
    "Not a valid choice.": _("Please choose an answer."),
    "Invalid Choice: could not coerce.": _("Please choose an answer."),
    "Invalid choice(s): one or more data inputs could not be coerced.": _("Please choose an answer."),
    "'%(value)s' is not a valid choice for this field.": _("Please choose an answer."),
    "This field is required.": _("Please fill this in."),
    "Not a valid integer value.": _("Please enter a whole number."),
    "Not a valid decimal value.": _("Please enter a number."),
    "Not a valid float value.": _("Please enter a number."),
    "Not a valid date value.": _("Please choose a day."),
    "Not a valid datetime value.": _("Please choose a day."),
    "Not a valid time value.": _("Please choose a time."),
}


class OwnWords:
    """Our words where we have some, else WTForms' own in the page's language."""

    def ugettext(self, message: str) -> str:
        """Return the sentence for one of WTForms' sentences."""
        return str(SAID[message]) if message in SAID else str(_theirs(str(get_locale())).ugettext(message))

    def ungettext(self, singular: str, plural: str, number: int) -> str:
        """Return the sentence for one of WTForms' sentences that count."""
        return (
            str(SAID[singular])
            if singular in SAID
            else str(_theirs(str(get_locale())).ungettext(singular, plural, number))
        )


@cache
def _theirs(locale: str) -> NullTranslations:
    """Return WTForms' own words: each form asks for some, and reading them takes longer than many a page."""
    return Translations.load(messages_path(), [locale], domain="wtforms")


def init_app(app: Flask) -> None:
    """Let every form of a request speak in our words."""

    @app.before_request
    def speak() -> None:
        request.wtforms_translations = OwnWords()  # type: ignore[attr-defined]  # Flask-WTF looks for it there
