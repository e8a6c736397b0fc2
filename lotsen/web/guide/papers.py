"""What a guide takes along on paper."""

from flask.typing import ResponseReturnValue

from lotsen import db
from lotsen.access import audience
from lotsen.rules.vocabulary import Role
from lotsen.services import agreements
from lotsen.web import certificates, papers
from lotsen.web.guide.blueprint import bp, own_file
from lotsen.web.use_case import actor


@bp.get(f"/guide/pairings/<int:pairing_id>/agreement.{papers.KIND}")
@audience(Role.GUIDE)
@papers.sparingly
def agreement(pairing_id: int, kind: str) -> ResponseReturnValue:
    """Return the agreement of one of the guide's own pairings."""
    found = agreements.of_pairing(db.reading(), pairing_id, actor())
    return papers.deliver(papers.agreement(found), kind, "Vereinbarung")


@bp.route("/guide/certificates", methods=["GET", "POST"], endpoint="certificates")
@audience(Role.GUIDE)
def own_certificates() -> ResponseReturnValue:
    """Show the guide's certificates of hours; issue another one."""
    return certificates.ask(own_file(), "pages/guide/certificates.html", "guide.certificate")


@bp.get(f"/guide/certificates/<int:certificate_id>.{papers.KIND}")
@audience(Role.GUIDE)
@papers.sparingly
def certificate(certificate_id: int, kind: str) -> ResponseReturnValue:
    """Return one of the guide's own certificates."""
    return certificates.deliver(own_file().id or 0, certificate_id, kind)
