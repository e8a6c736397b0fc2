"""One quarter on a page: chosen in the address, the latest where none is named."""

from flask import current_app, render_template, request
from flask.typing import ResponseReturnValue

from lotsen import db
from lotsen.access import audience
from lotsen.clock import now
from lotsen.rules.figures import CASE, RATED
from lotsen.rules.quarters import last_closed
from lotsen.rules.suppression import THRESHOLD
from lotsen.rules.vocabulary import Role
from lotsen.services import evaluation
from lotsen.services.evaluation import Report
from lotsen.web.evaluation import tables
from lotsen.web.evaluation.blueprint import bp, named
from lotsen.web.evaluation.summary import sentences
from lotsen.web.evaluation.words import BY_CASE, MEANING, MEASURE, quarter_name


@bp.get("/")
@audience(Role.EVALUATOR)
def overview() -> ResponseReturnValue:
    """Show a quarter's figures beside those of the quarter before."""
    known = evaluation.quarters(db.reading())
    asked = request.args.get("quarter", "")
    if not known and not asked:
        coming = last_closed(now()).next
        return render_template("pages/evaluation/none.html", first=coming.frozen_from)
    report = named(asked or str(known[0]))
    chosen = next((by for by in CASE if by == request.args.get("by")), CASE[0])
    values = {"quarters": known, "by": chosen, "choices": BY_CASE, "by_case": tables.by_case(report, chosen)}
    return render_template("pages/evaluation/overview.html", **values, **shown(report))


def shown(report: Report) -> dict[str, object]:
    """Return what the page and the document to print show of a report."""
    return {
        "report": report,
        "name": quarter_name(report.quarter),
        "quarter_name": quarter_name,
        "sentences": sentences(report),
        "headlines": tables.headlines(report),
        "besides": tables.besides(report),
        "meanings": [(MEASURE[each], MEANING[each]) for each in MEASURE if each not in RATED.values()],
        "threshold": THRESHOLD,
        "licence": current_app.extensions["lotsen_config"].data_licence,
    }
