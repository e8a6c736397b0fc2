"""Registering somebody without e-mail: one page, with the person beside the desk."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lotsen import db
from lotsen.access import audience
from lotsen.clock import now
from lotsen.models import Request
from lotsen.rules.vocabulary import Role
from lotsen.services import casefile, requests
from lotsen.web import consents
from lotsen.web.forms.new_request import NewRequestForm
from lotsen.web.office import codes
from lotsen.web.office.blueprint import bp
from lotsen.web.office.decisions import attempt
from lotsen.web.use_case import actor


@bp.route("/requests/new", methods=["GET", "POST"], endpoint="new_request")
@audience(Role.COORDINATOR)
def new_request() -> ResponseReturnValue:
    """Ask the ten questions on one page, and record the consent."""
    form, office = NewRequestForm(), casefile.office_of(db.reading(), actor())
    if form.validate_on_submit():
        stored = attempt(
            lambda session: requests.receive(
                session,
                form.answers(office.id or 0),
                consents.given("request", form.locale.data, office.office_name),
                now(),
                actor=actor(),
            )
        )
        if isinstance(stored, tuple) and isinstance(stored[0], Request):
            codes.keep("request", stored[0].id or 0, stored[1])
            return redirect(url_for("office.code", request_id=stored[0].id))
    form.languages.spare()
    return render_template(
        "pages/office/new_request.html", form=form, texts=consents.everywhere(office.office_name)
    ), 422 if form.is_submitted() else 200
