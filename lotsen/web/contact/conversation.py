"""The conversation: read, write, open what waits, share a number."""

from collections.abc import Callable
from typing import Any, Final

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext

from lotsen import db, words
from lotsen.access import audience
from lotsen.clock import now
from lotsen.models import Pairing
from lotsen.rules.contact import SAYABLE
from lotsen.rules.pairing import Action, Side, allowed_actions
from lotsen.rules.vocabulary import Phrase
from lotsen.services import appointments
from lotsen.services import conversation as talk
from lotsen.services import pairing as pairings
from lotsen.web import query
from lotsen.web.contact.blueprint import PEOPLE, back, bp
from lotsen.web.forms.contact import MessageForm, ShareForm, fresh
from lotsen.web.use_case import actor, attempt

#: What parts the two, or stops the contact.
_OUT: Final = frozenset({Action.SUSPEND, Action.END, Action.WITHDRAW})


@bp.get("/<int:pairing_id>", endpoint="conversation")
@audience(*PEOPLE)
def show(pairing_id: int) -> ResponseReturnValue:
    """Show the newest messages, or older ones."""
    return page(pairing_id, MessageForm(formdata=None))


def page(pairing_id: int, form: MessageForm) -> ResponseReturnValue:
    """Show the conversation with its form."""
    who, session = actor(), db.reading()
    pairing = talk.contact(session, pairing_id, who)
    own = pairings.person_of(session, pairing, who.side)
    before = query.number("before")
    return render_template(
        "pages/contact/conversation.html",
        pairing=pairing,
        side=who.side,
        other=talk.partner(session, pairing, who.side).first_name,
        seen=talk.shown(session, pairing, who.side, before),
        before=before,
        form=form,
        phrases=SAYABLE,
        dates=appointments.of_pairing(session, pairing, now()),
        shared=talk.shared_by(session, pairing, talk.OTHER[who.side]),
        ways_out=ways_out(pairing, who.side),
        share=share_form({"phone": own.phone, "email": own.email}, talk.shared_by(session, pairing, who.side)),
    ), 422 if form.errors else 200


def ways_out(pairing: Pairing, side: Side) -> list[dict[str, str]]:
    """Return the links to what ends or stops the contact, each explained on a page of its own."""
    pages: dict[Side, Callable[[Action], str]] = {
        Side.GUIDE: lambda action: url_for("guide.ask", pairing_id=pairing.id, name=action.value),
        Side.NEWCOMER: lambda action: url_for("newcomer.act", pairing_id=pairing.id, action=action.value),
    }
    possible = [action for action in allowed_actions(pairing.state, side) if action in _OUT]
    return [{"label": words.word(action, "action"), "url": pages[side](action)} for action in possible]


def share_form(known: dict[str, str | None], shared: dict[str, str]) -> ShareForm:
    """Return the switches for what the office knows of somebody."""
    form = ShareForm(formdata=None, data={what: what in shared for what in known})
    for what, value in known.items():
        if value:
            form[what].description = value
        else:
            del form[what]
    return form


@bp.post("/<int:pairing_id>/send")
@audience(*PEOPLE)
def send(pairing_id: int) -> ResponseReturnValue:
    """Send a fixed phrase or what was typed. A phrase leaves what is being typed where it is."""
    form, phrase = MessageForm(), request.form.get("phrase")
    talk.contact(db.reading(), pairing_id, actor())
    if phrase is not None and phrase not in SAYABLE:
        abort(400)
    if phrase is None and not form.validate_on_submit():
        return page(pairing_id, form)
    what: dict[str, Any] = {"phrase": Phrase(phrase)} if phrase else {"text": form.text.data}
    token = form.token.data or fresh()
    sent = attempt(lambda session: talk.send(session, pairing_id, actor(), now(), token=token, **what))
    if form.text.data and (phrase or sent is None):
        return page(pairing_id, MessageForm(formdata=None, data={"text": form.text.data}))
    return redirect(url_for("contact.conversation", pairing_id=pairing_id, _anchor="newest"))


@bp.post("/<int:pairing_id>/read")
@audience(*PEOPLE)
def read(pairing_id: int) -> ResponseReturnValue:
    """Open what waits."""
    talk.contact(db.reading(), pairing_id, actor())
    attempt(lambda session: talk.read(session, pairing_id, actor(), now()))
    return redirect(url_for("contact.conversation", pairing_id=pairing_id, _anchor="newest"))


@bp.post("/<int:pairing_id>/share")
@audience(*PEOPLE)
def share(pairing_id: int) -> ResponseReturnValue:
    """Show or hide a number or an address."""
    form, who = ShareForm(), actor()
    talk.contact(db.reading(), pairing_id, who)
    attempt(
        lambda session: talk.share(
            session, pairing_id, who, now(), phone=bool(form.phone.data), email=bool(form.email.data)
        ),
        gettext("Saved. You can change it at any time."),
    )
    return back(pairing_id)
