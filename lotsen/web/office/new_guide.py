"""A guide without e-mail: registered on one page with the guide beside the desk, a letter with a code to take home."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from lotsen import db
from lotsen.access import audience
from lotsen.clock import now
from lotsen.models import Guide
from lotsen.rules.vocabulary import Role
from lotsen.services import beside, casefile
from lotsen.web import consents, papers
from lotsen.web.forms.new_guide import NewGuideForm
from lotsen.web.office import codes
from lotsen.web.office.blueprint import bp
from lotsen.web.office.decisions import attempt
from lotsen.web.use_case import actor


@bp.route("/guides/new", methods=["GET", "POST"], endpoint="new_guide")
@audience(Role.COORDINATOR)
def new_guide() -> ResponseReturnValue:
    """Ask what guides are asked on one page, and record the consent."""
    office = casefile.office_of(db.reading(), actor())
    form = NewGuideForm(data={"radius_km": office.settings.default_radius_km})
    if form.validate_on_submit():
        consent = consents.volunteer(form.locale.data, office.office_name)
        promise = consents.confidentiality(form.locale.data) if form.promised.data else None
        stored = attempt(
            lambda session: beside.register(
                session, form.answers(office.id or 0), consent, actor(), now(), confidentiality=promise
            )
        )
        if isinstance(stored, tuple) and isinstance(stored[0], Guide):
            codes.keep("guide", stored[0].id or 0, stored[1])
            return redirect(url_for("office.guide_code", guide_id=stored[0].id))
    form.languages.spare()
    return render_template(
        "pages/office/new_guide.html", form=form, texts=consents.volunteers_everywhere(office.office_name)
    ), 422 if form.is_submitted() else 200


@bp.post("/guides/<int:guide_id>/code", endpoint="new_guide_code")
@audience(Role.COORDINATOR)
def new_code(guide_id: int) -> ResponseReturnValue:
    """Replace a lost code."""
    code = attempt(lambda session: beside.new_code(session, guide_id, actor(), now()))
    if isinstance(code, str):
        codes.keep("guide", guide_id, code)
    return redirect(url_for("office.guide_code", guide_id=guide_id))


@bp.get("/guides/<int:guide_id>/code", endpoint="guide_code")
@audience(Role.COORDINATOR)
def show_code(guide_id: int) -> ResponseReturnValue:
    """Show a new code until it is handed over."""
    file, code = casefile.guide_file(db.reading(), guide_id, actor()), codes.kept("guide", guide_id)
    if code is None:
        return redirect(url_for("office.guide", guide_id=guide_id))
    return render_template("pages/office/guide_code.html", file=file, code=code, address=papers.code_address())


@bp.post("/guides/<int:guide_id>/code/done", endpoint="guide_code_done")
@audience(Role.COORDINATOR)
def code_done(guide_id: int) -> ResponseReturnValue:
    """Forget the code that was handed over."""
    if casefile.guide_file(db.reading(), guide_id, actor()) and codes.kept("guide", guide_id):
        codes.forget()
    return redirect(url_for("office.guide", guide_id=guide_id))


@bp.get(f"/guides/<int:guide_id>/letter.{papers.KIND}", endpoint="guide_letter")
@audience(Role.COORDINATOR)
@papers.sparingly
def letter(guide_id: int, kind: str) -> ResponseReturnValue:
    """Return the letter with the new code, until it is handed over."""
    file = casefile.guide_file(db.reading(), guide_id, actor())
    code = codes.kept("guide", guide_id) or abort(404)
    return papers.deliver(papers.guide_letter(file.person, code, file.office), kind, "Brief")
