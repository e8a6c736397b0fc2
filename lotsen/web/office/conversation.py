"""A conversation as the office reads it: only while a report of one of the two is decided, and never unnoticed."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lotsen import db
from lotsen.access import audience
from lotsen.clock import now
from lotsen.rules.vocabulary import Role
from lotsen.services import casefile, conversation
from lotsen.web.office.blueprint import bp
from lotsen.web.office.decisions import attempt
from lotsen.web.use_case import actor


@bp.post("/pairings/<int:pairing_id>/conversation", endpoint="conversation")
@audience(Role.COORDINATOR)
def read(pairing_id: int) -> ResponseReturnValue:
    """Show what the two wrote; that it was read is recorded, so it takes a button."""
    messages = attempt(lambda session: conversation.read_by_office(session, pairing_id, actor(), now()))
    if messages is None:
        return redirect(url_for("office.pairing", pairing_id=pairing_id))
    file = casefile.pairing_file(db.reading(), pairing_id, actor())
    return render_template("pages/office/conversation.html", file=file, messages=messages)
