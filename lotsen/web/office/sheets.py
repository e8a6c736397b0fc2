"""Lists as files: taken away by a button on each list, and written down in the audit log."""

from flask import render_template
from flask.typing import ResponseReturnValue

from lotsen import db, words
from lotsen.access import audience
from lotsen.rules.vocabulary import Role
from lotsen.services import imports
from lotsen.web.forms.imports import KIND
from lotsen.web.office.blueprint import bp
from lotsen.web.office.import_words import STAGE
from lotsen.web.office.lists import LISTS
from lotsen.web.office.present import today
from lotsen.web.take_away import hand_out
from lotsen.web.use_case import actor


@bp.get("/sheets", endpoint="sheets")
@audience(Role.COORDINATOR)
def page() -> ResponseReturnValue:
    """Show what comes in and goes out as a file."""
    return render_template(
        "pages/office/sheets.html",
        years=[today().year, today().year - 1],
        files=[
            {"id": each.id, "kind": KIND[each.kind], "stage": STAGE[each.stage], "when": words.moment(each.created_at)}
            for each in imports.listed(db.reading(), actor().municipality_id or 0)
        ],
    )


@bp.post("/export", endpoint="export")
@audience(Role.COORDINATOR)
def export() -> ResponseReturnValue:
    """Hand out a list, narrowed as the address says."""
    return hand_out(LISTS)
