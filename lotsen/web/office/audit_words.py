"""What the audit log says, in words."""

from collections.abc import Iterable
from typing import Final

from flask_babel import lazy_gettext as _

from lotsen import words
from lotsen.models import AuditEntry
from lotsen.models.audit import Did
from lotsen.services.audit import Line

DID: Final = {
    Did.SAW: _("looked at the file"),
    Did.CHANGED: _("changed the file"),
    Did.EXPORTED: _("took data into a list"),
    Did.COPIED: _("made a copy"),
    Did.RESTRICTED: _("restricted the use"),
    Did.RELEASED: _("allowed the use again"),
    Did.WITHDREW: _("took the consent back"),
    Did.ERASED: _("deleted the data"),
}


def seen(lines: Iterable[Line]) -> list[dict[str, str]]:
    """Return who did what with a file, for a table."""
    return [
        {"when": words.moment(line.at), "who": line.by or str(_("The person, or a job")), "what": str(DID[line.did])}
        for line in lines
    ]


def newest(entries: Iterable[tuple[AuditEntry, str | None]]) -> list[dict[str, str]]:
    """Return an office's entries, for a table; people by number, because the list is about colleagues."""
    return [
        seen([Line(entry.at, entry.did, name or "")])[0] | {"whose": str(entry.person_id or "–")}
        for entry, name in entries
    ]
