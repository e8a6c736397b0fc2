"""The overview: where people wait and guides are, how long, what is asked and offered, how pairings go, in pictures."""

from flask import render_template
from flask.typing import ResponseReturnValue

from lotsen import db
from lotsen.access import audience
from lotsen.clock import now
from lotsen.rules.vocabulary import Role
from lotsen.services import casefile, match_runs
from lotsen.services.overview import overview
from lotsen.web.office import overview_pictures
from lotsen.web.office.blueprint import bp
from lotsen.web.use_case import actor


@bp.get("/overview", endpoint="overview")
@audience(Role.COORDINATOR)
def show() -> ResponseReturnValue:
    """Show the own office's figures as they stand now."""
    session, moment = db.reading(), now()
    figures = overview(session, actor().municipality_id or 0, moment)
    return render_template(
        "pages/office/overview.html",
        office=casefile.office_of(session, actor()),
        figures=figures,
        pictures=overview_pictures.of(figures),
        run=match_runs.newest(session, actor()),
        moment=moment,
    )
