"""Signing in by password, signing out, leaving quickly; newcomers come in by their status code (`web.newcomer`)."""

from typing import Final

from flask import current_app, flash, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lotsen import db
from lotsen.access import PUBLIC, audience
from lotsen.config import Config
from lotsen.models import Method
from lotsen.services import accounts, single_sign_on
from lotsen.web import throttle
from lotsen.web.account.blueprint import bp
from lotsen.web.account.targets import safe_target
from lotsen.web.forms.account import LoginForm
from lotsen.web.second_factor import pending
from lotsen.web.visits import forget_everything, leave

PASSWORD: Final = throttle.Door(
    "password", both="5 per minute; 20 per hour", network="60 per 10 minutes", account="30 per hour"
)


@bp.route("/login", methods=["GET", "POST"])
@audience(PUBLIC)
def login() -> ResponseReturnValue:
    """Sign in by address and password."""
    form, status = LoginForm(), 422
    if form.validate_on_submit():
        email = form.email.data or ""
        if not throttle.admitted(PASSWORD, email):
            form.password.errors = [_("Too many tries. Please wait some minutes, or let us send you a link.")]
            status = 429
        elif account := accounts.authenticate(db.reading(), email, form.password.data or ""):
            throttle.succeeded(PASSWORD, email)
            return pending.admit(account, Method.PASSWORD, safe_target(request.args.get("next")))
        else:
            form.password.errors = [_("E-mail address or password is not right. Please check both.")]
    offices = single_sign_on.offices(db.reading())
    return render_template("pages/account/login.html", form=form, offices=offices), status if form.errors else 200


@bp.post("/logout")
@audience(PUBLIC)
def logout() -> ResponseReturnValue:
    """Sign out, and let the browser forget what it kept."""
    leave()
    flash(_("You are signed out."), "success")
    return forget_everything(make_response(redirect("/")))


@bp.post("/leave")
@audience(PUBLIC)
def leave_quickly() -> ResponseReturnValue:
    """Sign out and go to a page that says nothing: somebody has come into the room.

    A page of ours leads on by itself: browsers forbid a form to redirect to another server, as our policy says.
    """
    config: Config = current_app.extensions["lotsen_config"]
    leave()
    return forget_everything(make_response(render_template("pages/account/left.html", url=config.exit_url)))
