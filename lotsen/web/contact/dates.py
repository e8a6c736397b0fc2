"""Dates: propose one, confirm or decline the other's, call one off."""

from flask import flash, render_template
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_babel import lazy_gettext as _

from lotsen import db, words
from lotsen.access import audience
from lotsen.clock import now
from lotsen.rules.calendar import local_date
from lotsen.rules.contact import TooMany, WrongDay
from lotsen.rules.vocabulary import AppointmentState
from lotsen.services import appointments
from lotsen.services import conversation as talk
from lotsen.web.contact.blueprint import PEOPLE, back, bp
from lotsen.web.forms.contact import PlanForm, fresh, tomorrow
from lotsen.web.use_case import actor, attempt

#: What an address does, and what is said afterwards.
ANSWERS = {
    "confirm": (AppointmentState.CONFIRMED, _("You have confirmed the date.")),
    "decline": (AppointmentState.DECLINED, _("You have said that the date does not suit you.")),
    "cancel": (AppointmentState.CANCELLED, _("The date is called off.")),
}


@bp.route("/<int:pairing_id>/dates/new", methods=["GET", "POST"])
@audience(*PEOPLE)
def propose(pairing_id: int) -> ResponseReturnValue:
    """Propose a date."""
    who, session = actor(), db.reading()
    pairing = talk.contact(session, pairing_id, who)
    other = talk.partner(session, pairing, who.side).first_name
    form = PlanForm(data={"day": tomorrow(local_date(now())), "token": fresh()})
    if form.validate_on_submit() and proposed(pairing_id, form):
        return back(pairing_id)
    return render_template("pages/contact/date.html", form=form, pairing=pairing, other=other), (
        422 if form.errors else 200
    )


def proposed(pairing_id: int, form: PlanForm) -> bool:
    """Send the proposal; put what the service refuses beside the field."""
    plan, token, who = form.plan(), form.token.data or fresh(), actor()
    try:
        db.run(lambda session: appointments.propose(session, pairing_id, who, now(), plan, token=token))
    except (WrongDay, TooMany) as refusal:
        form.day.errors = [words.error_text(refusal.code, refusal.details)]
        return False
    flash(gettext("Your proposal is sent. You see the answer here."), "success")
    return True


@bp.post("/<int:pairing_id>/dates/<int:appointment_id>/<any(" + ", ".join(ANSWERS) + "):name>")
@audience(*PEOPLE)
def answer(pairing_id: int, appointment_id: int, name: str) -> ResponseReturnValue:
    """Confirm, decline or call off."""
    to, done = ANSWERS[name]
    talk.contact(db.reading(), pairing_id, actor())
    attempt(lambda session: appointments.answer(session, pairing_id, appointment_id, to, actor(), now()), str(done))
    return back(pairing_id)
