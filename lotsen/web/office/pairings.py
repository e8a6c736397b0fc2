"""Pairings: the list by state, one pairing's page, every step of the office."""

from functools import partial

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlmodel import Session
from werkzeug.exceptions import NotFound as PageNotFound

from lotsen import db, words
from lotsen.access import audience
from lotsen.clock import now
from lotsen.models import Pairing
from lotsen.rules.pairing import OPEN, Action, Side, State, allowed_actions
from lotsen.rules.vocabulary import Role
from lotsen.services import agreements, casefile, caseload, first_meetings, requests
from lotsen.services import pairing as pairings
from lotsen.services.casefile import PairingFile
from lotsen.web import query
from lotsen.web.account import safe_target
from lotsen.web.forms.office import ActionForm, MeetingForm, given
from lotsen.web.office.blueprint import bp
from lotsen.web.office.decisions import attempt, decisions, form_for
from lotsen.web.use_case import actor


@bp.get("/pairings", endpoint="pairings")
@audience(Role.COORDINATOR)
def listed() -> ResponseReturnValue:
    """List pairings by state; without a filter those that are open."""
    own = actor().municipality_id or 0
    wanted, states = narrowed()
    return render_template(
        "pages/office/pairings.html",
        page=caseload.pairings(db.reading(), own, states, query.page()),
        counts=caseload.counts(db.reading(), own),
        wanted=wanted,
        open_states=OPEN,
    )


def narrowed() -> tuple[str, set[State]]:
    """Return the state that the address narrows the list to, and the states that are listed."""
    wanted = request.args.get("state", "")
    return (wanted, {State(wanted)}) if wanted in set(State) else ("", set(OPEN))


@bp.get("/pairings/<int:pairing_id>", endpoint="pairing")
@audience(Role.COORDINATOR)
def show(pairing_id: int) -> ResponseReturnValue:
    """Show one pairing with its two people, its history and the next steps."""
    return page(casefile.pairing_file(db.reading(), pairing_id, actor()))


def page(file: PairingFile, bound: ActionForm | None = None, meeting: MeetingForm | None = None) -> ResponseReturnValue:
    """Show a pairing with its forms; those that came back with errors keep what was typed."""
    fresh = MeetingForm(formdata=None, at=file.pairing.first_meeting_at, place=file.pairing.first_meeting_place)
    return render_template(
        "pages/office/pairing.html",
        file=file,
        decisions=decisions(file.pairing, bound),
        meeting=(meeting or fresh) if file.pairing.state is State.APPROVED else None,
        shared_topics=[topic for topic in file.request.topics if topic in file.guide.topics],
        shared_slots=[slot for slot in file.request.slots if slot in file.guide.slots],
        own=file.guide.municipality_id == actor().municipality_id,
        agreement=agreements.exists(file.pairing),
    ), 422 if bound or meeting else 200


@bp.post("/pairings/<int:pairing_id>/do/<action>", endpoint="act")
@audience(Role.COORDINATOR)
def act(pairing_id: int, action: str) -> ResponseReturnValue:
    """Take a step, or record somebody's answer (`?side=guide`)."""
    file = casefile.pairing_file(db.reading(), pairing_id, actor())
    step, behalf = asked(action)
    form = form_for(step, behalf, file.pairing.state)
    if form is not None and step in allowed_actions(file.pairing.state, Side.OFFICE) and not form.validate():
        return page(file, bound=form)
    attempt(
        partial(take, pairing_id=pairing_id, step=step, behalf=behalf, form=form),
        _("Saved: %(step)s.", step=words.word(step, "event")),
    )  # fmt: skip
    return redirect(safe_target(request.form.get("next")) or url_for("office.pairing", pairing_id=pairing_id))


def take(session: Session, *, pairing_id: int, step: Action, behalf: Side | None, form: ActionForm | None) -> Pairing:
    """Take a step with what its form says."""
    why = {
        "reason": form.reason.data if form and "reason" in form else None,
        "note": (form.note.data or None) if form else None,
    }
    if form and "look_on" in form:
        on = form.look_on.data != "no"
        return requests.part(session, pairing_id, step, actor(), now(), look_on=on, **why)
    return pairings.act(session, pairing_id, step, actor(), now(), behalf=behalf, **why)


def asked(action: str) -> tuple[Action, Side | None]:
    """Return the step that the address names, and whose answer it is. Raises 404 for what is neither."""
    side = request.args.get("side", "")
    if action not in set(Action) or side not in {"", Side.GUIDE, Side.NEWCOMER}:
        raise PageNotFound
    return Action(action), Side(side) if side else None


@bp.post("/pairings/<int:pairing_id>/first-meeting", endpoint="first_meeting")
@audience(Role.COORDINATOR)
def first_meeting(pairing_id: int) -> ResponseReturnValue:
    """Date the moderated first meeting; both people are told."""
    file = casefile.pairing_file(db.reading(), pairing_id, actor())
    form = MeetingForm()
    if not form.validate():
        if file.pairing.state is State.APPROVED:
            return page(file, meeting=form)
        flash(words.error_text("conflict", {}), "danger")  # the form stood on a page that is no longer so
        return redirect(url_for("office.pairing", pairing_id=pairing_id))
    attempt(
        lambda session: first_meetings.schedule(
            session, pairing_id, actor(), now(), at=given(form.at.data), place=given(form.place.data)
        ),
        _("The first meeting is dated; both are told."),
    )
    return redirect(url_for("office.pairing", pairing_id=pairing_id))
