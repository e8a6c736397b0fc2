"""Links by mail: asking for one, and the pages that they open. Opening changes nothing; the button does."""

from typing import Final

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lotsen import db, words
from lotsen.access import PUBLIC, audience
from lotsen.clock import now
from lotsen.models import LinkKind, Method
from lotsen.services import entrance, links
from lotsen.services.passwords import WeakPassword
from lotsen.web import throttle
from lotsen.web.account.blueprint import bp
from lotsen.web.forms.account import AddressForm, NewPasswordForm
from lotsen.web.navigation import home
from lotsen.web.visits import enter

ASK: Final = throttle.Door("link", network="20 per hour", account="3 per 10 minutes; 10 per day")
OPEN: Final = throttle.Door("open-link", network="60 per hour")


@bp.route("/login/link", methods=["GET", "POST"])
@audience(PUBLIC)
def ask_link() -> ResponseReturnValue:
    """Send a link; the answer is the same for every address, also for one that has had its mails for now."""
    form = AddressForm()
    if form.validate_on_submit():
        email = form.email.data or ""
        throttle.attempt(throttle.Door(ASK.name, network=ASK.network))
        if throttle.admitted(throttle.Door(ASK.name, account=ASK.account), email):
            db.run(lambda session: entrance.send_links(session, email, now()))
        return redirect(url_for("account.link_sent"))
    return render_template("pages/account/ask_link.html", form=form), 422 if form.errors else 200


@bp.get("/login/sent")
@audience(PUBLIC)
def link_sent() -> ResponseReturnValue:
    """Say that a mail is on its way, if we know the address."""
    return render_template("pages/account/link_sent.html")


@bp.route("/login/open", methods=["GET", "POST"])
@audience(PUBLIC)
def open_link() -> ResponseReturnValue:
    """Show the button that signs in; pressing it uses the link up."""
    key = request.values.get("token", "")
    if request.method == "POST":
        throttle.attempt(OPEN)
        try:
            account = db.run(lambda session: entrance.sign_in(session, key, now()))
        except links.LinkGone:
            return gone()
        enter(account, Method.LINK)
        return redirect(home())
    if not links.usable(db.reading(), (LinkKind.SIGN_IN,), key, now()):
        return gone()
    return render_template("pages/account/open_link.html", token=key)


@bp.route("/login/password", methods=["GET", "POST"])
@audience(PUBLIC)
def set_password() -> ResponseReturnValue:
    """Let the owner of a link choose a password; a weak one leaves the link as it was."""
    form = NewPasswordForm(token=request.args.get("token", ""))
    key = form.token.data or ""
    if not links.usable(db.reading(), entrance.PASSWORD_LINKS, key, now()):
        return gone()
    if form.validate_on_submit():
        throttle.attempt(OPEN)
        try:
            db.run(lambda session: entrance.set_password(session, key, form.password.data or "", now()))
        except WeakPassword as refusal:
            form.password.errors = [words.error_text(refusal.code, refusal.details)]
        except links.LinkGone:
            return gone()
        else:
            flash(_("Your password is saved. Please sign in with it."), "success")
            return redirect(url_for("account.login"))
    return render_template("pages/account/set_password.html", form=form), 422 if form.errors else 200


def gone() -> ResponseReturnValue:
    """Say that a link does not work any more, and offer a new one."""
    flash(_("This link does not work any more. It works once, and for a short time."), "warning")
    return redirect(url_for("account.ask_link"))
