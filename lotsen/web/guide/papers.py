"""What a guide takes along on paper."""

from flask.typing import ResponseReturnValue

from lotsen import db
from lotsen.access import audience
from lotsen.rules.vocabulary import Role
from lotsen.services import agreements
from lotsen.web import papers
from lotsen.web.guide.blueprint import bp
from lotsen.web.use_case import actor


@bp.get(f"/guide/pairings/<int:pairing_id>/agreement.{papers.KIND}")
@audience(Role.GUIDE)
@papers.sparingly
def agreement(pairing_id: int, kind: str) -> ResponseReturnValue:
    """Return the agreement of one of the guide's own pairings."""
    found = agreements.of_pairing(db.reading(), pairing_id, actor())
    return papers.deliver(papers.agreement(found), kind, "Vereinbarung")
