"""The Land's statistics, for programs: the frozen figures of a quarter, those and no others that the open data hold.

No token: the figures are licensed for everybody, and a referring organisation's token opens its referrals alone.
"""

from flask import current_app, request
from flask.typing import ResponseReturnValue

from lotsen import db
from lotsen.access import PUBLIC, audience
from lotsen.rules.quarters import Quarter
from lotsen.services import evaluation
from lotsen.web.api import problems, schemas
from lotsen.web.api.blueprint import bp, said
from lotsen.web.evaluation import open_data


@bp.get("/statistics")
@audience(PUBLIC)
def statistics() -> ResponseReturnValue:
    """Return a quarter's published figures, the latest quarter's where none is named."""
    asked = problems.read(schemas.Period, request.args.to_dict()).quarter
    published = evaluation.quarters(db.reading())
    quarter = Quarter.read(asked) if asked else next(iter(published), None)
    report = evaluation.report(db.reading(), quarter) if quarter else None
    if report is None:
        return problems.problem(404, "not_published", "No figures are published for this quarter.")
    config = current_app.extensions["lotsen_config"]
    return said(
        schemas.Statistics(
            quarter=str(report.quarter), published=report.frozen_at.date(), publisher=config.publisher,
            licence=config.data_licence, quarters=[str(each) for each in published],
            figures=[schemas.Figure(**row._asdict()) for row in open_data.rows(report)],
        )
    )  # fmt: skip
