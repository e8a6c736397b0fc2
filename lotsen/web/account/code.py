"""Coming in by a status code: newcomers at their own page (`web.newcomer`), guides without e-mail here."""

from typing import Final

from flask import redirect, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lotsen import db
from lotsen.access import PUBLIC, audience
from lotsen.models import Method
from lotsen.services import accounts
from lotsen.web import throttle
from lotsen.web.account.blueprint import bp
from lotsen.web.forms.status import CodeForm
from lotsen.web.navigation import home
from lotsen.web.visits import enter

#: Tries of a code count per network, and only wrong ones: 60 bits are not guessed, a shelter shares one address.
STATUS_CODE: Final = throttle.Door("status", network="20 per 10 minutes; 100 per day")


@bp.route("/login/code", methods=["GET", "POST"])
@audience(PUBLIC)
def code() -> ResponseReturnValue:
    """Sign in by a code from a letter."""
    form = CodeForm()
    form.code.description = ""
    if entered(form):
        return redirect(home())
    return render_template("pages/account/code.html", form=form), 422 if form.errors else 200


def entered(form: CodeForm) -> bool:
    """Whether the typed code let its owner in; else it is said beside the field."""
    if not form.validate_on_submit():
        return False
    throttle.attempt(STATUS_CODE)
    account = accounts.by_code(db.reading(), form.code.data or "")
    if account is None:
        form.code.errors = [_("We do not know this code. Please check each letter and number.")]
        return False
    throttle.succeeded(STATUS_CODE)
    enter(account, Method.CODE)
    return True
