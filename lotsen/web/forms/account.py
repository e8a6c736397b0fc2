"""Signing in."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import PasswordField, StringField

from lotsen.web.forms.base import at_most, required, tidy


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
