"""Several tasks at once: chosen in the worklist, looked at here, then given away, put off or closed."""

from collections.abc import Callable
from typing import Any, Final

from flask import flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_babel import ngettext
from sqlmodel import Session

from lotsen import db
from lotsen.access import audience
from lotsen.clock import now
from lotsen.rules.handover import DECIDED, UNDELAYED
from lotsen.rules.vocabulary import Role
from lotsen.services import bulk
from lotsen.services.worklist import Entry, chosen
from lotsen.web.account import safe_target
from lotsen.web.forms.tasks import STEPS, TogetherForm
from lotsen.web.office.blueprint import bp
from lotsen.web.office.decisions import attempt
from lotsen.web.office.tasks import colleagues
from lotsen.web.use_case import actor

#: Which kinds a step leaves out: they are decided, or cannot wait.
_LEFT_OUT: Final[dict[str, frozenset[Any]]] = {"assign": frozenset(), "postpone": UNDELAYED, "close": DECIDED}


@bp.route("/together", methods=["GET", "POST"], endpoint="together")
@audience(Role.COORDINATOR)
def together() -> ResponseReturnValue:
    """Show the chosen tasks with the fields of one step; take it once they are right."""
    me, step, back = actor(), request.values.get("do", ""), safe_target(request.values.get("next"))
    step = step if step in STEPS else "assign"
    ids = {int(number) for number in request.values.getlist("task") if number.isdecimal() and len(number) < 10}
    entries = chosen(db.reading(), me.municipality_id or 0, ids)
    if not entries:
        flash(_("Please choose at least one open task."), "warning")
        return redirect(back or url_for("office.worklist"))
    form = STEPS[step](colleagues(), **({} if request.method == "POST" else {"assignee": str(me.account_id)}))
    if form.validate_on_submit():
        g.changes = {"task_id": sorted(ids)}  # the address names none
        count = attempt(_use_case(form, ids))
        if isinstance(count, int):
            flash(_done(step, count), "success")
            return redirect(back or url_for("office.worklist"))
    return page(form, entries, back)


def page(form: TogetherForm, entries: list[Entry], back: str | None) -> ResponseReturnValue:
    """Show what is chosen: first what the step is possible for, then what it leaves out."""
    possible = [entry for entry in entries if entry.kind not in _LEFT_OUT[form.step]]
    return render_template(
        "pages/office/together.html",
        form=form,
        possible=possible,
        left_out=[entry for entry in entries if entry.kind in _LEFT_OUT[form.step]],
        mixed=form.step == "close" and len({entry.kind for entry in possible}) > 1,
        back=back,
    ), 422 if form.is_submitted() else 200


def _use_case(form: Any, ids: set[int]) -> Callable[[Session], int]:
    me, when = actor(), now()
    if form.step == "assign":
        assignee = int(form.assignee.data) if form.assignee.data else None
        return lambda session: bulk.assign(session, ids, me, assignee)
    if form.step == "postpone":
        return lambda session: bulk.postpone(session, ids, me, when, due_on=form.due_on.data, reason=form.reason.data)
    return lambda session: bulk.close(session, ids, me, when, outcome=form.outcome.data, note=form.note.data or None)


def _done(step: str, count: int) -> str:
    if step == "assign":
        return ngettext("%(num)d task given away.", "%(num)d tasks given away.", count)
    if step == "postpone":
        return ngettext("%(num)d task put off.", "%(num)d tasks put off.", count)
    return ngettext("%(num)d task closed.", "%(num)d tasks closed.", count)
