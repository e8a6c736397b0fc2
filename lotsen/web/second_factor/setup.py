"""Setting up and changing the second factor; for whoever still has to, the only pages that open.

Whoever has one changes nothing about it without having shown password and factor within the last minutes: a desk that
was left unlocked must not be enough to take the account over.
"""

import io
from typing import Final

import pyotp
import segno
from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from lotsen import db
from lotsen.access import ENROLLING, audience, sign_in
from lotsen.clock import now
from lotsen.models import Authenticator, Method, SignIn
from lotsen.rules.sessions import FRESH, STAFF
from lotsen.services import second_factor
from lotsen.services.second_factor import LastFactor, WrongCode
from lotsen.web import throttle
from lotsen.web.forms.second_factor import CodeForm, NewPasskeyForm
from lotsen.web.second_factor import passkeys, pending
from lotsen.web.second_factor.blueprint import bp
from lotsen.web.second_factor.challenge import SECOND

_WHO: Final = (*sorted(STAFF), ENROLLING)
#: Pages that change nothing, and the second step itself.
_ANYTIME: Final = frozenset({"second_factor.overview", "second_factor.challenge"})


@bp.before_request
def ask_anew() -> ResponseReturnValue | None:
    """Let whoever has a second factor sign in once more before it changes; then this page opens again."""
    device = sign_in()
    if request.endpoint in _ANYTIME or device is None or not second_factor.present(db.reading(), current_user.id):
        return None
    if shown_lately(device):
        return None
    flash(_("Please sign in once more: then you can change your second factor for ten minutes."), "info")
    return redirect(url_for("account.login", next=url_for("second_factor.overview")))


def shown_lately(device: SignIn) -> bool:
    """Whether password and second factor were shown here a moment ago; a provider's word stands for neither."""
    return device.method is not Method.SINGLE_SIGN_ON and now() - device.created_at < FRESH


@bp.get("/account/second-factor")
@audience(*_WHO)
def overview() -> ResponseReturnValue:
    """Show what is set up, and what can be."""
    session, account_id = db.reading(), current_user.id
    app, keys = second_factor.authenticator(session, account_id), second_factor.passkeys(session, account_id)
    return render_template(
        "pages/second_factor/overview.html",
        app=app,
        keys=keys,
        must_have=pending.must_have(current_user),
        passkeys_possible=passkeys.domain() is not None,
        codes_left=second_factor.recovery_codes_left(session, account_id),
    )


@bp.post("/account/second-factor/app")
@audience(*_WHO)
def begin_app() -> ResponseReturnValue:
    """Draw a secret for an app."""
    account_id = current_user.id
    db.run(lambda session: second_factor.begin_app(session, account_id, now()))
    return redirect(url_for("second_factor.confirm_app"))


@bp.route("/account/second-factor/app/confirm", methods=["GET", "POST"])
@audience(*_WHO)
def confirm_app() -> ResponseReturnValue:
    """Show the secret as a picture and as text, and take the app into use by a code from it."""
    account_id, email = current_user.id, current_user.email or ""
    app = db.reading().get(Authenticator, account_id)
    if app is None or app.confirmed_at is not None:
        return redirect(url_for("second_factor.overview"))
    form = CodeForm()
    if form.validate_on_submit():
        throttle.attempt(SECOND, email)
        try:
            codes = db.run(lambda session: second_factor.confirm_app(session, account_id, form.code.data or "", now()))
        except WrongCode:
            form.code.errors = [_("This code is not right. Please type the one that the app shows now.")]
        else:
            throttle.succeeded(SECOND, email)
            return done(codes)
    address = pyotp.TOTP(app.secret or "").provisioning_uri(name=email, issuer_name="Lotsen")
    return render_template(
        "pages/second_factor/confirm_app.html", form=form, picture=picture(address), secret=grouped(app.secret or "")
    ), 422 if form.errors else 200


@bp.route("/account/second-factor/passkey", methods=["GET", "POST"])
@audience(*_WHO)
def add_passkey() -> ResponseReturnValue:
    """Make a passkey on this device; needs JavaScript, an app does not."""
    if passkeys.domain() is None:
        abort(404)
    account, form = current_user._get_current_object(), NewPasskeyForm()
    if form.validate_on_submit():
        try:
            made = passkeys.registered(form.credential.data or "")
            codes = db.run(
                lambda session: second_factor.add_passkey(session, account.id, form.label.data or "", *made, now())
            )
        except WrongCode:
            form.label.errors = [_("This passkey did not work. Please try again.")]
        else:
            return done(codes)
    options = passkeys.registration(account, second_factor.passkeys(db.reading(), account.id))
    return render_template("pages/second_factor/add_passkey.html", form=form, options=options), (
        422 if form.errors else 200
    )


@bp.post("/account/second-factor/recovery-codes")
@audience(*_WHO)
def renew_codes() -> ResponseReturnValue:
    """Replace the recovery codes and show the new ones, this once."""
    account_id = current_user.id
    if not second_factor.present(db.reading(), account_id):
        return redirect(url_for("second_factor.overview"))
    return done(db.run(lambda session: second_factor.new_recovery_codes(session, account_id)))


@bp.post("/account/second-factor/app/remove")
@audience(*_WHO)
def remove_app() -> ResponseReturnValue:
    """Take the app out of use."""
    account_id, must_have = current_user.id, pending.must_have(current_user)
    return removed(lambda session: second_factor.remove_app(session, account_id, must_have=must_have))


@bp.post("/account/second-factor/passkeys/<int:passkey_id>/remove")
@audience(*_WHO)
def remove_passkey(passkey_id: int) -> ResponseReturnValue:
    """Take a passkey out of use."""
    account_id, must_have = current_user.id, pending.must_have(current_user)
    return removed(lambda session: second_factor.remove_passkey(session, account_id, passkey_id, must_have=must_have))


def removed(use_case: object) -> ResponseReturnValue:
    """Run a removal and say how it went."""
    try:
        db.run(use_case)  # type: ignore[arg-type]  # one of the two lambdas above
    except LastFactor:
        flash(_("Set up another one first: your account needs a second factor."), "danger")
    else:
        flash(_("It does not work any more."), "success")
    return redirect(url_for("second_factor.overview"))


def done(codes: list[str]) -> ResponseReturnValue:
    """Show fresh recovery codes, or go back to the overview where there are none."""
    if codes:
        return render_template("pages/second_factor/codes.html", codes=codes)
    flash(_("It is set up."), "success")
    return redirect(url_for("second_factor.overview"))


def picture(text: str) -> Markup:
    """Return a QR code that stands in the page: no file that could stay behind."""
    drawn = io.BytesIO()
    segno.make_qr(text, error="m").save(
        drawn, kind="svg", scale=5, xmldecl=False, svgns=True, svgclass=None, lineclass=None, light="#ffffff"
    )
    return Markup(drawn.getvalue().decode())  # noqa: S704 -- drawn by the library, from black and white


def grouped(secret: str) -> str:
    """Return a secret in groups of four, for typing."""
    return " ".join(secret[start : start + 4] for start in range(0, len(secret), 4))
