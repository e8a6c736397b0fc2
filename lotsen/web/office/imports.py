"""A file that the office brings, step by step: upload, sheet, columns, dry run, decision, progress, undo."""

from typing import Any, Final

from flask import abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lotsen import db, intake
from lotsen.access import audience
from lotsen.clock import now
from lotsen.models.importing import ImportBatch, ImportKind, ImportStage
from lotsen.rules.errors import DomainError
from lotsen.rules.vocabulary import Role
from lotsen.services import beside, import_rows, imports
from lotsen.web import query, staff_words
from lotsen.web.forms.imports import FIELD, KIND, ColumnsForm, SheetForm, UploadForm, columns_form
from lotsen.web.office import import_preview, import_words
from lotsen.web.office.blueprint import bp
from lotsen.web.office.decisions import attempt
from lotsen.web.take_away import hand_out
from lotsen.web.use_case import actor

#: So much of what was found fits on a page.
SHOWN: Final = 200
#: Seconds after which a browser asks again while something is being done.
RENEWS: Final = 4


@bp.route("/import", methods=["GET", "POST"], endpoint="import_file")
@audience(Role.COORDINATOR)
def upload() -> ResponseReturnValue:
    """Take a file and keep it encrypted; nothing of it is a person yet."""
    form = UploadForm()
    if form.validate_on_submit():
        try:
            with form.file.data.stream as stream:
                sheets = intake.read(stream.read(intake.MAX_BYTES + 1))
        except DomainError as error:
            form.file.errors = [staff_words.refusal(error.code, error.details)]
        else:
            kind = ImportKind(form.kind.data)
            batch = db.run(lambda session: imports.begin(session, kind, sheets, actor(), now()))
            return redirect(url_for("office.import_batch", batch_id=batch.id))
    return render_template("pages/office/import_file.html", form=form), 422 if form.is_submitted() else 200


@bp.get("/imports/<int:batch_id>", endpoint="import_batch")
@audience(Role.COORDINATOR)
def show(batch_id: int) -> ResponseReturnValue:
    """Show where a file stands and what comes next."""
    return page(imports.of_office(db.reading(), batch_id, actor()))


def page(batch: ImportBatch, bound: ColumnsForm | None = None) -> ResponseReturnValue:
    """Show a file's step; a form that came back with errors keeps what was chosen."""
    findings, working = imports.findings(batch), batch.stage in imports.WORKING
    doubles = import_words.doubles(findings)
    return (
        render_template(
            "pages/office/import_batch.html",
            batch=batch,
            stage=import_words.STAGE[batch.stage],
            kind=KIND[batch.kind],
            form=bound or step_form(batch),
            doubles=doubles[:SHOWN],
            more_doubles=len(doubles[SHOWN:]),
            remaining=import_words.remaining(batch)[:SHOWN],
            by_code=by_code(batch)[:SHOWN],
            working=working,
            **dry_run(batch, findings),
        ),
        422 if bound else 200,
        {"Refresh": str(RENEWS)} if working else {},
    )


def dry_run(batch: ImportBatch, findings: import_preview.Findings) -> dict[str, Any]:
    """Return the sheet with its problems where it waits for the decision: those rows first, or every row."""
    if batch.stage is not ImportStage.CHECKED:
        return {}
    wrong = len(import_preview.wrong(findings))
    every = not wrong or request.args.get("rows") == "all"
    return {
        "columns_taken": {number: str(FIELD[name]) for number, name in import_preview.columns(batch).items()},
        "preview": import_preview.rows(batch, findings, query.page(), every=every),
        "every": every,
        "wrong": wrong,
        "ready": batch.total - wrong,
    }


@bp.post("/imports/<int:batch_id>/problems", endpoint="import_problems")
@audience(Role.COORDINATOR)
def problems(batch_id: int) -> ResponseReturnValue:
    """Hand the sheet back with what is wrong with each row in a column of its own."""
    batch = imports.of_office(db.reading(), batch_id, actor())
    if batch.stage is not ImportStage.CHECKED:
        return there(batch_id)
    return hand_out({"import": lambda: import_preview.with_problems(batch)})


