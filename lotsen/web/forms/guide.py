"""What volunteers are asked, a form a page; the offer's form holds the same fields; the small forms of a guide."""

from datetime import date
from typing import Any, ClassVar

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    BooleanField,
    DateField,
    HiddenField,
    RadioField,
    StringField,
    ValidationError,
)
from wtforms.validators import NumberRange, Optional

from lotsen import words
from lotsen.rules.vocabulary import GENDERS, Takes
from lotsen.web.forms.account import new_password
from lotsen.web.forms.base import CheckboxesField, PostcodeField, at_most, is_email, is_phone, required, tidy, written
from lotsen.web.forms.choices import (
    LanguageRowsField,
    WholeNumberField,
    chosen,
    slot_choices,
    topic_choices,
    wish_choices,
)
from lotsen.web.forms.request import Draft, OfficeQuestion, Question

__all__ = ["OfficeQuestion"]


def _gender_choices() -> list[tuple[str, str]]:
    said = [(code, words.word(code, "gender")) for code in GENDERS]
    return [*said, ("any", gettext("I do not want to say"))]


class PersonQuestion(Question):
    """Who somebody is, and where."""

    question = _("Who are you?")
    keys: ClassVar[tuple[str, ...]] = ("first_name", "last_name", "postcode", "phone", "gender")

    first_name = StringField(
        _("First name"),
        filters=[tidy],
        validators=[written(_("Please enter your first name.")), at_most(80)],
        render_kw={"autocomplete": "given-name"},
    )
    last_name = StringField(
        _("Last name"),
        description=_("Only the coordination office sees it."),
        filters=[tidy],
        validators=[written(_("Please enter your last name.")), at_most(80)],
        render_kw={"autocomplete": "family-name"},
    )
    postcode = PostcodeField(
        _("Postal code"), description=_("We look for people near you. Nobody learns where exactly you live.")
    )
    phone = StringField(
        _("Telephone number"),
        description=_("For the coordination office. For example 0151 23456789"),
        filters=[tidy],
        validators=[at_most(40), is_phone],
        render_kw={"type": "tel", "autocomplete": "tel", "dir": "ltr"},
    )
    gender = RadioField(
        _("Are you a woman or a man?"),
        description=_("Some newcomers wish for a woman, or for a man. This is why we ask. You need not answer."),
        choices=_gender_choices,
        coerce=chosen,
        default="",
        validators=[required(_("Please choose an answer."))],
    )

    def answered(self, draft: Draft) -> Draft:
        """Another place may mean another office."""
        moved = self.postcode.data != draft.get("postcode")
        kept = {key: value for key, value in draft.items() if not (moved and key == "municipality_id")}
        return super().answered(kept)


class LanguagesQuestion(Question):
    """Which languages, and how well."""

    question = _("Which languages do you speak?")
    keys: ClassVar[tuple[str, ...]] = ("languages",)
    languages = LanguageRowsField(
        question, description=_("German counts too. One language in which you can talk is enough."), min_entries=7
    )

    def answered(self, draft: Draft) -> Draft:
        """Keep the languages by their code."""
        return {**super().answered(draft), "languages": self.languages.languages}


class TopicsQuestion(Question):
    """What somebody likes to help with."""

    question = _("What would you like to help with?")
    keys: ClassVar[tuple[str, ...]] = ("topics",)
    topics = CheckboxesField(
        question,
        description=_("Choose everything that suits you. You need not be an expert."),
        choices=topic_choices,
        validators=[required(_("Please choose at least one topic."))],
    )


class TimesQuestion(Question):
    """When somebody has time."""

    question = _("When do you usually have time?")
    keys: ClassVar[tuple[str, ...]] = ("slots",)
    slots = CheckboxesField(
        question,
        description=_("Choose all times that are possible now and then. It does not mean every week."),
        choices=slot_choices,
        validators=[required(_("Please choose at least one time."))],
    )


