"""What staff ask somebody beside them, whatever is registered: each form says in its own words what differs."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import BooleanField, RadioField, SelectField, StringField

from lotsen.i18n import OFFERED, native_name
from lotsen.rules.vocabulary import GENDERS, Household
from lotsen.web.forms.base import (
    CheckboxesField,
    PostcodeField,
    at_most,
    is_email,
    is_phone,
    required,
    tidy,
    written,
)
from lotsen.web.forms.choices import LanguageRowsField, slot_choices, topic_choices, wish_choices
from lotsen.web.forms.office import choices
from lotsen.web.staff_words import STAFF_ERROR


def topics_field(label: Any) -> CheckboxesField:
    """Return the question for topics, one at least."""
    return CheckboxesField(label, choices=topic_choices, validators=[required(_("Please choose at least one topic."))])


def gender_field(description: Any) -> SelectField:
    """Return the question whether somebody is a woman or a man, and what for."""
    return SelectField(
        _("The person is"), choices=lambda: choices(GENDERS, "gender", _("not said")), default="",
        description=description,
    )  # fmt: skip


def phone_field(*first: Any) -> StringField:
    """Return the question for a telephone number; `first` validates before its form."""
    return StringField(
        _("Telephone"), filters=[tidy], validators=[*first, at_most(40), is_phone],
        render_kw={"type": "tel", "autocomplete": "off"},
    )  # fmt: skip


def consent_field(label: Any) -> BooleanField:
    """Return the box without which nothing is stored."""
    return BooleanField(label, validators=[required(STAFF_ERROR["consent_missing"])])


class PersonForm(FlaskForm):
    """A person with a name, a place, languages, times, and the language of their letters."""

    first_name = StringField(_("First name"), filters=[tidy], validators=[written(), at_most(80)])
    postcode = PostcodeField(_("Postal code"))
    languages = LanguageRowsField(_("Languages"), missing=_("Please choose at least one language."))
    slots = CheckboxesField(
        _("When is there time?"), choices=slot_choices, validators=[required(_("Please choose at least one time."))]
    )
    locale = SelectField(
        _("Language of letters and pages"), choices=lambda: [(tag, native_name(tag)) for tag in OFFERED]
    )


class NewcomerForm(PersonForm):
    """Somebody who asks for a guide."""

    topics = topics_field(_("What is needed?"))
    household = RadioField(
        _("Who needs a guide?"), choices=lambda: choices(tuple(Household), "household"),
        validators=[required(_("Please choose an answer."))],
    )  # fmt: skip
    guide_gender = RadioField(
        _("Should the guide be a woman or a man?"), choices=wish_choices, default="any", validators=[required()]
    )
    phone = phone_field()
    email = StringField(
        _("E-mail address"), filters=[tidy], validators=[at_most(254), is_email],
        render_kw={"type": "email", "autocomplete": "off"},
    )  # fmt: skip
    consent = consent_field(
        _(
            "The person has read or heard the text in their language and agrees. "
            "They are 16 or older, or their parents or guardian agree."
        )
    )
