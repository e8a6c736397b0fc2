"""The Land's evaluation: figures over all municipalities, to look at and to download."""

from typing import Final

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _

from lotsen import db
from lotsen.access import audience
from lotsen.clock import now
from lotsen.rules.calendar import local_date
from lotsen.rules.suppression import THRESHOLD
from lotsen.rules.vocabulary import Role
from lotsen.services import evaluation

bp = Blueprint("evaluation", __name__, url_prefix="/evaluation")

REQUEST_COLUMNS: Final = {
    "open": _("Open"),
    "placed": _("Placed"),
    "closed": _("Closed"),
    evaluation.TOTAL: _("All"),
}
PAIRING_COLUMNS: Final = {
    "arranging": _("Being arranged"),
    "together": _("Together"),
    "finished": _("Finished"),
    "not_begun": _("Did not begin"),
    evaluation.TOTAL: _("All"),
}


@bp.get("/")
@audience(Role.EVALUATOR)
def overview() -> ResponseReturnValue:
    """Show requests, waiting times and pairings, by municipality and for the Land."""
    return render_template(
        "pages/evaluation/overview.html",
        figures=evaluation.evaluate(db.reading()),
        request_columns=REQUEST_COLUMNS,
        pairing_columns=PAIRING_COLUMNS,
        threshold=THRESHOLD,
        today=local_date(now()),
    )


@bp.get("/figures.csv")
@audience(Role.EVALUATOR)
def download() -> ResponseReturnValue:
    """Download the same figures."""
    moment = now()
    name = f"lotsen-evaluation-{local_date(moment)}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(evaluation.as_csv(evaluation.evaluate(db.reading()), moment), mimetype="text/csv", headers=headers)
