"""What the office prints: agreements, letters."""

from flask import abort
from flask.typing import ResponseReturnValue

from lotsen import db
from lotsen.access import audience
from lotsen.rules.vocabulary import Role
from lotsen.services import agreements, casefile
from lotsen.web import certificates, papers
from lotsen.web.office import codes
from lotsen.web.office.blueprint import bp
from lotsen.web.use_case import actor


@bp.get(f"/pairings/<int:pairing_id>/agreement.{papers.KIND}", endpoint="agreement")
@audience(Role.COORDINATOR)
@papers.sparingly
def agreement(pairing_id: int, kind: str) -> ResponseReturnValue:
    """Return the agreement of a pairing that the office decides."""
    found = agreements.of_pairing(db.reading(), pairing_id, actor())
    return papers.deliver(papers.agreement(found), kind, "Vereinbarung")


@bp.get(f"/requests/<int:request_id>/letter.{papers.KIND}", endpoint="code_letter")
@audience(Role.COORDINATOR)
@papers.sparingly
def code_letter(request_id: int, kind: str) -> ResponseReturnValue:
    """Return the letter with the new status code, until it is handed over."""
    file = casefile.request_file(db.reading(), request_id, actor())
    code = codes.kept("request", request_id) or abort(404)
    office = casefile.office_of(db.reading(), actor())
    return papers.deliver(papers.letter(file.person.first_name, code, file.person.locale, office), kind, "Brief")


@bp.route("/guides/<int:guide_id>/certificates", methods=["GET", "POST"], endpoint="certificates")
@audience(Role.COORDINATOR)
def certificates_of(guide_id: int) -> ResponseReturnValue:
    """Show a guide's certificates of hours; issue another one."""
    file = casefile.guide_file(db.reading(), guide_id, actor())
    return certificates.ask(
        file.guide, "pages/office/certificates.html", "office.certificate", {"file": file}, guide_id=guide_id
    )


@bp.get(f"/guides/<int:guide_id>/certificates/<int:certificate_id>.{papers.KIND}", endpoint="certificate")
@audience(Role.COORDINATOR)
@papers.sparingly
def certificate(guide_id: int, certificate_id: int, kind: str) -> ResponseReturnValue:
    """Return a certificate of a guide of the own office."""
    return certificates.deliver(guide_id, certificate_id, kind)
