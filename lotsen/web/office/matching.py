"""The matcher's runs: figures, changes, fairness, shortages; ask for one, follow it; weights with a preview."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lotsen import db
from lotsen.access import audience
from lotsen.clock import now
from lotsen.models import MatchRun, Stage
from lotsen.rules.settings import Weighing
from lotsen.rules.vocabulary import Role
from lotsen.services import casefile, match_runs, overrides, settings, weighing
from lotsen.services.weighing import Preview
from lotsen.web.forms.weighing import WeighingForm
from lotsen.web.office.blueprint import bp
from lotsen.web.office.decisions import attempt
from lotsen.web.use_case import actor


@bp.get("/matching", endpoint="matching")
@audience(Role.COORDINATOR)
def show() -> ResponseReturnValue:
    """Show the last run of the own office, and what came before."""
    runs = match_runs.history(db.reading(), actor())
    last = next((run for run in runs if run.stage is Stage.DONE), None)
    return _page(last, runs)


@bp.post("/matching", endpoint="match_now")
@audience(Role.COORDINATOR)
def match_now() -> ResponseReturnValue:
    """Ask for a run; the job process picks it up within a minute."""
    run = attempt(lambda session: match_runs.queue(session, actor(), now()))
    assert isinstance(run, MatchRun)
    return redirect(url_for("office.match_run", run_id=run.id, follow=1))


@bp.get("/matching/runs/<int:run_id>", endpoint="match_run")
@audience(Role.COORDINATOR)
def show_run(run_id: int) -> ResponseReturnValue:
    """Show how far a run is, and in the end its result."""
    run = match_runs.of_office(db.reading(), run_id, actor())
    if run.stage is Stage.DONE:
        return _page(run, match_runs.history(db.reading(), actor()))
    ended = run.stage in match_runs.ENDED
    follow = "follow" in request.args and not ended
    page = render_template("pages/office/match_run.html", run=run, ended=ended, follow=follow)
    # A header, and only where asked for: whoever reads slowly can stop it (WCAG 2.2.1).
    return page, {"Refresh": "3"} if follow else {}


def _page(run: MatchRun | None, runs: list[MatchRun]) -> ResponseReturnValue:
    session = db.reading()
    return render_template(
        "pages/office/matching.html",
        run=run,
        before=match_runs.before(session, run) if run else None,
        runs=runs,
        open_run=next((each for each in runs if each.stage not in match_runs.ENDED), None),
        overridden=overrides.latest(session, actor()),
    )


@bp.get("/matching/settings", endpoint="weighing")
@audience(Role.COORDINATOR)
def show_weighing() -> ResponseReturnValue:
    """Show the weights and limits in use."""
    used = casefile.office_of(db.reading(), actor()).settings.weighing
    return _settings(WeighingForm(formdata=None, obj=used))


@bp.post("/matching/settings", endpoint="preview_weighing")
@audience(Role.COORDINATOR)
def preview() -> ResponseReturnValue:
    """Try weights and limits on today's people; nothing is saved."""
    form = WeighingForm()
    if not form.validate():
        return _settings(form), 422
    return _settings(form, weighing.preview(db.reading(), actor(), form.weighing(), now()))


@bp.post("/matching/settings/save", endpoint="save_weighing")
@audience(Role.COORDINATOR)
def save() -> ResponseReturnValue:
    """Use weights and limits from now on."""
    form = WeighingForm()
    if not form.validate():
        return _settings(form), 422
    attempt(
        lambda session: weighing.save(session, actor(), form.weighing(), now()),
        _("Saved. The next run of the matcher uses these settings."),
    )
    return redirect(url_for("office.weighing"))


def _settings(form: WeighingForm, tried: Preview | None = None) -> str:
    return render_template(
        "pages/office/weighing.html",
        form=form,
        tried=tried,
        fields={name: form[name].data for name in Weighing.model_fields},
        changes=settings.changes(db.reading(), actor().municipality_id or 0, (weighing.CHANGED,)),
    )
