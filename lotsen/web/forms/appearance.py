"""Forms for how an office shows itself: its contact, its logo, its own words in mails and letters."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import HiddenField, StringField, TextAreaField, ValidationError

from lotsen.models import Municipality
from lotsen.rules import office_texts
from lotsen.rules.office_texts import LONGEST
from lotsen.services import appearance
from lotsen.web.forms.base import as_phone, at_most, is_email, tidy, written
from lotsen.web.forms.office import StaffForm
from lotsen.web.settings.words import WRONG


class ContactForm(FlaskForm):
    """How people reach an office."""

    seen = HiddenField()
    office_name = StringField(
        _("Name of the office"), filters=[tidy], validators=[written(), at_most(160)],
        description=_("Stands at the end of every mail and at the head of every letter."),
    )  # fmt: skip
    office_email = StringField(
        _("E-mail address"), filters=[tidy], validators=[written(), at_most(254), is_email],
        description=_("Answers to mails go there, and mails to the office as well."), render_kw={"type": "email"},
    )  # fmt: skip
    office_phone = StringField(
        _("Telephone"), filters=[tidy], validators=[at_most(40)],
        description=_("Stands as it is written here."), render_kw={"type": "tel"},
    )  # fmt: skip
    office_address = StringField(
        _("Address"), filters=[tidy], validators=[at_most(200)],
        description=_("Street, number, postal code and town, in one line."),
    )  # fmt: skip
    office_hours = StringField(
        _("Opening hours"), filters=[tidy], validators=[at_most(200)],
        description=_("In German. Under “Own words” they can be said in other languages."),
    )  # fmt: skip
    website = StringField(
        _("The municipality’s site"), filters=[tidy], validators=[at_most(200)],
        description=_(
            "Example: https://www.example.de. Own words in mails and letters may lead there, and nowhere else."
        ),
        render_kw={"type": "url"},
    )  # fmt: skip

    @property
    def values(self) -> dict[str, str]:
        """The valid form's answers."""
        return {name: self[name].data or "" for name in appearance.CONTACT}

    def validate_office_phone(self, field: StringField) -> None:
        """Refuse what is no telephone number; its groups stay as they were typed."""
        if field.data and as_phone(field.data) is None:
            raise ValidationError(str(_("This is not a complete telephone number. Example: 0151 23456789")))

    def validate_website(self, field: StringField) -> None:
        """Refuse what is no address of a site."""
        try:
            field.data = office_texts.site(field.data) if field.data else ""
        except ValueError as error:
            raise ValidationError(
                str(_("This is not the address of a site. Example: https://www.example.de"))
            ) from error


class LogoForm(StaffForm):
    """A picture; beside the contact, so with a prefix of its own."""

    name = "logo"

    file = FileField(
        _("Picture"),
        description=_("PNG or JPEG, at most 200 kB. It is made smaller where it is larger than 600 × 200 pixels."),
        validators=[FileRequired(_("Please choose a file."))],
        render_kw={"accept": "image/png,image/jpeg"},
    )


def _words(label: Any, kind: str, description: Any, rows: int) -> TextAreaField:
    return TextAreaField(
        label,
        filters=[tidy],
        description=description,
        render_kw={"rows": rows, "maxlength": LONGEST[kind], "dir": "auto"},
    )


class TextsForm(FlaskForm):
    """An office's own words in one language."""

    seen = HiddenField()
    opening = _words(
        _("Opening"), "opening", _("A paragraph after the greeting, at most 400 characters. May be left empty."), 4
    )
    closing = _words(
        _("Closing"), "closing", _("A paragraph before “Kind regards”, at most 400 characters. May be left empty."), 4
    )
    hours = _words(_("Opening hours"), "hours", _("In this language, at most 200 characters. Empty: as in German."), 2)

    def __init__(self, office: Municipality, locale: str, **options: Any) -> None:
        super().__init__(**options)
        self.office = office
        for kind in LONGEST:
            self[kind].render_kw = {**self[kind].render_kw, "lang": locale}

    @property
    def values(self) -> dict[str, str]:
        """The answers, empty where nothing was written."""
        return {kind: self[kind].data or "" for kind in LONGEST}

    def validate(self, extra_validators: Any = None) -> bool:
        """Check each text; say beside it what is wrong."""
        valid = bool(super().validate(extra_validators))
        for kind, text in self.values.items():
            found = office_texts.faults(text, kind, self.office.website)
            self[kind].errors = [*self[kind].errors, *(str(WRONG[code]) for code in found)]
            valid = valid and not found
        return valid
