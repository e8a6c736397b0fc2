"""The newcomer's questions, one form a page. What was answered before lies in a draft (`web.draft`)."""

from datetime import date
from typing import Any, ClassVar, Final, Self

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from markupsafe import Markup
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField, StringField, ValidationError
from wtforms.validators import Optional

from lotsen import db, places, words
from lotsen.clock import now
from lotsen.rules.calendar import local_date
from lotsen.rules.vocabulary import COMMON_LANGUAGES, LANGUAGES, Household, RequestKind
from lotsen.services import offices
from lotsen.web.forms.base import CheckboxesField, PostcodeField, as_phone, at_most, is_email, required, tidy, written
from lotsen.web.forms.choices import MOST_LANGUAGES, slot_choices, topic_choices, wish_choices

Draft = dict[str, Any]

#: Four steps that everybody can tell apart, instead of six.
LEVEL_CHOICES: Final = ("A2", "B1", "B2", "C2")
OTHER_LANGUAGES: Final = LANGUAGES[len(COMMON_LANGUAGES) :]


def language_label(code: str) -> Markup:
    """Return a language in its own words and, where that differs, in the page's."""
    own, here = words.native_name(code), words.language_name(code)
    label = Markup('<bdi lang="{}">{}</bdi>').format(code, own)
    if own.casefold() == here.casefold():
        return label
    return label + Markup('<span class="tile__more"> – <bdi>{}</bdi></span>').format(here)


def four_levels() -> list[tuple[str, str]]:
    """Return the levels to choose from, in words."""
    return [(level, words.word(level, "level")) for level in LEVEL_CHOICES]


def number(value: Any) -> int | None:
    """Return a list's value as a number; nothing chosen is None. Raises `ValueError`."""
    return int(value) if value else None


class Question(FlaskForm):
    """One page: `ask` fills in what was answered before, `answered` returns the draft with the new answer."""

    #: The page's title.
    question: ClassVar[Any]
    #: What the draft holds once this page is answered.
    keys: ClassVar[tuple[str, ...]]

    @classmethod
    def ask(cls, draft: Draft) -> Self:
        """Return the form for `draft`."""
        return cls(data={key: draft.get(key) or "" for key in cls.keys if key in draft})

    def answered(self, draft: Draft) -> Draft:
        """Return `draft` with this page's answer; a choice that means nothing is None."""
        return {**draft, **{key: self[key].data or None for key in self.keys}}

    @classmethod
    def is_answered(cls, draft: Draft) -> bool:
        """Whether the person has been here."""
        return all(key in draft for key in cls.keys)


class AtLeastOne:
    """Some language is chosen, by a tile or in a list."""

    field_flags: ClassVar[dict[str, bool]] = {"required": True}

    def __call__(self, form: "LanguagesQuestion", _field: Any) -> None:
        """Count what is chosen."""
        if not form.chosen():
            raise ValidationError(gettext("Please choose at least one language."))
        if len(form.chosen()) > MOST_LANGUAGES:
            raise ValidationError(gettext("Please choose at most %(max)d languages.", max=MOST_LANGUAGES))


class LanguagesQuestion(Question):
    """Which languages: the common ones as tiles, two more from a list."""

    question = _("Which languages do you speak?")
    keys = ("languages",)

    common = CheckboxesField(
        question,
        description=_("Choose all that you speak, German too if you know a little."),
        validators=[AtLeastOne()],
    )
    other = SelectField(_("Another language"), default="")
    another = SelectField(_("One more language"), default="")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.common.choices = [(code, language_label(code)) for code in COMMON_LANGUAGES]
        names = {code: f"{words.native_name(code)} – {words.language_name(code)}" for code in OTHER_LANGUAGES}
        listed = [("", "–"), *sorted(names.items(), key=lambda item: item[1].casefold())]
        self.other.choices = self.another.choices = listed

    @classmethod
    def ask(cls, draft: Draft) -> Self:
        """Split the languages into tiles and lists."""
        chosen = draft.get("languages", {})
        listed = [*(code for code in chosen if code in OTHER_LANGUAGES), "", ""]
        common = [code for code in chosen if code in COMMON_LANGUAGES]
        return cls(data={"common": common, "other": listed[0], "another": listed[1]})

    def chosen(self) -> list[str]:
        """Return the codes of all chosen languages, each once."""
        return list(dict.fromkeys([*(self.common.data or []), *filter(None, [self.other.data, self.another.data])]))

    def answered(self, draft: Draft) -> Draft:
        """Keep the levels of languages that were chosen before."""
        levels = draft.get("languages", {})
        return {**draft, "languages": {code: levels.get(code, "") for code in self.chosen()}}


