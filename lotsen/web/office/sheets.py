"""Lists as files: taken away by a button on each list, and written down in the audit log."""

from typing import Final
from urllib.parse import urlencode

from flask import Response, abort, g, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lotsen import db, sheets, words
from lotsen.access import audience
from lotsen.clock import now
from lotsen.rules.vocabulary import Role
from lotsen.services import audit, casefile, imports
from lotsen.sheets import Sheet
from lotsen.web.forms.imports import KIND
from lotsen.web.office.blueprint import bp
from lotsen.web.office.import_words import STAGE
from lotsen.web.office.lists import LISTS
from lotsen.web.office.present import today
from lotsen.web.use_case import actor

_KINDS: Final = {
    "csv": (sheets.as_csv, "text/csv"),
    "xlsx": (sheets.as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


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
    """Hand out a list, narrowed as the address says: by POST, because the audit log changes."""
    name, kind = request.form.get("list", ""), request.form.get("as", "")
    if name not in LISTS or kind not in _KINDS:
        abort(400)
    table = LISTS[name]()
    g.taken_away = audit.concerned(db.reading(), dict([table.about]))
    g.taken_as = urlencode([("list", name), ("as", kind), *table.filters])
    write, mimetype = _KINDS[kind]
    headers = {"Content-Disposition": f'attachment; filename="lotsen-{name}-{today()}.{kind}"'}
    sheet = Sheet(table.title, facts([*table.filters.values()], len(table.rows)), table.columns, table.rows)
    return Response(write(sheet), mimetype=mimetype, headers=headers)


def facts(filters: list[str], count: int) -> list[tuple[str, str]]:
    """Return who takes a list away, when and how it is narrowed."""
    return [
        (_("Office"), casefile.office_of(db.reading(), actor()).office_name),
        (_("Exported by"), current_user.name or current_user.email or ""),
        (_("Exported at"), words.moment(now())),
        (_("Filters"), ", ".join(filters) or _("none")),
        (_("Rows"), str(count)),
    ]
