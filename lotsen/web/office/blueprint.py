"""The blueprint itself, and what every template of the office knows."""

from typing import Any

from flask import Blueprint, request, url_for

from lotsen.rules.vocabulary import DAYS, PARTS
from lotsen.web import drawing
from lotsen.web.office import matching_words, overview_pictures, present, reasons

bp = Blueprint("office", __name__, url_prefix="/office")


@bp.app_template_filter("reason_text")
def reason_text(reason: dict[str, Any]) -> str:
    """Put a matcher's reason into a sentence."""
    return reasons.reason_text(reason)


@bp.app_template_filter("event_reason")
def event_reason(code: str) -> str:
    """Put an event's reason into words."""
    return reasons.event_reason(code)


@bp.context_processor
def helpers() -> dict[str, Any]:
    """Give the office's templates their small helpers."""
    return {
        "here": here,
        "exporting": exporting,
        "due": present.due,
        "next_step": present.next_step,
        "since": present.since,
        "percent": present.percent,
        "tone": present.tone,
        "brief": present.brief,
        "strength": present.strength,
        "criterion": reasons.criterion,
        "why_waits": reasons.why_waits,
        "listed": reasons.listed,
        "short_day": present.short_day,
        "week_days": DAYS,
        "day_parts": PARTS,
        "days": overview_pictures.days,
        "meter": drawing.meter,
        "swatch": drawing.swatch,
        **matching_words.helpers(),
    }


def here(**changes: Any) -> str:
    """Return this page's address with some of its filters changed; a filter that becomes empty is left out."""
    args = _filters() | {key: str(value or "") for key, value in changes.items()}
    kept = {key: value for key, value in args.items() if value and (key != "page" or "page" in changes)}
    values: dict[str, Any] = {**(request.view_args or {}), **kept}
    return url_for(request.endpoint or "", **values)


def exporting() -> str:
    """Return the address that hands out this page's list as it is narrowed."""
    return url_for("office.export", **_filters())


def _filters() -> dict[str, Any]:
    """Return what the address says, without what `url_for` would take for an order to itself."""
    own = {"lang", "endpoint", "self"}
    return {key: value for key, value in request.args.items() if key not in own and not key.startswith("_")}