class LevelsQuestion(Question):
    """How well, for each chosen language."""

    question = _("How well do you speak these languages?")

    @classmethod
    def ask(cls, draft: Draft) -> Self:
        """Make one field a language."""
        levels = {code: draft["languages"][code] for code in LANGUAGES if code in draft["languages"]}
        fields = {f"level_{code}": cls.field(code) for code in levels}
        form: Self = type("LevelsForm", (cls,), fields)(data={f"level_{code}": level for code, level in levels.items()})
        return form

    @staticmethod
    def field(code: str) -> RadioField:
        """Return the field of one language."""
        missing = gettext("Please choose how well you speak %(language)s.", language=words.language_name(code))
        return RadioField(language_label(code), choices=four_levels, validators=[required(missing)])

    def answered(self, draft: Draft) -> Draft:
        """Set the levels."""
        return {**draft, "languages": {code: self[f"level_{code}"].data for code in draft["languages"]}}

    @classmethod
    def is_answered(cls, draft: Draft) -> bool:
        """Whether each language has its level."""
        return all(draft.get("languages", {}).values())


class PlaceQuestion(Question):
    """Where the person lives, no finer than the postal code."""

    question = _("What is your postal code?")
    keys = ("postcode",)

    postcode = PostcodeField(question, description=_("Five digits. They stand in your address, before the town."))

    def answered(self, draft: Draft) -> Draft:
        """Another place may mean another office."""
        moved = self.postcode.data != draft.get("postcode")
        kept = {key: value for key, value in draft.items() if not (moved and key == "municipality_id")}
        return {**kept, "postcode": self.postcode.data}


class OfficeQuestion(Question):
    """Which coordination office: suggested by the postal code, chosen by the person."""

    question = _("Your coordination office")
    keys = ("municipality_id",)

    municipality_id = SelectField(
        _("Choose the office near you"), coerce=number, validators=[required(_("Please choose an office."))]
    )

    @classmethod
    def ask(cls, draft: Draft) -> Self:
        """Suggest the office that serves the postal code; an unknown code suggests none."""
        session = db.reading()
        place = places.find(draft["postcode"])
        suggested = offices.serving(session, place) if place else None
        chosen = draft.get("municipality_id") or (suggested.id if suggested else None)
        form = cls(data={"municipality_id": chosen})
        everyone = offices.everyone(session)
        form.municipality_id.choices = [("", "–"), *((office.id, office.name) for office in everyone)]
        form.place, form.office = place, next((office for office in everyone if office.id == chosen), None)
        return form


class TopicsQuestion(Question):
    """What the person needs."""

    question = _("What do you need help with?")
    keys = ("topics", "kind", "wanted_from", "wanted_until")
    topics = CheckboxesField(
        question,
        description=_("Choose all that fits."),
        choices=topic_choices,
        validators=[required(_("Please choose at least one topic."))],
    )
    kind = RadioField(
        _("For how long?"),
        choices=lambda: [(each.value, words.word(each, "request_kind")) for each in RequestKind],
        default=RequestKind.LASTING.value,
        validators=[written(_("Please choose an answer."))],
    )
    wanted_from = DateField(_("From which day?"), validators=[Optional()])
    wanted_until = DateField(_("Until which day?"), validators=[Optional()])

    @classmethod
    def ask(cls, draft: Draft) -> Self:
        """Days lie in the draft as text."""
        days = {key: date.fromisoformat(draft[key]) for key in ("wanted_from", "wanted_until") if draft.get(key)}
        known = {key: draft[key] for key in ("topics", "kind") if draft.get(key)}
        return cls(data={**known, **days})

    def validate_wanted_until(self, field: DateField) -> None:
        """Refuse days that are over, and an end before the beginning."""
        if self.kind.data != RequestKind.ONE_OFF:
            return
        if field.data and field.data < local_date(now()):
            raise ValidationError(gettext("This day is over. Please choose today or a later day."))
        if field.data and self.wanted_from.data and field.data < self.wanted_from.data:
            raise ValidationError(gettext("The last day is before the first. Please check both."))

    def answered(self, draft: Draft) -> Draft:
        """Keep the days of a single appointment alone."""
        once = self.kind.data == RequestKind.ONE_OFF
        days = {key: self[key].data.isoformat() if once and self[key].data else None for key in self.keys[2:]}
        return {**draft, "topics": self.topics.data, "kind": self.kind.data, **days}


