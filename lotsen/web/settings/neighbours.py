"""Neighbours: across which borders people are paired, once both offices agree."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lotsen import db
from lotsen.access import audience
from lotsen.clock import now
from lotsen.rules.vocabulary import Role
from lotsen.services import neighbours
from lotsen.web.settings.blueprint import bp, may_change, me, office, to_change
from lotsen.web.use_case import attempt


@bp.get("/<int:municipality_id>/neighbours", endpoint="neighbours")
@audience(Role.COORDINATOR, Role.ADMIN)
def listed(municipality_id: int) -> ResponseReturnValue:
    """List the other offices, and how each border stands."""
    place, groups = office(municipality_id), dict[str, list[neighbours.Line]]()
    for line in neighbours.listed(db.reading(), municipality_id):
        groups.setdefault(line.border, []).append(line)
    return render_template("pages/settings/neighbours.html", office=place, groups=groups, may_change=may_change())


@bp.post("/<int:municipality_id>/neighbours/<int:neighbour_id>/<any(offer, withdraw):what>", endpoint="border")
@audience(Role.COORDINATOR, Role.ADMIN)
def change(municipality_id: int, neighbour_id: int, what: str) -> ResponseReturnValue:
    """Offer a border, accept it, or take it back."""
    to_change(municipality_id)
    by = me()
    attempt(
        lambda session: neighbours.change(
            session, by, municipality_id, neighbour_id, now(), offer=what == "offer"
        ),
        _("Saved. The other office is told."),
    )  # fmt: skip
    return redirect(url_for("settings.neighbours", municipality_id=municipality_id))
