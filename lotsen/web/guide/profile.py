"""The guide's own offer, and breaks."""

from typing import Any

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from lotsen import db, words
from lotsen.access import audience
from lotsen.clock import now
from lotsen.models import Guide, Person
from lotsen.rules import eligibility
from lotsen.rules.answers import GuideAnswers
from lotsen.rules.calendar import local_date
from lotsen.rules.vocabulary import Role
from lotsen.services import guides, offices
from lotsen.web.forms.guide import OfferForm, PauseForm
from lotsen.web.guide.blueprint import bp, own_file
from lotsen.web.use_case import actor, attempt
from lotsen.web.written import phone


@bp.route("/guide/profile", methods=["GET", "POST"])
@audience(Role.GUIDE)
def profile() -> ResponseReturnValue:
    """Show and change the offer."""
    guide = own_file()
    form = OfferForm.ask(stored(guide))
    if form.validate_on_submit() and change(form, guide):
        flash(gettext("Your offer is saved."), "success")
        return redirect(url_for("guide.profile"))
    paused = eligibility.paused(guide, local_date(now()))
    return render_template("pages/guide/profile.html", form=form, guide=guide, paused=paused), (
        422 if form.errors else 200
    )


def stored(guide: Guide) -> dict[str, Any]:
    """Return the offer as the form's fields."""
    person = db.reading().get_one(Person, guide.person_id)
    values = {key: getattr(guide, key, None) or getattr(person, key, None) for key in OfferForm.keys}
    return {**values, "radius_km": round(guide.radius_km), "phone": phone(person.phone)}


def change(form: OfferForm, guide: Guide) -> bool:
    """Save the offer; show beside the field what the service refuses."""
    answers, who = GuideAnswers(**form.answered({})), actor()
    try:
        db.run(lambda session: guides.change(session, guide.id or 0, answers, who, now()))
    except guides.CapacityInUse as refusal:
        form.capacity.errors = [words.error_text(refusal.code, refusal.details)]
    except offices.UnknownPlace as refusal:
        form.postcode.errors = [words.error_text(refusal.code, refusal.details)]
    return not form.errors


@bp.route("/guide/pause", methods=["GET", "POST"])
@audience(Role.GUIDE)
def pause() -> ResponseReturnValue:
    """Take a break, until a day or without an end."""
    form = PauseForm(local_date(now()))
    if form.validate_on_submit():
        guide, who = own_file(), actor()
        attempt(
            lambda session: guides.pause(session, guide.id or 0, who, now(), until=form.until.data),
            gettext("You are taking a break. Nobody new is proposed to you until you are back."),
        )
        return redirect(url_for("guide.dashboard"))
    return render_template("pages/guide/pause.html", form=form), 422 if form.errors else 200


@bp.post("/guide/resume")
@audience(Role.GUIDE)
def resume() -> ResponseReturnValue:
    """End the break."""
    guide, who = own_file(), actor()
    attempt(lambda session: guides.resume(session, guide.id or 0, who, now()), gettext("Good to have you back!"))
    return redirect(url_for("guide.dashboard"))
