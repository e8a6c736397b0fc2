"""What a guide's own entries come to: hours, mileage and expenses, by year and by person."""

from flask import render_template
from flask.typing import ResponseReturnValue

from lotsen import db
from lotsen.access import audience
from lotsen.clock import now
from lotsen.rules.vocabulary import Role
from lotsen.services import meetings, offers
from lotsen.web.guide.blueprint import bp, own_file


@bp.get("/guide/hours")
@audience(Role.GUIDE)
def hours() -> ResponseReturnValue:
    """Add up the meetings that the guide logged."""
    session, guide = db.reading(), own_file()
    sums = meetings.by_pairing(session, guide)
    return render_template(
        "pages/guide/hours.html",
        years=meetings.by_year(session, guide),
        rows=[(seen, sums.get(seen.pairing_id, meetings.Sum())) for seen in offers.met(session, guide, set(sums))],
        loggable={each.pairing_id for each in offers.met(session, guide, set(sums)) if each.loggable(now())},
    )
