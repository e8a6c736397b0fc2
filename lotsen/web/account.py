"""Signing in and out, for whoever has a password; newcomers come in by their status code (`web.newcomer`)."""

from urllib.parse import urlsplit

from flask import Blueprint, flash, redirect, render_template, request, session
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import login_user, logout_user

from lotsen import db
from lotsen.access import PUBLIC, audience
from lotsen.security import limiter
from lotsen.services import accounts
from lotsen.web.forms.account import LoginForm
from lotsen.web.navigation import home

bp = Blueprint("account", __name__)


@bp.route("/login", methods=["GET", "POST"])
@audience(PUBLIC)
@limiter.limit("10 per minute", methods=["POST"])
def login() -> ResponseReturnValue:
    """Sign in by address and password."""
    form = LoginForm()
    if form.validate_on_submit():
        account = accounts.authenticate(db.reading(), form.email.data or "", form.password.data or "")
        if account is not None:
            renew_session()
            login_user(account)
            return redirect(safe_target(request.args.get("next")) or home())
        form.password.errors = [_("E-mail address or password is not right. Please check both.")]
    return render_template("pages/account/login.html", form=form), 422 if form.errors else 200


@bp.post("/logout")
@audience(PUBLIC)
def logout() -> ResponseReturnValue:
    """Sign out, and let the browser forget what it kept."""
    logout_user()
    renew_session()
    flash(_("You are signed out."), "success")
    response = redirect("/")
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def renew_session() -> None:
    """Start a new session; only the chosen language stays."""
    language = session.get("lang")
    session.clear()
    if language:
        session["lang"] = language


def safe_target(target: str | None) -> str | None:
    """Return `target` where it is a path of ours, else None."""
    if not target or not target.startswith("/") or target.startswith(("//", "/\\")):
        return None
    parts = urlsplit(target)
    return target if not parts.scheme and not parts.netloc else None
