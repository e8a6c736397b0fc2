"""Looking for somebody: by name, telephone, e-mail or code.

What is typed comes by POST and waits, encrypted, in the session until something else is looked for: so the way back
from a person's page leads to the list again, and no name stands in an address.
"""

from typing import Final

from cryptography.fernet import InvalidToken
from flask import redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue

from lotsen import crypto, db
from lotsen.access import audience
from lotsen.rules.vocabulary import Role
from lotsen.services import lookup
from lotsen.web.forms.cases import LookUpForm
from lotsen.web.office.blueprint import bp
from lotsen.web.use_case import actor

_TYPED: Final = "office_look_up"


@bp.get("/search", endpoint="look_up")
@audience(Role.COORDINATOR)
def show() -> ResponseReturnValue:
    """Show the box, and who fits what was typed last."""
    typed = _typed()
    found = lookup.look_up(db.reading(), actor().municipality_id or 0, typed) if typed else []
    return render_template(
        "pages/office/look_up.html", form=LookUpForm(formdata=None, q=typed), typed=typed, found=found
    )


@bp.post("/search", endpoint="looked_up")
@audience(Role.COORDINATOR)
def look_up() -> ResponseReturnValue:
    """Keep what was typed, and lead to who fits."""
    form = LookUpForm()
    if not form.validate():
        return render_template("pages/office/look_up.html", form=form, typed="", found=[]), 422
    session[_TYPED] = crypto.encrypt(form.q.data or "")
    return redirect(url_for("office.look_up"))


def _typed() -> str:
    try:
        return crypto.decrypt(session.get(_TYPED, ""))
    except InvalidToken:
        return ""
