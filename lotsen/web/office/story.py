"""A person's whole story on one page, with the office's notes."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import lazy_gettext

from lotsen import db, words
from lotsen.access import audience
from lotsen.clock import now
from lotsen.rules.vocabulary import Role
from lotsen.services import moves, notes, story
from lotsen.web import query
from lotsen.web.forms.cases import NoteForm
from lotsen.web.office.blueprint import bp
from lotsen.web.office.decisions import attempt
from lotsen.web.own_copy import subject
from lotsen.web.use_case import actor

words.KINDS["story"] = {
    "events": lazy_gettext("What happened"),
    "tasks": lazy_gettext("Tasks"),
    "notes": lazy_gettext("Notes"),
    "mails": lazy_gettext("Mails"),
    "meetings": lazy_gettext("Meetings"),
    "papers": lazy_gettext("Papers"),
}
words.KINDS["consent_kind"] = {
    "request": lazy_gettext("Consent to the request"),
    "volunteer": lazy_gettext("Consent of the volunteer"),
    "confidentiality": lazy_gettext("Declaration of confidentiality"),
    "referral": lazy_gettext("Consent to the referral"),
    "counselling": lazy_gettext("Consent to be passed on to counselling"),
    "move": lazy_gettext("Consent to be handed over to another office"),
}


@bp.get("/people/<int:person_id>/story", endpoint="story")
@audience(Role.COORDINATOR)
def show(person_id: int) -> ResponseReturnValue:
    """Show what happened, newest first; the filter stands in the address."""
    return page(person_id)


def page(person_id: int, form: NoteForm | None = None) -> ResponseReturnValue:
    """Show the story with the form for a note, which keeps what was typed."""
    shown, me = request.args.get("show", ""), actor()
    shown = shown if shown in story.FILTERS else ""
    told = story.of_person(db.reading(), person_id, me, shown, query.page())
    written = [entry.row for entry in told.page.items if entry.kind is story.Kind.NOTE]
    own = {note.id for note in written if notes.may_take_back(note, me, now())}
    return render_template(
        "pages/office/story.html", told=told, shown=shown, form=form or NoteForm(formdata=None), own=own,
        subject=subject, move=moves.open_of(db.reading(), person_id),
    ), 422 if form else 200  # fmt: skip


@bp.post("/people/<int:person_id>/notes", endpoint="write_note")
@audience(Role.COORDINATOR)
def write(person_id: int) -> ResponseReturnValue:
    """Keep a note."""
    form = NoteForm()
    if not form.validate():
        return page(person_id, form)
    attempt(lambda session: notes.write(session, person_id, actor(), now(), form.text.data or ""), _("Saved."))
    return redirect(url_for("office.story", person_id=person_id))


@bp.post("/people/<int:person_id>/notes/<int:note_id>/delete", endpoint="delete_note")
@audience(Role.COORDINATOR)
def delete(person_id: int, note_id: int) -> ResponseReturnValue:
    """Take one's own note back."""
    attempt(lambda session: notes.take_back(session, person_id, note_id, actor(), now()), _("The note is deleted."))
    return redirect(url_for("office.story", person_id=person_id))
