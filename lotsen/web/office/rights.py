"""What people ask the office for about their data (GDPR articles 15 to 18), and who looked at files."""

from typing import Any, Final

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lotsen import db
from lotsen.access import audience
from lotsen.clock import now
from lotsen.rules.vocabulary import Role
from lotsen.services import audit, casefile, erasure, own_data, rights
from lotsen.web import own_data as own_pages
from lotsen.web.office import audit_words
from lotsen.web.office.blueprint import bp
from lotsen.web.office.decisions import attempt
from lotsen.web.use_case import actor

_USE_CASES: Final[dict[str, Any]] = {"restrict": rights.restrict, "release": rights.release, "erase": erasure.erase}


@bp.get("/people/<int:person_id>/data", endpoint="rights")
@audience(Role.COORDINATOR)
def show(person_id: int) -> ResponseReturnValue:
    """Show what can be done with somebody's data, and who looked at it."""
    person = casefile.person_of(db.reading(), person_id, actor())
    seen = audit_words.seen(audit.of_person(db.reading(), person_id, actor().municipality_id))
    return render_template("pages/office/rights.html", person=person, seen=seen)


@bp.post("/people/<int:person_id>/copy", endpoint="copy")
@audience(Role.COORDINATOR)
def copy(person_id: int) -> ResponseReturnValue:
    """Hand out the copy on somebody's request."""
    person = casefile.person_of(db.reading(), person_id, actor())
    return own_pages.as_file(own_data.copy(db.reading(), person.id or 0, now()))


@bp.post("/people/<int:person_id>/<any(restrict, release, erase):what>", endpoint="exercise")
@audience(Role.COORDINATOR)
def exercise(person_id: int, what: str) -> ResponseReturnValue:
    """Do what somebody asked for."""
    casefile.person_of(db.reading(), person_id, actor())
    done = attempt(lambda session: _USE_CASES[what](session, person_id, actor(), now()) or True)
    if done and what == "erase":
        db.database().scrub()
        flash(_("All data of this person are deleted."), "success")
        return redirect(url_for("office.worklist"))
    if done:
        flash(_("Saved."), "success")
    return redirect(url_for("office.rights", person_id=person_id))


@bp.get("/views", endpoint="views")
@audience(Role.COORDINATOR)
def views() -> ResponseReturnValue:
    """Show the office's lead who looked at files, unusual days first."""
    own = actor().municipality_id or 0
    if not current_user.is_lead:
        abort(404)
    return render_template(
        "pages/office/views.html",
        unusual=audit.unusual(db.reading(), own, now()),
        newest=audit_words.newest(audit.newest(db.reading(), own)),
        limit=audit.UNUSUAL,
    )
