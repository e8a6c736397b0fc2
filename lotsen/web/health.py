"""Whether this process lives, and whether it can work: for load balancers, never personal.

They ask this machine directly, without TLS.
"""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue
from sqlalchemy import text

from lotsen import db
from lotsen.access import PUBLIC, audience
from lotsen.revisions import is_current
from lotsen.security import also_without_tls

bp = Blueprint("health", __name__, url_prefix="/health")


@bp.get("/live")
@audience(PUBLIC)
@also_without_tls
def live() -> ResponseReturnValue:
    """Answer as long as the process answers."""
    return jsonify(status="ok")


@bp.get("/ready")
@audience(PUBLIC)
@also_without_tls
def ready() -> ResponseReturnValue:
    """Answer 200 where the database answers and holds the newest schema, else 503."""
    try:
        session = db.reading()
        session.connection().execute(text("SELECT 1"))
        current = is_current(session.connection())
    except Exception:
        return jsonify(status="unavailable", database=False), 503
    return jsonify(status="ok" if current else "outdated", database=True), 200 if current else 503
