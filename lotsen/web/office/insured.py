"""The insured list: who was covered between two days, as a page; `lists` makes the file for the insurer."""

from datetime import date

from flask import render_template, request
from flask.typing import ResponseReturnValue

from lotsen import db
from lotsen.access import audience
from lotsen.rules.vocabulary import Role
from lotsen.services import insured
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
