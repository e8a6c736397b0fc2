"""Which mails somebody wants: their own choice, and the page behind the link at the end of a mail."""

from typing import Final

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user

from lotsen import db
from lotsen.access import PUBLIC, audience
from lotsen.rules.vocabulary import Role
from lotsen.security import csrf
from lotsen.services import mail_choices, tokens
from lotsen.services.mail_choices import Subscription
from lotsen.web.forms.mails import WORDS, MailsForm
from lotsen.web.navigation import home

bp = Blueprint("mails", __name__)

#: What a mail program posts when its user presses "unsubscribe" (RFC 8058, 3.1).
ONE_CLICK: Final = ("List-Unsubscribe", "One-Click")


@bp.route("/mails", methods=["GET", "POST"])
@audience(Role.NEWCOMER, Role.GUIDE, Role.COORDINATOR)
def choose() -> ResponseReturnValue:
    """Let whoever is signed in choose the mails that are not needed."""
    account = current_user._get_current_object()
    form = MailsForm(account.role, mail_choices.of_account(db.reading(), account))
    if form.validate_on_submit():
        db.run(lambda session: mail_choices.choose(session, account, form.wanted))
        flash(gettext("Your choice is saved."), "success")
        return redirect(home())
    return render_template("pages/mails/choose.html", form=form), 422 if form.errors else 200


@bp.route("/mails/stop", methods=["GET", "POST"])
@audience(PUBLIC)
@csrf.exempt  # type: ignore[untyped-decorator]  # Flask-WTF ships no types
def stop() -> ResponseReturnValue:
    """Stop one kind of mails, or send it again: by a button of ours, or by the mail program's own.

    The link says by its signature whose mails and which; whoever is signed in plays no part. So a mail program needs no
    CSRF token: there is nothing that another site could borrow. Our own buttons send one all the same.
    """
    about = tokens.read_stop(current_app.config["SECRET_KEY"], request.args.get("token", "")) or abort(404)
    if request.method == "GET":
        on = mail_choices.gets(db.reading(), about)
        return render_template("pages/mails/stop.html", on=on, kind=WORDS[about.kind], token=request.args["token"])
    one_click = request.form.get(ONE_CLICK[0]) == ONE_CLICK[1]
    if not one_click:
        csrf.protect()
    switch(about, on=request.form.get("send") == "yes" and not one_click)
    if one_click:
        return "", 200
    flash(gettext("Your choice is saved."), "success")
    return redirect(url_for("mails.stop", token=request.args["token"]))


def switch(about: Subscription, *, on: bool) -> None:
    """Stop these mails, or send them again."""
    db.run(lambda session: mail_choices.switch(session, about, on))