class LimitsQuestion(Question):
    """How far, how many, for whom."""

    question = _("How much would suit you?")
    keys: ClassVar[tuple[str, ...]] = ("capacity", "radius_km", "newcomer_gender", "takes")
    capacity = WholeNumberField(
        _("How many people or families at the same time?"),
        description=_("Most guides begin with one. You can change it at any time."),
        default=1,
        validators=[
            required(_("Please enter a number.")),
            NumberRange(1, 10, _("Please enter a number from %(min)d to %(max)d.")),
        ],
        render_kw={"min": 1, "max": 10},
    )
    radius_km = WholeNumberField(
        _("How far would you go, in kilometres?"),
        description=_("As the crow flies, from the middle of your postal code."),
        validators=[
            required(_("Please enter a number.")),
            NumberRange(1, 200, _("Please enter a number from %(min)d to %(max)d.")),
        ],
        render_kw={"min": 1, "max": 200},
    )
    newcomer_gender = RadioField(
        _("Whom would you like to accompany?"),
        description=_("We keep to your wish."),
        choices=wish_choices,
        coerce=chosen,
        default="",
        validators=[required(_("Please choose an answer."))],
    )

    takes = RadioField(
        _("For some time, or for single appointments?"),
        description=_("A single appointment is, for example, one visit to an office."),
        choices=lambda: [(each.value, words.word(each, "takes")) for each in Takes],
        default=Takes.BOTH.value,
        validators=[written(_("Please choose an answer."))],
    )


class AccountForm(FlaskForm):
    """The last page: how to sign in, and the two declarations in the words that stand above."""

    email = StringField(
        _("E-mail address"),
        description=_("You sign in with it, and we write to it when we have somebody for you."),
        filters=[tidy],
        validators=[written(_("Please enter your e-mail address.")), at_most(254), is_email],
        render_kw={"type": "email", "autocomplete": "username", "dir": "ltr"},
    )
    password = new_password(_("Password"))
    consent = BooleanField(
        _("I agree that the coordination office uses my answers for this."),
        validators=[required(words.ERROR["consent_missing"])],
    )
    confidentiality = BooleanField(
        _("I promise to keep what I learn to myself."),
        validators=[required(_("Guides promise confidentiality. Please tick the box if you agree."))],
    )
    #: The language in which the texts were shown, should somebody switch in another window.
    shown_in = HiddenField()


class OfferForm(PersonQuestion, LanguagesQuestion, TopicsQuestion, TimesQuestion, LimitsQuestion):
    """A guide's whole offer on one page."""

    question = _("My offer")
    keys: ClassVar[tuple[str, ...]] = (
        *PersonQuestion.keys, *LanguagesQuestion.keys, *TopicsQuestion.keys, *TimesQuestion.keys, *LimitsQuestion.keys,
    )  # fmt: skip


class PauseForm(FlaskForm):
    """A break, until a day or without an end."""

    until = DateField(
        _("Last day of your break"),
        description=_("Leave it empty if you do not know yet."),
        validators=[Optional()],
    )

    def __init__(self, today: date, **options: Any) -> None:
        super().__init__(**options)
        self.today = today

    def validate_until(self, field: DateField) -> None:
        """Refuse a break that is over."""
        if field.data and field.data < self.today:
            raise ValidationError(gettext("This day is over. Please choose today or a later day."))


class ReasonForm(FlaskForm):
    """Why somebody says no or ends."""

    reason = RadioField(_("Reason"))

    def __init__(self, question: Any, why: Any, reasons: tuple[str, ...], *, needed: bool, **options: Any) -> None:
        super().__init__(**options)
        self.reason.validators = [required(words.ERROR["reason_missing"]) if needed else Optional()]
        self.reason.flags.required = needed
        self.reason.label.text, self.reason.description = question, why
        self.reason.choices = [(code, words.word(code, "reason")) for code in reasons]


class AddressForm(FlaskForm):
    """Where to send a new confirmation mail."""

    email = StringField(
        _("E-mail address"),
        filters=[tidy],
        validators=[written(_("Please enter your e-mail address.")), at_most(254), is_email],
        render_kw={"type": "email", "autocomplete": "email", "dir": "ltr"},
    )
