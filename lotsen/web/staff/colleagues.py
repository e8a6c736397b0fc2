"""Staff accounts: listed, invited, let out and in again."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext
from sqlmodel import Session

from lotsen import db, words
from lotsen.access import audience
from lotsen.clock import now
from lotsen.models import Account
from lotsen.models.audit import Granted
from lotsen.rules.vocabulary import Role
from lotsen.services import colleagues, offices, organisations, single_sign_on
from lotsen.web import query
from lotsen.web.forms.colleagues import InvitationForm, LanguagesForm
from lotsen.web.staff.blueprint import bp, manager
from lotsen.web.use_case import attempt

_GRANTED: Final = {
    Granted.INVITED: lazy_gettext("sent an invitation"),
    Granted.INVITED_AGAIN: lazy_gettext("sent the invitation again"),
    Granted.CLOSED: lazy_gettext("closed the account"),
    Granted.REOPENED: lazy_gettext("opened the account again"),
    Granted.RESET: lazy_gettext("reset the second factor"),
    Granted.LANGUAGES: lazy_gettext("changed the languages to read"),
}


@bp.get("/", endpoint="colleagues")
@audience(Role.COORDINATOR, Role.ADMIN)
def listed() -> ResponseReturnValue:
    """List the staff accounts."""
    by = manager()
    number = query.page()
    return render_template(
        "pages/staff/colleagues.html",
        page=colleagues.listed(db.reading(), by, number),
        history=history(by),
        access_of=access_of,
        reads=lambda account: words.listed(map(words.offered_name, account.reads)),
        here=by,
        everywhere=by.role is Role.ADMIN,
        offices=offices.everyone(db.reading()) if by.role is Role.ADMIN else [],
        provider=single_sign_on.stored(db.reading(), by.municipality_id or 0),
    )


def access_of(line: colleagues.Colleague) -> tuple[str, str]:
    """Return how somebody gets in, in words, and the badge's tone."""
    if not line.account.active:
        return _("closed"), "neutral"
    if not line.account.password_hash:
        return _("invited"), "info"
    return (_("with second factor"), "success") if line.has_factor else (_("password only"), "warning")


def history(by: Account, limit: int = 20) -> list[dict[str, str]]:
    """Return who let whom in or out, the newest first, for a table."""
    return [
        {
            "when": words.moment(entry.at),
            "who": (who.name or who.email or "") if who else _("The command line"),
            "what": str(_GRANTED[entry.did]),
            "whom": f"{whom.name or whom.email} ({words.word(entry.role, 'role')})",
        }
        for entry, who, whom in colleagues.history(db.reading(), by, limit)
    ]


@bp.route("/invite", methods=["GET", "POST"])
@audience(Role.COORDINATOR, Role.ADMIN)
def invite() -> ResponseReturnValue:
    """Make an account and send the link that sets its password."""
    by = manager()
    number = query.number("organisation")
    referrer = organisations.one(db.reading(), number, by) if number else None
    form = InvitationForm.for_roles(colleagues.roles_for(by), offices.everyone(db.reading()), by, referrer)
    if form.validate_on_submit():
        try:
            db.run(lambda session: colleagues.invite(session, form.invitation(), by, now()))
        except colleagues.AddressTaken:
            form.email.errors = [_("This address has an account already.")]
        else:
            return said(_("The invitation is on its way. Its link works for seven days."))
    return render_template("pages/staff/invite.html", form=form), 422 if form.errors else 200


@bp.route("/reviewers/<int:reviewer_id>", methods=["GET", "POST"])
@audience(Role.ADMIN)
def languages(reviewer_id: int) -> ResponseReturnValue:
    """Ask whose texts a reviewer reads."""
    by = manager()
    account = colleagues.reviewer(db.reading(), reviewer_id, by)
    form = LanguagesForm(data={"reads": account.reads})
    if form.validate_on_submit():
        reads = form.reads.data or []
        db.run(lambda session: colleagues.set_languages(session, reviewer_id, by, reads, now()))
        return said(_("The languages are saved."))
    return render_template("pages/staff/languages.html", form=form, account=account), 422 if form.errors else 200


@bp.post("/<int:account_id>/<any(remove, restore, invite, reset):what>")
@audience(Role.COORDINATOR, Role.ADMIN)
def change(account_id: int, what: str) -> ResponseReturnValue:
    """Do one thing to an account."""
    by = manager()
    use_case, success = changes(account_id, by)[what]
    attempt(use_case, success, refusal)
    return redirect(url_for("staff.colleagues"))


def changes(account_id: int, by: Account) -> dict[str, tuple[Callable[[Session], Account], str]]:
    """Return what can be done to an account, and what is said afterwards."""
    return {
        "remove": (
            lambda session: colleagues.set_active(session, account_id, by, now(), active=False),
            _("The account is closed. Whoever used it is signed out."),
        ),
        "restore": (
            lambda session: colleagues.set_active(session, account_id, by, now(), active=True),
            _("The account is open again."),
        ),
        "invite": (
            lambda session: colleagues.invite_again(session, account_id, by, now()),
            _("The invitation is on its way. Its link works for seven days."),
        ),
        "reset": (
            lambda session: colleagues.reset_factor(session, account_id, by, now()),
            _("The second factor is reset. A new one is set up at the next sign-in."),
        ),
    }


def refusal(code: str, details: Mapping[str, Any]) -> str:
    """Put a refusal into a sentence."""
    if code == colleagues.Oneself.code:
        return str(_("That is your own account. A colleague does that."))
    return words.error_text(code, details)


def said(message: str) -> ResponseReturnValue:
    """Go back to the list with a message."""
    flash(message, "success")
    return redirect(url_for("staff.colleagues"))
