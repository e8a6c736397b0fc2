"""Codes and passkeys."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, StringField

from lotsen.web.forms.base import at_most, digits, tidy, written


class CodeForm(FlaskForm):
    """A code from the app, or a recovery code."""

    code = StringField(
        _("Code from your app, or a recovery code"),
        filters=[tidy, digits],
        validators=[written(_("Please enter the code.")), at_most(40)],
        render_kw={"autocomplete": "one-time-code", "spellcheck": "false", "dir": "ltr"},
    )


class PasskeyForm(FlaskForm):
    """What the browser says about a passkey; a script fills it in."""

    credential = HiddenField()


class NewPasskeyForm(FlaskForm):
    """A new passkey, and what its owner calls it."""

    label = StringField(
        _("What do you call this key?"),
        description=_("For example: work computer, blue USB key"),
        filters=[tidy],
        validators=[written(), at_most(60)],
        render_kw={"autocomplete": "off"},
    )
    credential = HiddenField()
