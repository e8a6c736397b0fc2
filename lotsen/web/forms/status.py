"""The newcomer's way back: the status code."""

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import RadioField

from lotsen.web.forms.base import CodeField, written


class LookOnForm(FlaskForm):
    """How it goes on after a parting."""

    look_on = RadioField(
        _("Shall we look for somebody else?"),
        choices=lambda: [("yes", gettext("Yes, please")), ("no", gettext("No, close my request"))],
        default="yes",
        validators=[written(_("Please choose an answer."))],
    )


class CodeForm(FlaskForm):
    """The code, however it is typed: small letters, spaces, any script's digits."""

    code = CodeField(
        _("Your status code"),
        missing=_("Please enter your status code."),
        description=_("You got it when you asked for a guide: on the page, by e-mail or on a letter."),
    )
