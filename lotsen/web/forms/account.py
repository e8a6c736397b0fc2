"""Signing in, links by mail, passwords."""

from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import HiddenField, PasswordField, StringField
from wtforms.validators import Length

from lotsen.services.passwords import PASSWORD_MAX, PASSWORD_MIN
from lotsen.web.forms.base import at_most, is_email, required, tidy, written


class LoginForm(FlaskForm):
    """Address and password."""

    email = StringField(
        _("E-mail address"),
        filters=[tidy],
        validators=[required(_("Please enter your e-mail address.")), at_most(254)],
        render_kw={"type": "email", "autocomplete": "username"},
    )
    password = PasswordField(
        _("Password"),
        validators=[required(_("Please enter your password.")), at_most(128)],
        render_kw={"autocomplete": "current-password"},
    )


class AddressForm(FlaskForm):
    """An address, and nothing else."""

    email = StringField(
        _("E-mail address"),
        filters=[tidy],
        validators=[written(_("Please enter your e-mail address.")), at_most(254), is_email],
        render_kw={"type": "email", "autocomplete": "username"},
    )


def new_password(label: Any) -> PasswordField:
    """Return the field for a new password: length alone is asked for, and it may be pasted."""
    return PasswordField(
        label,
        description=_("At least 15 signs, such as a short sentence: easy to remember, hard to guess."),
        validators=[
            required(_("Please choose a password.")),
            Length(
                PASSWORD_MIN,
                PASSWORD_MAX,
                _("Please choose a password with %(min)d to %(max)d signs, for example a short sentence."),
            ),
        ],
        render_kw={"autocomplete": "new-password"},
    )


class NewPasswordForm(FlaskForm):
    """A new password, for whoever has a link from a mail."""

    token = HiddenField()
    password = new_password(_("New password"))


class ChangePasswordForm(FlaskForm):
    """The old and the new password."""

    current = PasswordField(
        _("Your password until now"),
        validators=[required(_("Please enter your password.")), at_most(128)],
        render_kw={"autocomplete": "current-password"},
    )
    password = new_password(_("New password"))