def by_code(batch: ImportBatch) -> list[tuple[int, str]]:
    """Return the guides without e-mail whom a file has brought: each takes a letter with a code."""
    people = [person_id for _row, person_id in batch.stored]
    return beside.coming_by_code(db.reading(), people) if batch.stage is ImportStage.STORED else []


def step_form(batch: ImportBatch) -> SheetForm | ColumnsForm | None:
    """Return the form of the step at which a file stands."""
    if batch.stage is ImportStage.SHEET:
        return SheetForm(list(import_rows.sheets(batch)), formdata=None)
    if batch.stage in {ImportStage.COLUMNS, ImportStage.CHECKED}:
        known = {f"column_{number}": name for number, name in batch.columns.items()}
        return columns_of(batch, formdata=None, data={**known, "dates": batch.dates, "consent": bool(batch.consent)})
    return None


def columns_of(batch: ImportBatch, **options: object) -> ColumnsForm:
    """Return the form for the columns of a file's sheet."""
    rows = import_rows.sheet(batch)
    if not rows:
        abort(404)
    return columns_form(batch.kind, rows[0], rows[1], **options)


def there(batch_id: int) -> ResponseReturnValue:
    """Lead to a file's page."""
    return redirect(url_for("office.import_batch", batch_id=batch_id))


@bp.post("/imports/<int:batch_id>/sheet", endpoint="import_sheet")
@audience(Role.COORDINATOR)
def sheet(batch_id: int) -> ResponseReturnValue:
    """Choose the workbook's sheet."""
    imports.of_office(db.reading(), batch_id, actor())
    name = request.form.get("sheet", "")
    attempt(lambda session: imports.choose_sheet(session, batch_id, actor(), name))
    return there(batch_id)


@bp.post("/imports/<int:batch_id>/columns", endpoint="import_columns")
@audience(Role.COORDINATOR)
def columns(batch_id: int) -> ResponseReturnValue:
    """Say what the columns hold, and try every row without storing any."""
    batch = imports.of_office(db.reading(), batch_id, actor())
    form = columns_of(batch)
    if not form.validate():
        return page(batch, form)
    dates = bool(form.dates and form.dates.data)
    consent = str(form.consent.label.text) if form.consent.data else None
    chosen = form.chosen()
    done = attempt(
        lambda session: imports.map_columns(session, batch_id, actor(), chosen, dates=dates, consent=consent),
        refusal=import_words.refusal,
    )
    return first_portion(batch_id) if done else page(imports.of_office(db.reading(), batch_id, actor()), form)


def first_portion(batch_id: int) -> ResponseReturnValue:
    """Do the first portion at once: short lists need not wait for the job."""
    attempt(lambda session: imports.advance(session, batch_id, now()) + 1)
    return there(batch_id)


@bp.post("/imports/<int:batch_id>/confirm", endpoint="import_confirm")
@audience(Role.COORDINATOR)
def confirm(batch_id: int) -> ResponseReturnValue:
    """Store every row without a problem; of the doubles those that are ticked."""
    batch = imports.of_office(db.reading(), batch_id, actor())
    wanted = set(request.form.getlist("double"))
    doubles = import_words.doubles(imports.findings(batch))
    out = {each["number"] for each in doubles if str(each["number"]) not in wanted}
    done = attempt(lambda session: imports.confirm(session, batch_id, actor(), out))
    return first_portion(batch_id) if done else there(batch_id)


@bp.post("/imports/<int:batch_id>/undo", endpoint="import_undo")
@audience(Role.COORDINATOR)
def undo(batch_id: int) -> ResponseReturnValue:
    """Take back what nothing was built on."""
    imports.of_office(db.reading(), batch_id, actor())
    done = attempt(lambda session: imports.undo(session, batch_id, actor()))
    return first_portion(batch_id) if done else there(batch_id)


@bp.post("/imports/<int:batch_id>/delete", endpoint="import_delete")
@audience(Role.COORDINATOR)
def delete(batch_id: int) -> ResponseReturnValue:
    """Give a file up."""
    imports.of_office(db.reading(), batch_id, actor())
    if not attempt(lambda session: imports.give_up(session, batch_id, actor())):
        return there(batch_id)
    flash(_("The file is deleted. Nothing of it is stored."), "success")
    return redirect(url_for("office.sheets"))
