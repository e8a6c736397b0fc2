"""The insured list: who was covered between two days, as a page and as a file for the insurer."""

import csv
import io
from collections.abc import Iterable
from datetime import date

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lotsen import db
from lotsen.access import audience
from lotsen.rules.vocabulary import Role
from lotsen.services import casefile, insured
from lotsen.web.forms.insured import BetweenForm
from lotsen.web.office.blueprint import bp
from lotsen.web.office.present import today
from lotsen.web.use_case import actor


@bp.get("/guides/insured", endpoint="insured")
@audience(Role.COORDINATOR)
def listed() -> ResponseReturnValue:
    """Show who was covered between two days: this year's, where none are asked for."""
    form = asked()
    since, until, right = days(form)
    lines = insured.listed(db.reading(), actor().municipality_id or 0, since, until)
    return render_template(
        "pages/office/insured.html", form=form, lines=lines, since=since, until=until, today=today()
    ), 200 if right else 422


@bp.get("/guides/insured.csv", endpoint="insured_file")
@audience(Role.COORDINATOR)
def download() -> ResponseReturnValue:
    """Download the same list; the audit log notes it by itself (`watched`)."""
    since, until, _right = days(asked())
    office = casefile.office_of(db.reading(), actor())
    name = f"versichert-{office.code}-{since}-{until}.csv"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "no-store"}
    lines = insured.listed(db.reading(), office.id or 0, since, until)
    return Response(written(lines), mimetype="text/csv", headers=headers)


def asked() -> BetweenForm:
    """Return the two days of the address, this year's where it names none."""
    form = BetweenForm(request.args if request.args.keys() & {"since", "until"} else None)
    if not form.is_asked():
        form.since.data, form.until.data = today().replace(month=1, day=1), today()
    return form


def days(form: BetweenForm) -> tuple[date, date, bool]:
    """Return the two days, and whether they were right; this year's stand in for wrong ones."""
    if (not form.is_asked() or form.validate()) and form.since.data and form.until.data:
        return form.since.data, form.until.data, True
    return today().replace(month=1, day=1), today(), False


def written(lines: Iterable[insured.Line]) -> str:
    """Return the list as spreadsheets in Germany open it: semicolons, a byte order mark, and no formulas."""
    text = io.StringIO()
    out = csv.writer(text, delimiter=";")
    out.writerow([_("Last name"), _("First name"), _("From"), _("Until")])
    for line in lines:
        out.writerow([
            plain(line.last_name), plain(line.first_name), line.begins_on.isoformat(),
            line.ends_on.isoformat() if line.ends_on else "",
        ])  # fmt: skip
    return "\ufeff" + text.getvalue()


def plain(value: str) -> str:
    """Return a text that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(("=", "+", "-", "@", "\t", "\r")) else value
