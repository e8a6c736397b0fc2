"""What all forms share: our own words for errors, and text cleaned before it is checked."""

import re
from typing import Any, Final

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import Field, SelectMultipleField, StringField, ValidationError
from wtforms.validators import DataRequired, InputRequired, Length
from wtforms.widgets import CheckboxInput, ListWidget

from lotsen.rules import reach
from lotsen.rules.answers import clean, fold_digits

_POSTCODE: Final = re.compile(r"^[0-9]{5}$")


def tidy(value: str | None) -> str | None:
    """Filter: composed form, no invisible signs, no white space around."""
    return clean(value) if value else value


def digits(value: str | None) -> str | None:
    """Filter: any script's digits as ASCII, without spaces."""
    return fold_digits(value).replace(" ", "") if value else value


def required(message: Any = None) -> InputRequired:
    """Return the validator of a field that must be filled in."""
    return InputRequired(message or _("Please fill this in."))


def written(message: Any = None) -> DataRequired:
    """Return the validator of a text that must be there: white space is none."""
    return DataRequired(message or _("Please fill this in."))


def at_most(count: int) -> Length:
    """Return the validator of a text's length."""
    return Length(max=count, message=_("Please write at most %(max)d characters."))


def is_postcode(_form: FlaskForm, field: Field) -> None:
    """Check the shape of a German postal code."""
    if field.data and not _POSTCODE.fullmatch(field.data):
        raise ValidationError(str(_("A German postal code has five digits, for example 29221.")))


def is_email(_form: FlaskForm, field: Field) -> None:
    """Check an e-mail address, without asking the network."""
    if field.data:
        try:
            field.data = reach.email(field.data)
        except ValueError as error:
            message = str(_("This is not a complete e-mail address. Example: name@example.org"))
            raise ValidationError(message) from error


def as_phone(text: str) -> str | None:
    """Return a telephone number in the form in which it is kept; None where it is none."""
    try:
        return reach.phone(text)
    except ValueError:
        return None


def is_phone(_form: FlaskForm, field: Field) -> None:
    """Check a telephone number and bring it into one form."""
    if field.data:
        number = as_phone(field.data)
        if number is None:
            raise ValidationError(str(_("This is not a complete telephone number. Example: 0151 23456789")))
        field.data = number


class PostcodeField(StringField):
    """A German postal code, typed in any script's digits."""

    def __init__(self, label: Any, **options: Any) -> None:
        super().__init__(
            label,
            filters=[tidy, digits],
            validators=[written(_("Please enter your postal code.")), is_postcode],
            render_kw={"inputmode": "numeric", "autocomplete": "postal-code"},
            **options,
        )


class CodeField(StringField):
    """A code from a letter or a certificate, in any spelling. The placeholder shows how one is printed."""

    def __init__(self, label: Any, *, missing: Any, **options: Any) -> None:
        super().__init__(
            label,
            filters=[tidy, digits],
            validators=[written(missing), at_most(40)],
            render_kw={
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
                "dir": "ltr",
                "placeholder": "XXXX-XXXX-XXXX",
            },
            **options,
        )


class TickBox(CheckboxInput):
    """One of several boxes: a required group does not mean that each box is."""

    def __init__(self) -> None:
        super().__init__()
        self.validation_attrs = ["disabled"]


class CheckboxesField(SelectMultipleField):
    """Several answers, each its own box."""

    widget = ListWidget(prefix_label=False)
    option_widget = TickBox()
