"""Meetings that took place: logged in three taps, listed, corrected, deleted."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from lotsen import db
from lotsen.access import audience
from lotsen.clock import now
from lotsen.models import Meeting, Pairing
from lotsen.rules.pairing import IN_CONTACT, Side
from lotsen.rules.vocabulary import Mood
from lotsen.services import conversation as talk
from lotsen.services import meetings
from lotsen.web.contact.blueprint import PEOPLE, bp
from lotsen.web.forms.contact import MeetingForm, fresh, stored
from lotsen.web.use_case import actor, attempt


def name_of(pairing: Pairing) -> str:
    """Return the other one's first name while there is contact; nobody's afterwards."""
    in_contact = pairing.state in IN_CONTACT
    return talk.partner(db.reading(), pairing, actor().side).first_name if in_contact else ""


def form_for(pairing: Pairing, meeting: Meeting | None = None) -> MeetingForm:
    """Return the form of a new entry, or of one that is there."""
    first, last = meetings.days(db.reading(), pairing, now())
    costs = actor().side is Side.GUIDE
    return MeetingForm(last, first, costs=costs, data=stored(meeting) if meeting else {"token": fresh()})


def page(form: MeetingForm, pairing: Pairing, meeting: Meeting | None = None) -> ResponseReturnValue:
    """Show the form."""
    return render_template(
        "pages/contact/meeting.html", form=form, pairing=pairing, meeting=meeting, other=name_of(pairing)
    ), 422 if form.errors else 200  # fmt: skip


@bp.route("/<int:pairing_id>/meetings/new", methods=["GET", "POST"])
@audience(*PEOPLE)
def log(pairing_id: int) -> ResponseReturnValue:
    """Log a meeting: what, how long, and the face that saves it."""
    pairing = meetings.own(db.reading(), pairing_id, actor(), now())
    form = form_for(pairing)
    if not form.validate_on_submit():
        return page(form, pairing)
    entry, token = form.entry(), form.token.data or fresh()
    attempt(
        lambda session: meetings.log(session, pairing_id, actor(), now(), entry, token=token),
        gettext("The meeting is logged. Thank you!"),
    )
    if entry.mood is Mood.DIFFICULT:
        flash(gettext("It was difficult? The coordination office knows now and gets in touch with you."), "info")
    return redirect(url_for("contact.meetings", pairing_id=pairing_id))


@bp.get("/<int:pairing_id>/meetings", endpoint="meetings")
@audience(*PEOPLE)
def listed(pairing_id: int) -> ResponseReturnValue:
    """List the meetings; of the other side's entries only what, when and how long."""
    session, who, moment = db.reading(), actor(), now()
    pairing = meetings.own(session, pairing_id, who, moment)
    return render_template(
        "pages/contact/meetings.html",
        pairing=pairing,
        other=name_of(pairing),
        side=who.side,
        meetings=meetings.of_pairing(session, pairing),
        correctable={each.id for each in meetings.of_pairing(session, pairing) if meetings.correctable(each, moment)},
    )


@bp.route("/<int:pairing_id>/meetings/<int:meeting_id>", methods=["GET", "POST"])
@audience(*PEOPLE)
def correct(pairing_id: int, meeting_id: int) -> ResponseReturnValue:
    """Correct one's own entry."""
    meeting = meetings.one(db.reading(), pairing_id, meeting_id, actor())
    pairing = meetings.own(db.reading(), pairing_id, actor(), now())
    form = form_for(pairing, meeting)
    if not form.validate_on_submit():
        return page(form, pairing, meeting)
    entry = form.entry()
    attempt(
        lambda session: meetings.change(session, pairing_id, meeting_id, actor(), now(), entry),
        gettext("Your entry is changed."),
    )
    return redirect(url_for("contact.meetings", pairing_id=pairing_id))


@bp.post("/<int:pairing_id>/meetings/<int:meeting_id>/delete")
@audience(*PEOPLE)
def delete(pairing_id: int, meeting_id: int) -> ResponseReturnValue:
    """Delete one's own entry; sent twice, it says the same twice."""
    attempt(
        lambda session: meetings.remove(session, pairing_id, meeting_id, actor(), now()),
        gettext("The entry is deleted."),
    )
    return redirect(url_for("contact.meetings", pairing_id=pairing_id))
