"""Whoever opens, changes or takes away somebody's file is written down: for every page of the office, by its address.

A page that names a request, guide, pairing, task or person in its address needs to do nothing for it; a list that is
taken away writes itself down (`web.take_away`). A change is written down in its own transaction, a view after the page.
"""

from typing import Final

from flask import Response, g, request
from flask_login import current_user
from sqlmodel import Session

from lotsen import db
from lotsen.clock import now
from lotsen.models.audit import Did
from lotsen.services import audit
from lotsen.web.office.blueprint import bp
from lotsen.web.use_case import actor

_FILES: Final = ("text/csv", "application/")


@bp.before_request
def accompany() -> None:
    """Let the change that this form makes, if it makes one, write down whose file it changes."""
    if request.method == "POST" and current_user.is_authenticated:
        g.along = _write_down


def _write_down(session: Session) -> None:
    if people := audit.concerned(session, g.get("changes") or _in_address()):
        audit.record_all(session, Did.CHANGED, actor(), now(), people)
    g.written_down = True


def _in_address() -> dict[str, list[int]]:
    return {name: [number] for name, number in (request.view_args or {}).items()}


@bp.after_request
def watch(response: Response) -> Response:
    """Write down whose file was seen, changed or exported, once the page succeeded."""
    if current_user.is_authenticated and response.status_code < 400 and not _done():
        exported = (response.mimetype or "").startswith(_FILES)
        did = Did.CHANGED if request.method == "POST" else Did.SAW
        people = audit.concerned(db.reading(), _in_address())
        if people or exported:
            note(Did.EXPORTED if exported else did, people)
    return response


def _done() -> bool:
    """Whether there is nothing to write down: nothing was done, or a list has written itself down."""
    return bool(g.get("refused") or g.get("written_down"))


def note(did: Did, people: list[int]) -> None:
    """Add the entries; reading on in the same file is one view."""
    who, moment = actor(), now()
    if did is Did.SAW:
        lately = audit.viewed_lately(db.reading(), people, who.account_id or 0, moment)
        people = [number for number in people if number not in lately]
    if people or did is Did.EXPORTED:
        db.run(lambda session: audit.record_all(session, did, who, moment, people))
