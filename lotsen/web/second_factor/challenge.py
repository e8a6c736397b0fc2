"""The second step of signing in: a code from the app, a passkey, or a recovery code."""

from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lotsen import db
from lotsen.access import PUBLIC, audience
from lotsen.clock import now
from lotsen.models import Account
from lotsen.services import second_factor
from lotsen.services.second_factor import WrongCode
from lotsen.web import throttle
from lotsen.web.account.targets import safe_target
from lotsen.web.forms.second_factor import CodeForm, PasskeyForm
from lotsen.web.second_factor import passkeys, pending
from lotsen.web.second_factor.blueprint import bp

#: Whoever comes here knows the password: guessing six digits must stay hopeless.
SECOND: Final = throttle.Door("second-factor", account="5 per 10 minutes; 20 per day")


@bp.route("/login/second", methods=["GET", "POST"])
@audience(PUBLIC)
def challenge() -> ResponseReturnValue:
    """Ask for the second factor, and let in who has it."""
    account = pending.who()
    if account is None:
        return redirect(url_for("account.login"))
    form, key = CodeForm(), PasskeyForm()
    if key.credential.data and key.validate_on_submit():
        if shown_key(account, key.credential.data):
            return pending.complete(account, safe_target(request.args.get("next")))
        form.code.errors = [_("This passkey did not work. Please try again, or use a code.")]
    elif form.validate_on_submit() and shown_code(account, form):
        return pending.complete(account, safe_target(request.args.get("next")))
    known = second_factor.passkeys(db.reading(), account.id or 0) if passkeys.domain() else []
    options = passkeys.authentication(known) if known else None
    return render_template("pages/second_factor/challenge.html", form=form, key=key, options=options), (
        422 if form.errors else 200
    )


def shown_code(account: Account, form: CodeForm) -> bool:
    """Check a code; say beside the field what is wrong."""
    account_id, email = account.id or 0, account.email or ""
    throttle.attempt(SECOND, email)
    try:
        db.run(lambda session: second_factor.check(session, account_id, form.code.data or "", now()))
    except WrongCode:
        form.code.errors = [_("This code is not right, or it was used before. Please wait for the next one.")]
        return False
    throttle.succeeded(SECOND, email)
    return True


def shown_key(account: Account, answer: str) -> bool:
    """Check a passkey."""
    account_id = account.id or 0
    known = second_factor.passkeys(db.reading(), account_id)
    try:
        used, count = passkeys.authenticated(answer, known)
        db.run(lambda session: second_factor.use_passkey(session, account_id, used, count, now()))
    except WrongCode:
        return False
    return True
