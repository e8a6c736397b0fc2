"""One hand-over: read it, take it over, close it with an outcome."""

from typing import Any

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lotsen import db, i18n, words
from lotsen.access import audience
from lotsen.clock import now
from lotsen.models import Person, Request
from lotsen.rules.handover import DECIDED, UNDELAYED
from lotsen.rules.vocabulary import REFERRED_ON, Role
from lotsen.services import absences, casefile, handovers, tasks
from lotsen.services.casefile import TaskFile
from lotsen.services.worklist import staff
from lotsen.web import consents, papers
from lotsen.web.account import safe_target
from lotsen.web.consents import Shown
from lotsen.web.forms.office import AssignForm, CloseTaskForm
from lotsen.web.office.blueprint import bp
from lotsen.web.office.decisions import attempt
from lotsen.web.office.present import today
from lotsen.web.use_case import actor


@bp.get("/tasks/<int:task_id>", endpoint="task")
@audience(Role.COORDINATOR)
def show(task_id: int) -> ResponseReturnValue:
    """Show one task."""
    return page(casefile.task_file(db.reading(), task_id, actor()))


def page(file: TaskFile, close: CloseTaskForm | None = None, assign: AssignForm | None = None) -> ResponseReturnValue:
    """Show a task with its forms; those that came back with errors keep what was typed."""
    return render_template(
        "pages/office/task.html",
        file=file,
        close=None if file.task.kind in DECIDED else close or close_form(file, formdata=None),
        may_wait=file.task.kind not in UNDELAYED,
        texts=consent_texts(file),
        assign=assign or AssignForm(colleagues(), formdata=None, assignee=str(file.task.assignee_id or "")),
    ), 422 if close or assign else 200


def close_form(file: TaskFile, **options: Any) -> CloseTaskForm:
    """Return the form that closes a task; passing on needs a newcomer and their consent."""
    return CloseTaskForm(about_newcomer=file.newcomer is not None, consented=file.consent is not None, **options)


def consent_texts(file: TaskFile) -> list[Shown]:
    """Return what a newcomer agrees to who is passed on: in German, and in their own language."""
    if file.newcomer is None or file.consent is not None:
        return []
    languages = dict.fromkeys((consent_language(file.newcomer), i18n.DEFAULT))
    return [consents.counselling_in(tag, file.office.office_name) for tag in languages]


def consent_language(person: Person | None) -> str:
    """Return the offered language in which somebody reads."""
    return person.locale if person and person.locale in i18n.OFFERED else i18n.DEFAULT


def colleagues(*, plain: bool = False) -> dict[int, str]:
    """Return the names of the office's staff by account; unless `plain`, with until when somebody is away."""
    office = actor().municipality_id or 0
    names = {account.id or 0: account.name for account in staff(db.reading(), office)}
    for number, absence in {} if plain else absences.today_away(db.reading(), office, today()).items():
        if number in names:
            names[number] = _("%(name)s (away until %(day)s)", name=names[number], day=words.day(absence.ends_on))
    return names


@bp.post("/tasks/<int:task_id>/close", endpoint="close_task")
@audience(Role.COORDINATOR)
def close(task_id: int) -> ResponseReturnValue:
    """Close a task with an outcome."""
    file = casefile.task_file(db.reading(), task_id, actor())
    form = close_form(file)
    if file.task.kind not in DECIDED and not form.validate():
        return page(file, close=form)
    agreed = "agreed" in form and form.agreed.data
    given = consents.counselling(consent_language(file.newcomer), file.office.office_name) if agreed else None
    attempt(
        lambda session: handovers.close(
            session, task_id, actor(), now(), outcome=form.outcome.data, note=form.note.data or None, consent=given
        ),
        _("Closed."),
    )
    passed_on = form.outcome.data == REFERRED_ON
    return redirect(url_for("office.task", task_id=task_id) if passed_on else url_for("office.worklist"))


@bp.post("/tasks/<int:task_id>/ask-consent", endpoint="ask_consent")
@audience(Role.COORDINATOR)
def ask_consent(task_id: int) -> ResponseReturnValue:
    """Ask the newcomer on their own page whether they want to be passed on to counselling."""
    attempt(lambda session: handovers.ask_consent(session, task_id, actor(), now()), _("The newcomer is asked."))
    return redirect(url_for("office.task", task_id=task_id))


@bp.get(f"/tasks/<int:task_id>/letter.{papers.KIND}", endpoint="letter")
@audience(Role.COORDINATOR)
@papers.sparingly
def letter(task_id: int, kind: str) -> ResponseReturnValue:
    """Return the letter to the counselling service, in German and in the person's language."""
    file = casefile.task_file(db.reading(), task_id, actor())
    if file.task.outcome != REFERRED_ON or file.newcomer is None or file.consent is None:
        abort(404)
    asked = db.reading().get_one(Request, file.task.request_id)
    return papers.deliver(papers.counselling(file, asked), kind, "Beratung")


@bp.post("/tasks/<int:task_id>/assign", endpoint="assign_task")
@audience(Role.COORDINATOR)
def assign(task_id: int) -> ResponseReturnValue:
    """Give a task to a colleague or take it over."""
    file = casefile.task_file(db.reading(), task_id, actor())
    form = AssignForm(colleagues())
    if not form.validate():
        return page(file, assign=form)
    assignee = int(form.assignee.data) if form.assignee.data else None
    attempt(lambda session: tasks.assign(session, task_id, actor(), assignee), _("Saved."))
    return redirect(safe_target(request.form.get("next")) or url_for("office.task", task_id=task_id))
