"""The blueprint itself, and the report that an address names."""

from flask import Blueprint, abort

from lotsen import db
from lotsen.rules.quarters import Quarter
from lotsen.services import evaluation
from lotsen.services.evaluation import Report

bp = Blueprint("evaluation", __name__, url_prefix="/evaluation")


def named(quarter: str) -> Report:
    """Return the report on the quarter that is written; whatever is not published answers 404."""
    read = Quarter.read(quarter)
    return (evaluation.report(db.reading(), read) if read else None) or abort(404)
