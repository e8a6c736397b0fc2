"""What the audit log says, in words."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Final
from urllib.parse import parse_qsl

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


LIST: Final = {
    "requests": _("Newcomers"),
    "guides": _("Guides"),
    "pairings": _("Pairings"),
    "worklist": _("Worklist"),
    "hours": _("Meetings and hours"),
    "insured": _("Insured list"),
    "import": _("Import a list"),
    "absences": _("Absences"),
    "views": _("Who looked at files"),
    "colleagues": _("Colleagues"),
    "access": _("Who let whom in or out"),
    "organisations": _("Organisations that refer people"),
    "referrals": _("Referrals"),
    "shortages": _("Where one more guide would help most"),
    "places": _("Where people wait and where guides are"),
    "waiting": _("Waiting times"),
    "languages": _("Languages"),
    "topics": _("Topics"),
    "months": _("Pairings over time"),
}


def _days(code: str) -> str:
    return " – ".join(words.day(date.fromisoformat(each)) for each in code.split("/"))


#: How a filter of a list is said.
_FILTER: Final[dict[str, Callable[[str], str]]] = {
    "state": lambda code: words.word(code, "request_state"),
    "pairings state": lambda code: words.word(code, "pairing_state") if code != "open" else str(_("All open")),
    "show": lambda code: words.word(code, "guide_list"),
    "kind": lambda code: words.word(code, "matter"),
    "topic": lambda code: words.word(code, "topic"),
    "language": words.language_name,
    "town": lambda code: str(_("a place")) if code == "*" else code,
    "whose": lambda _code: str(_("a colleague’s")),
    "overdue": lambda _code: str(_("Overdue")),
    "days": _days,
    "word": lambda _code: str(_("a reference")),
}


def taken(text: str) -> str:
    """Return which list was taken away, in which format and narrowed to what: "Guides, XLSX: Ready, Celle"."""
    codes = dict(parse_qsl(text))
    name, kind = codes.pop("list", ""), codes.pop("as", "")
    said = [_FILTER.get(f"{name} {what}", _FILTER.get(what, str))(code) for what, code in codes.items()]
    return f"{LIST.get(name, name)}, {kind.upper()}" + (f": {', '.join(said)}" if said else "")


def seen(lines: Iterable[Line]) -> list[dict[str, str]]:
    """Return who did what with a file, for a table."""
    return [
        {
            "when": words.moment(line.at),
            "who": line.by or str(_("The person, or a job")),
            "what": f"{DID[line.did]} ({taken(line.taken)})" if line.taken else str(DID[line.did]),
        }
        for line in lines
    ]


def newest(entries: Iterable[tuple[AuditEntry, str | None]]) -> list[dict[str, str]]:
    """Return an office's entries, for a table; people by number, because the list is about colleagues."""
    return [
        seen([Line(entry.at, entry.did, name or "", entry.taken or "")])[0] | {"whose": str(entry.person_id or "–")}
        for entry, name in entries
    ]
