"""Somebody moves: one office proposes to hand the file over, the other accepts or declines."""

from flask import abort, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lotsen import db
from lotsen.access import audience
from lotsen.clock import now
from lotsen.models import Guide, Move, MoveState, Municipality, Person, Request
from lotsen.rules.pairing import IN_CONTACT
from lotsen.rules.vocabulary import Role
from lotsen.services import casefile, events, moves, offices
from lotsen.web import consents, papers
from lotsen.web.forms.cases import DeclineMoveForm, MoveForm
from lotsen.web.office.blueprint import bp
from lotsen.web.office.decisions import attempt
from lotsen.web.office.tasks import consent_language
from lotsen.web.use_case import actor


@bp.get("/people/<int:person_id>/move", endpoint="where_move")
@audience(Role.COORDINATOR)
def where(person_id: int) -> ResponseReturnValue:
    """Choose the office to which somebody moves; where one is asked already, show the proposal."""
    person = casefile.person_of(db.reading(), person_id, actor())
    if asked := moves.open_of(db.reading(), person_id):
        return redirect(url_for("office.move", move_id=asked.id))
    others = [each for each in offices.everyone(db.reading()) if each.id != actor().municipality_id]
    return render_template("pages/office/move_where.html", person=person, others=others)


@bp.route("/people/<int:person_id>/move/<int:municipality_id>", methods=["GET", "POST"], endpoint="propose_move")
@audience(Role.COORDINATOR)
def propose(person_id: int, municipality_id: int) -> ResponseReturnValue:
    """Record the consent, and ask the other office."""
    person, own = casefile.person_of(db.reading(), person_id, actor()), casefile.office_of(db.reading(), actor())
    other = db.reading().get(Municipality, municipality_id)
    if other is None or other.id == own.id:
        return redirect(url_for("office.where_move", person_id=person_id))
    going_on = [each for each in moves.running(db.reading(), person_id) if each.state in IN_CONTACT]
    form, language = MoveForm(accompanied=bool(going_on)), consent_language(person)
    if form.validate_on_submit():
        move = attempt(
            lambda session: moves.propose(
                session, person_id, actor(), now(), to_id=other.id or 0, postcode=form.postcode.data or "",
                keeps_pairings="pairings" not in form or form.pairings.data == "keep", word=form.word.data or None,
                consent=consents.move(language, own.office_name, other.office_name),
            ),
            _("The other office is asked."),
        )  # fmt: skip
        if isinstance(move, Move):
            return redirect(url_for("office.move", move_id=move.id))
    texts = [consents.move_in(tag, own.office_name, other.office_name) for tag in dict.fromkeys((language, "de"))]
    return render_template(
        "pages/office/move_new.html", person=person, other=other, form=form, texts=texts
    ), 422 if form.is_submitted() else 200


@bp.get("/moves/<int:move_id>", endpoint="move")
@audience(Role.COORDINATOR)
def show(move_id: int) -> ResponseReturnValue:
    """Show a proposal to either office."""
    return page(move_id)


def page(move_id: int, form: DeclineMoveForm | None = None) -> ResponseReturnValue:
    """Show a proposal; a refused form keeps what was typed."""
    session, me = db.reading(), actor()
    move = moves.visible(session, move_id, me)
    return render_template(
        "pages/office/move.html",
        move=move,
        person=session.get_one(Person, move.person_id),
        file=events.file_of(session, move.person_id),
        other=session.get_one(Municipality, move.from_id if move.to_id == me.municipality_id else move.to_id),
        asked_here=move.to_id == me.municipality_id,
        accompanied=any(each.state in IN_CONTACT for each in moves.running(session, move.person_id)),
        form=form or DeclineMoveForm(formdata=None),
    ), 422 if form else 200


@bp.post("/moves/<int:move_id>/accept", endpoint="accept_move")
@audience(Role.COORDINATOR)
def accept(move_id: int) -> ResponseReturnValue:
    """Take the person over, and open their file; who has no e-mail gets a letter first."""
    person = attempt(lambda session: moves.accept(session, move_id, actor(), now()), _("Taken over."))
    if not isinstance(person, Person) or not person.email:
        return redirect(url_for("office.move", move_id=move_id))
    file = events.file_of(db.reading(), person.id)
    if isinstance(file, Guide):
        return redirect(url_for("office.guide", guide_id=file.id))
    assert isinstance(file, Request)
    return redirect(url_for("office.request", request_id=file.id))


@bp.get(f"/moves/<int:move_id>/letter.{papers.KIND}", endpoint="moved_letter")
@audience(Role.COORDINATOR)
@papers.sparingly
def letter(move_id: int, kind: str) -> ResponseReturnValue:
    """Return the letter that tells somebody without e-mail who looks after them now."""
    move = moves.visible(db.reading(), move_id, actor())
    if move.state is not MoveState.ACCEPTED:
        abort(404)
    person = db.reading().get_one(Person, move.person_id)
    return papers.deliver(papers.moved(person, casefile.office_of(db.reading(), actor())), kind, "Brief")


@bp.post("/moves/<int:move_id>/decline", endpoint="decline_move")
@audience(Role.COORDINATOR)
def decline(move_id: int) -> ResponseReturnValue:
    """Leave the person where they are, and say why."""
    form = DeclineMoveForm()
    if not form.validate():
        return page(move_id, form)
    attempt(
        lambda session: moves.decline(session, move_id, actor(), now(), reason=form.reason.data or ""), _("Declined.")
    )
    return redirect(url_for("office.worklist"))


@bp.post("/moves/<int:move_id>/call-off", endpoint="call_off_move")
@audience(Role.COORDINATOR)
def call_off(move_id: int) -> ResponseReturnValue:
    """Take the proposal back."""
    attempt(lambda session: moves.call_off(session, move_id, actor(), now()), _("Called off."))
    return redirect(url_for("office.move", move_id=move_id))
