"""What newcomers and guides choose from: languages with level, topics, times, wishes.

Choices are functions, because their words stand in the language of the request.
"""

from typing import Any, Final

from flask import g
from flask_babel import get_locale
from flask_babel import lazy_gettext as _
from markupsafe import Markup, escape
from wtforms import FieldList, Form, FormField, IntegerField, SelectField, ValidationError
from wtforms.utils import unset_value
from wtforms.widgets import Select, html_params

from lotsen import words
from lotsen.rules.vocabulary import COMMON_LANGUAGES, GENDERS, LANGUAGES, LEVELS, SLOTS, TOPICS
from lotsen.web.query import GREATEST

#: More would not fit a conversation.
MOST_LANGUAGES: Final = 10

Choices = list[tuple[str, str]]


def topic_choices() -> Choices:
    """Return all topics by their code."""
    return [(code, words.word(code, "topic")) for code in TOPICS]


def slot_choices() -> Choices:
    """Return the week's 21 times by their code."""
    return [(code, words.slot(code)) for code in SLOTS]


def wish_choices() -> Choices:
    """Return the wishes for somebody's gender; `any` stands for no wish, so that an answer can be required."""
    return [("any", words.word("", "wish")), *((code, words.word(code, "wish")) for code in GENDERS)]


def chosen(value: Any) -> str:
    """Return what a choice stands for: `any` for nothing (a form's `coerce`)."""
    return "" if value in {None, "any"} else str(value)


def language_choices() -> dict[str, Choices]:
    """Return all languages in two groups, the common ones first, under a line that asks to choose."""
    common = [(code, words.language_name(code)) for code in COMMON_LANGUAGES]
    others = [(code, words.language_name(code)) for code in LANGUAGES if code not in COMMON_LANGUAGES]
    return {
        str(_("Frequent languages")): [("", str(_("Please choose"))), *common],
        str(_("More languages")): sorted(others, key=lambda choice: choice[1].casefold()),
    }


def level_choices() -> Choices:
    """Return the six levels in words, the highest first: most people begin with their first language."""
    return [(code, words.word(code, "level")) for code in reversed(LEVELS)]


class WholeNumberField(IntegerField):
    """A whole number, in any script's digits, refused in our own words."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Read the number; what was typed stays in the field where it is none."""
        try:
            super().process_formdata(valuelist)
        except ValueError as error:
            raise ValueError(str(_("Please enter a whole number."))) from error
        if self.data is not None:  # what no field allows anyway; WTForms fails at more digits than a float can hold
            self.data = max(-GREATEST, min(self.data, GREATEST))


class SameOptions(Select):
    """A menu that stands on a page many times: its options are written once, and in each the chosen one is marked."""

    def __call__(self, field: Any, **kwargs: Any) -> Markup:
        """Return the menu, as the parent class writes it."""
        written: dict[tuple[str, str], str] = g.setdefault("options_of_menus", {})
        key = field.short_name, str(get_locale())
        if key not in written:
            menu = str(super().__call__(field))
            written[key] = menu[menu.index(">") + 1 :].replace("<option selected ", "<option ")
        chosen = f'value="{escape(field.data)}"'
        options = written[key].replace(f"<option {chosen}", f"<option selected {chosen}", 1)
        return Markup(f"<select {html_params(**{'id': field.id, 'name': field.name} | kwargs)}>{options}")  # noqa: S704 -- the parent's


class LanguageRow(Form):
    """One language and how well it is spoken; both or neither."""

    language = SelectField(_("Language"), choices=language_choices, default="", widget=SameOptions())
    level = SelectField(
        _("How well?"), choices=lambda: [("", str(_("Please choose"))), *level_choices()], default="",
        widget=SameOptions(),
    )  # fmt: skip

    def validate_level(self, field: SelectField) -> None:
        """Ask for the level of a chosen language."""
        if self.language.data and not field.data:
            raise ValidationError(str(_("Please say how well you speak this language.")))

    def validate_language(self, field: SelectField) -> None:
        """Ask for the language of a chosen level."""
        if self.level.data and not field.data:
            raise ValidationError(str(_("Please choose the language.")))


class LanguageRowsField(FieldList):  # type: ignore[type-arg]  # generic in its stubs alone
    """Languages with their level, a row each. `languages` is the answer: ISO 639 code -> CEFR level.

    Stored languages come in as such a dictionary; `min_entries` rows are there at least, and `spare()` adds empty ones.
    Shown by `components/language_rows.html`. `missing` is said where none is chosen: staff choose somebody else's.
    """

    def __init__(self, label: Any, missing: Any = None, **options: Any) -> None:
        super().__init__(FormField(LanguageRow), label, [_some_language], max_entries=MOST_LANGUAGES, **options)
        self.flags.required = True
        self.missing = missing or _("Please choose at least one language that you speak.")

    def process(self, formdata: Any, data: Any = unset_value, extra_filters: Any = None) -> None:
        """Take stored languages as rows."""
        if isinstance(data, dict):
            data = [{"language": code, "level": level} for code, level in data.items()]
        super().process(formdata, data, extra_filters)

    @property
    def languages(self) -> dict[str, str]:
        """What was chosen, in the order of the rows; a row without language or level says nothing."""
        rows = [entry.form.data for entry in self.entries]
        return {row["language"]: row["level"] for row in rows if row["language"] and row["level"]}

    def spare(self, count: int = 3) -> None:
        """Add empty rows up to `count`, one at least, as far as rows are allowed."""
        wanted = max(count, len(self.entries) + 1)
        while len(self.entries) < min(wanted, MOST_LANGUAGES):
            self.append_entry()


def _some_language(_form: Form, field: LanguageRowsField) -> None:
    if not field.languages and not any(entry.errors for entry in field.entries):
        raise ValidationError(str(field.missing))
