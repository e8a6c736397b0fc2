"""One's own data, for newcomers and guides: a copy, corrections, a stop, consent taken back, everything deleted."""

import json
from typing import Any, Final

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_login import current_user, logout_user

from lotsen import db, documents, i18n
from lotsen.access import audience
from lotsen.clock import now
from lotsen.models import Municipality, Person
from lotsen.models.audit import Did
from lotsen.rules.vocabulary import Role
from lotsen.services import audit, erasure, own_data, rights
from lotsen.web import correction, newcomer, own_copy, own_words, papers, reconsent
from lotsen.web.account import renew_session
from lotsen.web.forms.request import ConsentQuestion
from lotsen.web.use_case import actor, attempt

bp = Blueprint("own", __name__, url_prefix="/my-data")

_USE_CASES: Final[dict[str, Any]] = {
    "restrict": rights.restrict,
    "release": rights.release,
    "withdraw": rights.withdraw_consent,
    "erase": erasure.erase,
}


def own_person() -> Person:
    """Return the signed-in person."""
    return db.reading().get(Person, current_user.person_id or 0) or abort(404)


@bp.get("/")
@audience(Role.NEWCOMER, Role.GUIDE)
def overview() -> ResponseReturnValue:
    """Say what one may do with one's own data, and who looked at it."""
    person = own_person()
    return render_template(
        "pages/own/overview.html",
        person=person,
        changes=own_words.changes(current_user.role),
        seen=own_words.seen(audit.of_person(db.reading(), person.id or 0)),
        say=own_words.ASKS,
        back_url=own_words.home(current_user.role),
    )


@bp.post("/copy/<any(json, read, pdf):form>")
@audience(Role.NEWCOMER, Role.GUIDE)
@papers.sparingly
def copy(form: str) -> ResponseReturnValue:
    """Hand out the copy: for computers, or to read and print; a page where this server writes no PDF."""
    number, who = own_person().id or 0, actor()
    db.run(lambda session: audit.record(session, Did.COPIED, who, now(), person=session.get_one(Person, number)))
    made = own_data.copy(db.reading(), number, now())
    if form == "json":
        return as_file(made)
    if form == "pdf" and documents.available():
        office = db.reading().get_one(Municipality, current_user.municipality_id)
        return papers.deliver(own_copy.document(made, office), form, "Lotsen")
    return render_template("pages/own/copy.html", tables=own_copy.tables(made), back_url=url_for("own.overview"))


def as_file(made: dict[str, Any]) -> Response:
    """Return a copy as a JSON file."""
    text = json.dumps(made, ensure_ascii=False, indent=2)
    named = {"Content-Disposition": "attachment; filename=lotsen-data.json", "Cache-Control": "no-store"}
    return Response(text, mimetype="application/json", headers=named)


@bp.route("/<any(restrict, release, withdraw, erase):what>", methods=["GET", "POST"])
@audience(Role.NEWCOMER, Role.GUIDE)
def ask(what: str) -> ResponseReturnValue:
    """Explain what a button does; do it once it is pressed."""
    person, asked = own_person(), own_words.ASKS[what]
    if request.method == "GET":
        return render_template("pages/own/confirm.html", ask=asked, what=what, back_url=url_for("own.overview"))
    number, who = person.id or 0, actor()
    done = attempt(lambda session: _USE_CASES[what](session, number, who, now()) or True, str(asked.done))
    if done and what == "erase":
        return gone(str(asked.done))
    return redirect(url_for("own.overview"))


def gone(said: str) -> ResponseReturnValue:
    """Sign out for good, and let database file and browser forget."""
    db.database().scrub()
    logout_user()
    renew_session()
    flash(said, "success")
    response = redirect(url_for("public.index"))
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


@bp.route("/change/<any(" + ", ".join(newcomer.STEPS) + "):step>", methods=["GET", "POST"])
@audience(Role.NEWCOMER)
def change(step: str) -> ResponseReturnValue:
    """Correct one answer of one's own, with the same question as at the beginning."""
    if step in correction.FIXED:
        abort(404)
    asked, (stored, draft) = newcomer.STEPS[step], correction.stored(db.reading(), current_user.person_id or 0)
    form = asked.form.ask(draft)
    if form.validate_on_submit() and (following := correction.save(form, step, stored, draft)):
        if step != "languages":
            flash(gettext("Your answer is saved."), "success")
        return redirect(following)
    page = f"pages/newcomer/{asked.template}.html"
    return render_template(page, form=form, back_url=url_for("own.overview")), 422 if form.errors else 200


@bp.route("/consent", methods=["GET", "POST"])
@audience(Role.NEWCOMER, Role.GUIDE)
def consent() -> ResponseReturnValue:
    """Ask for consent to a text that has changed since."""
    form, kinds = ConsentQuestion(data={"shown_in": i18n.tag()}), reconsent.outdated(db.reading(), current_user)
    if not kinds:
        return redirect(own_words.home(current_user.role))
    if form.validate_on_submit():
        given, number, who = (
            reconsent.given(db.reading(), kinds, form, current_user),
            current_user.person_id or 0,
            actor(),
        )
        attempt(lambda session: rights.consent_again(session, number, given, who, now()), gettext("Thank you!"))
        return redirect(own_words.home(current_user.role))
    texts = reconsent.texts(db.reading(), kinds, current_user)
    return render_template("pages/own/consent.html", form=form, texts=texts), 422 if form.errors else 200
