"""What a guide does to an offer or a pairing: at one tap, or on a small page that asks first."""

from typing import Final

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext
from flask_wtf import FlaskForm

from lotsen import db, words
from lotsen.access import audience
from lotsen.clock import now
from lotsen.rules.following import Answer
from lotsen.rules.pairing import Action, Side, State, needs_reason
from lotsen.rules.vocabulary import Role
from lotsen.services import checkins, offers
from lotsen.services import pairing as pairings
from lotsen.web.forms.guide import ReasonForm
from lotsen.web.guide import say
from lotsen.web.guide.blueprint import bp, own_file
from lotsen.web.use_case import actor, attempt

_ASKS: Final = ", ".join(say.ASK)
_AT_ONCE: Final = ", ".join(action for action in say.DONE if action not in say.ASK)


@bp.post(f"/guide/pairings/<int:pairing_id>/<any({_AT_ONCE}):name>")
@audience(Role.GUIDE)
def act(pairing_id: int, name: str) -> ResponseReturnValue:
    """Do it at one tap."""
    offers.one(db.reading(), own_file(), pairing_id)
    take(pairing_id, Action(name))
    return redirect(url_for("guide.dashboard"))


@bp.route(f"/guide/pairings/<int:pairing_id>/<any({_ASKS}):name>", methods=["GET", "POST"])
@audience(Role.GUIDE)
def ask(pairing_id: int, name: str) -> ResponseReturnValue:
    """Ask for the reason, or whether it is meant, first."""
    action = Action(name)
    seen = offers.one(db.reading(), own_file(), pairing_id)
    form = reason_form(action, seen.state)
    if action not in seen.actions:
        flash(gettext("Something has changed in the meantime. Please look at the current state."), "info")
        return redirect(url_for("guide.dashboard"))
    if form.validate_on_submit():
        take(pairing_id, action, form.reason.data or None if isinstance(form, ReasonForm) else None)
        return redirect(url_for("guide.dashboard"))
    title, text = say.ASK[action]
    return render_template(
        "pages/guide/ask.html",
        form=form,
        seen=seen,
        title=title,
        text=text,
        submit=say.SUBMIT[action],
        kind="danger" if action is Action.SUSPEND else "primary",
        back_url=url_for("guide.dashboard"),
    ), 422 if form.errors else 200


@bp.post("/guide/questions/<int:checkin_id>/<any(" + ", ".join(Answer) + "):name>")
@audience(Role.GUIDE)
def answer(checkin_id: int, name: str) -> ResponseReturnValue:
    """Answer a question by one tap."""
    said = Answer(name)
    attempt(lambda session: checkins.answer(session, checkin_id, actor(), said, now()), str(words.ANSWERED[said]))
    return redirect(url_for("guide.dashboard"))


def reason_form(action: Action, state: State) -> ReasonForm | FlaskForm:
    """Return the form of the page that asks first; the reason may be left out where none must be given."""
    if action not in say.REASONS:
        return FlaskForm()
    return ReasonForm(*say.ASK[action], say.REASONS[action], needed=needs_reason(action, Side.GUIDE, state))


def take(pairing_id: int, action: Action, reason: str | None = None) -> None:
    """Take `action` for the signed-in guide, and say what happened."""
    who = actor()
    attempt(lambda session: pairings.act(session, pairing_id, action, who, now(), reason=reason), str(say.DONE[action]))