class TimesQuestion(Question):
    """When the person has time."""

    question = _("When do you have time?")
    keys = ("slots",)
    slots = CheckboxesField(
        question,
        description=_("Choose all that is possible. The more times, the easier it is to find somebody."),
        choices=slot_choices,
        validators=[required(_("Please choose at least one time."))],
    )


class HouseholdQuestion(Question):
    """For whom the guide is."""

    question = _("Who needs a guide?")
    keys = ("household",)
    household = RadioField(
        question,
        choices=lambda: [(each.value, words.word(each, "household")) for each in Household],
        validators=[required(_("Please choose an answer."))],
    )


class GuideQuestion(Question):
    """A wish for the guide's gender: it excludes the others."""

    question = _("Should your guide be a woman or a man?")
    keys = ("guide_gender",)
    guide_gender = RadioField(
        question,
        description=_("We keep to your wish. It may take longer then."),
        choices=wish_choices,
        validators=[required(_("Please choose an answer."))],
    )

    @classmethod
    def ask(cls, draft: Draft) -> Self:
        """No wish is an answer, too."""
        return cls(data={"guide_gender": draft["guide_gender"] or "any"} if cls.is_answered(draft) else {})

    def answered(self, draft: Draft) -> Draft:
        """Keep a wish, or that there is none."""
        wish = self.guide_gender.data
        return {**draft, "guide_gender": None if wish == "any" else wish}


class NameQuestion(Question):
    """How the person is called; a last name is not asked."""

    question = _("What is your first name?")
    keys = ("first_name",)
    first_name = StringField(
        question,
        description=_("Your guide calls you by this name. We do not ask for your family name."),
        filters=[tidy],
        validators=[written(_("Please enter your first name.")), at_most(80)],
        render_kw={"autocomplete": "given-name"},
    )


class GenderQuestion(Question):
    """The person's own gender, only because guides may have a wish, too."""

    question = _("Are you a woman or a man?")
    keys = ("gender",)
    gender = RadioField(
        question,
        description=_("Some guides accompany only women or only men. This is why we ask. You need not answer."),
        choices=lambda: [*wish_choices()[1:], ("", gettext("I do not want to say"))],
        default="",
    )


class ContactQuestion(Question):
    """An e-mail address or a telephone number, or nothing."""

    question = _("How can we reach you?")
    keys = ("email", "phone")
    contact = StringField(
        question,
        description=_("E-mail address or telephone number. Without it you get a code and look up the answer here."),
        filters=[tidy],
        validators=[at_most(254)],
        render_kw={"autocomplete": "email", "dir": "ltr"},
    )

    @classmethod
    def ask(cls, draft: Draft) -> Self:
        """Fill in whichever was given."""
        return cls(data={"contact": draft.get("email") or draft.get("phone") or ""})

    def validate_contact(self, field: StringField) -> None:
        """Tell the two apart by the @."""
        if "@" in (field.data or ""):
            is_email(self, field)
        elif field.data and as_phone(field.data) is None:
            example = gettext("This is not complete. Examples: name@example.org or 0151 23456789")
            raise ValidationError(example)

    def answered(self, draft: Draft) -> Draft:
        """Keep the address or the number."""
        text = self.contact.data or ""
        email = text if "@" in text else None
        return {**draft, "email": email, "phone": None if email or not text else as_phone(text)}


class ConsentQuestion(FlaskForm):
    """The last field: consent, in the words and the language that stand above it."""

    agree = BooleanField(
        _("I agree. I am 16 or older, or my parents or my guardian agree."),
        validators=[required(words.ERROR["consent_missing"])],
    )
    guardian = BooleanField(_("I am a parent or guardian and agree for somebody younger than 16."))
    #: The language in which the text was shown, should the person switch in another window.
    shown_in = HiddenField()
