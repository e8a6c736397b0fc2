"""Who is away, and who stands in: for oneself, and for colleagues where one leads the office."""

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user

from lotsen import db
from lotsen.access import audience
from lotsen.rules.vocabulary import Role
from lotsen.services import absences
from lotsen.web.forms.absence import AbsenceForm
from lotsen.web.forms.office import given
from lotsen.web.office.blueprint import bp
from lotsen.web.office.decisions import attempt
from lotsen.web.office.present import today
from lotsen.web.office.tasks import colleagues
from lotsen.web.use_case import actor


@bp.route("/absences", methods=["GET", "POST"], endpoint="absences")
@audience(Role.COORDINATOR)
def listed() -> ResponseReturnValue:
    """List who is away, and note down an absence."""
    me, day = actor(), today()
    names = colleagues(plain=True)
    form = AbsenceForm(names, me.account_id or 0, lead=current_user.is_lead)
    if form.validate_on_submit():
        who, substitute = form.away_id(me.account_id or 0), int(form.substitute.data)
        begins_on, ends_on = given(form.begins_on.data), given(form.ends_on.data)
        noted = attempt(
            lambda session: absences.announce(session, me, who, substitute, begins_on, ends_on, day),
            _("Noted. Meanwhile the tasks stand with the colleague who stands in."),
        )
        if noted:
            return redirect(url_for("office.absences"))
    return render_template(
        "pages/office/absences.html",
        form=form,
        away=absences.listed(db.reading(), me.municipality_id or 0, day),
        today=day,
        me=me,
        lead=current_user.is_lead,
        alone=len(names) < 2,
    ), 422 if form.is_submitted() else 200


@bp.post("/absences/<int:absence_id>/end", endpoint="end_absence")
@audience(Role.COORDINATOR)
def end(absence_id: int) -> ResponseReturnValue:
    """Take an absence back: the colleague is there."""
    attempt(lambda session: absences.cancel(session, absence_id, actor()), _("The absence is taken out."))
    return redirect(url_for("office.absences"))
