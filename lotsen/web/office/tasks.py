"""One hand-over: read it, take it over, close it with an outcome."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lotsen import db
from lotsen.access import audience
from lotsen.clock import now
from lotsen.rules.handover import DECIDED
from lotsen.rules.vocabulary import Role
from lotsen.services import casefile, tasks
from lotsen.services.casefile import TaskFile
from lotsen.services.worklist import staff
from lotsen.web.account import safe_target
from lotsen.web.forms.office import AssignForm, CloseTaskForm
from lotsen.web.office.blueprint import bp
from lotsen.web.office.decisions import attempt
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
        close=None if file.task.kind in DECIDED else close or CloseTaskForm(formdata=None),
        assign=assign or AssignForm(colleagues(), formdata=None, assignee=str(file.task.assignee_id or "")),
    ), 422 if close or assign else 200


def colleagues() -> dict[int, str]:
    """Return the names of the office's staff by account."""
    return {account.id or 0: account.name for account in staff(db.reading(), actor().municipality_id)}


@bp.post("/tasks/<int:task_id>/close", endpoint="close_task")
@audience(Role.COORDINATOR)
def close(task_id: int) -> ResponseReturnValue:
    """Close a task with an outcome."""
    file = casefile.task_file(db.reading(), task_id, actor())
    form = CloseTaskForm()
    if file.task.kind not in DECIDED and not form.validate():
        return page(file, close=form)
    attempt(
        lambda session: tasks.close(
            session, task_id, actor(), now(), outcome=form.outcome.data, note=form.note.data or None
        ),
        _("Closed."),
    )
    return redirect(url_for("office.worklist"))


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
