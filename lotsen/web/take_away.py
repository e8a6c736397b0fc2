"""Lists that leave as files: by a button on each list, narrowed as its page is, and written down in the audit log.

The one way out for every role. A blueprint with lists names its tables and has one address for them, by POST because
the audit log changes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode

from flask import Response, abort, g, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lotsen import db, sheets, words
from lotsen.clock import now
from lotsen.models import Municipality
from lotsen.models.audit import Did
from lotsen.rules.calendar import local_date
from lotsen.rules.pairing import Side
from lotsen.services import audit
from lotsen.services.actor import Actor
from lotsen.sheets import Cell, Sheet

#: What narrows a list: what, and which code -> in words.
Filters = dict[tuple[str, str], str]

_KINDS: Final = {
    "csv": (sheets.as_csv, "text/csv"),
    "xlsx": (sheets.as_xlsx, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
}


@dataclass(frozen=True, slots=True)
class Table:
    """One list: its name, what narrows it, its columns and rows, and the rows whose people it names."""

    title: str
    filters: Filters
    columns: list[str]
    rows: list[list[Cell]]
    #: What the rows are about: the name under which the audit log knows them, and their numbers; nobody's files.
    about: tuple[str, list[int]] = field(default=("", []))


def hand_out(lists: Mapping[str, Callable[[], Table]]) -> ResponseReturnValue:
    """Return the list that the form names as the file that it names; the log knows of it before it leaves."""
    name, kind = request.form.get("list", ""), request.form.get("as", "")
    if name not in lists or kind not in _KINDS:
        abort(400)
    table = lists[name]()
    write, mimetype = _KINDS[kind]
    about = _facts([*table.filters.values()], len(table.rows))
    file = write(Sheet(table.title, about, table.columns, table.rows))
    _write_down(table, urlencode([("list", name), ("as", kind), *table.filters]))
    day = local_date(now())
    headers = {"Content-Disposition": f'attachment; filename="lotsen-{name}-{day}.{kind}"'}
    return Response(file, mimetype=mimetype, headers=headers)


def _write_down(table: Table, taken: str) -> None:
    """Add who took whose files away; nobody takes a list away for one side of a pairing."""
    who, moment = Actor(Side.SYSTEM, current_user.id, current_user.municipality_id), now()
    people = audit.concerned(db.reading(), dict([table.about]))
    db.run(lambda session: audit.record_all(session, Did.EXPORTED, who, moment, people, taken))
    g.written_down = True


def _facts(filters: list[str], count: int) -> list[tuple[str, str]]:
    """Return who takes a list away, when and how it is narrowed."""
    own: Any = current_user.municipality_id
    office = db.reading().get(Municipality, own) if own else None
    return [
        (_("Office"), office.office_name if office else _("all")),
        (_("Exported by"), current_user.name or current_user.email or ""),
        (_("Exported at"), words.moment(now())),
        (_("Filters"), ", ".join(filters) or _("none")),
        (_("Rows"), str(count)),
    ]
