"""Where one is signed in, and one's password."""

from datetime import timedelta
from typing import Final

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lotsen import access, db, words
from lotsen.access import SIGNED_IN, audience
from lotsen.clock import now
from lotsen.models import Method, SignIn
from lotsen.rules.sessions import STAFF
from lotsen.services import accounts, sessions
from lotsen.web import throttle
from lotsen.web.account.blueprint import bp
from lotsen.web.forms.account import ChangePasswordForm

#: So long after signing in by a link a new password needs no old one: the mailbox stands for it.
LINK_COUNTS_FOR: Final = timedelta(minutes=30)
OLD_PASSWORD: Final = throttle.Door("old-password", account="5 per 10 minutes; 20 per day")


@bp.get("/account")
@audience(SIGNED_IN)
def overview() -> ResponseReturnValue:
    """Show where one is signed in, and the ways in."""
    return render_template(
        "pages/account/overview.html",
        devices=sessions.listed(db.reading(), current_user._get_current_object(), now()),
        here=current_device(),
        password=current_user.email is not None,
        staff=current_user.role in STAFF,
    )


@bp.post("/account/devices/<int:sign_in_id>/end")
@audience(SIGNED_IN)
def end_device(sign_in_id: int) -> ResponseReturnValue:
    """Sign one device out."""
    account_id = current_user.id
    db.run(lambda session: sessions.end(session, sign_in_id, account_id))
    flash(_("Signed out there."), "success")
    return redirect(url_for("account.overview"))


@bp.post("/account/devices/end")
@audience(SIGNED_IN)
def end_others() -> ResponseReturnValue:
    """Sign every other device out."""
    account_id, here = current_user.id, current_device().id
    db.run(lambda session: sessions.end_all(session, account_id, but=here))
    flash(_("You are signed in on this device only."), "success")
    return redirect(url_for("account.overview"))


@bp.route("/account/password", methods=["GET", "POST"])
@audience(SIGNED_IN)
def change_password() -> ResponseReturnValue:
    """Change the password; every other device is signed out."""
    if current_user.email is None:
        abort(404)
    form = ChangePasswordForm()
    if by_link():
        del form.current
    if form.validate_on_submit() and changed(form):
        flash(_("Your password is saved. Other devices are signed out."), "success")
        return redirect(url_for("account.overview"))
    return render_template("pages/account/change_password.html", form=form), 422 if form.errors else 200


def changed(form: ChangePasswordForm) -> bool:
    """Save the new password; show beside the field what the service refuses."""
    account_id, here, email = current_user.id, current_device().id, current_user.email
    old = form.current.data or "" if "current" in form else None
    if old is not None:
        throttle.attempt(OLD_PASSWORD, email)
    try:
        db.run(
            lambda session: accounts.change_password(
                session, account_id, form.password.data or "", current=old, keep=here
            )
        )
    except accounts.WrongPassword:
        form.current.errors = [_("This is not your password. Please check it.")]
    except accounts.WeakPassword as refusal:
        form.password.errors = [words.error_text(refusal.code, refusal.details)]
    return not form.errors


def by_link() -> bool:
    """Whether somebody has just come by a link from their mail."""
    here = current_device()
    return here.method is Method.LINK and now() - here.created_at < LINK_COUNTS_FOR


def current_device() -> SignIn:
    """Return the device of this request."""
    return access.sign_in() or abort(404)
