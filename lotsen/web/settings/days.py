"""Policies and days: all on one page, changed a group at a time, after a look at what would change."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lotsen import db
from lotsen.access import audience
from lotsen.clock import now
from lotsen.models import Municipality
from lotsen.rules.settings import Settings
from lotsen.rules.vocabulary import Role
from lotsen.services import effects, offices, settings
from lotsen.services.effects import Effect
from lotsen.web.forms.settings import SettingsForm
from lotsen.web.settings import words
from lotsen.web.settings.blueprint import bp, may_change, me, office, to_change
from lotsen.web.settings.history import history
from lotsen.web.use_case import attempt

_GROUP = f"/<int:municipality_id>/<any({', '.join(words.groups())}):group>"


@bp.get("/")
@audience(Role.COORDINATOR, Role.ADMIN)
def choose() -> ResponseReturnValue:
    """Lead to the own municipality's settings; an administrator chooses one."""
    if me().role is Role.COORDINATOR:
        return redirect(url_for("settings.overview", municipality_id=me().municipality_id))
    return render_template("pages/settings/choose.html", offices=offices.everyone(db.reading()))


@bp.get("/<int:municipality_id>/")
@audience(Role.COORDINATOR, Role.ADMIN)
def overview(municipality_id: int) -> ResponseReturnValue:
    """Show a municipality's settings, and who changed them."""
    place = office(municipality_id)
    used = place.settings
    return render_template(
        "pages/settings/overview.html",
        office=place,
        groups=[(group, words.GROUPS[group], words.listed(used, group)) for group in words.groups()],
        changes=history(place),
        may_change=may_change(),
        everywhere=me().role is Role.ADMIN,
    )


@bp.route(_GROUP, methods=["GET", "POST"], endpoint="group")
@audience(Role.COORDINATOR, Role.ADMIN)
def change(municipality_id: int, group: str) -> ResponseReturnValue:
    """Show a group's form; sent, say what would change. Nothing is saved here."""
    place = to_change(municipality_id)
    form = SettingsForm.of(group)(obj=place.settings)
    if not form.is_submitted():
        form.seen.data = settings.state(place.settings, form.values)
        return _page(place, group, form)
    if not form.agrees(place.settings):
        return _page(place, group, form), 422
    return _page(place, group, form, effects.preview(db.reading(), place, form.values, now()))


@bp.post(_GROUP + "/save", endpoint="save")
@audience(Role.COORDINATOR, Role.ADMIN)
def save(municipality_id: int, group: str) -> ResponseReturnValue:
    """Use a group's settings from now on; where a colleague was faster, show what is new beside what was typed."""
    place, form = to_change(municipality_id), SettingsForm.of(group)()
    if not form.agrees(place.settings):
        return _page(place, group, form), 422
    saw, values, by = form.seen.data or "", form.values, me()
    if attempt(lambda session: settings.save(session, by, municipality_id, values, saw, now())):
        flash(_("Saved. These settings count from now on."), "success")
        return redirect(url_for("settings.overview", municipality_id=municipality_id, _anchor=group))
    place = office(municipality_id)
    form.seen.data = settings.state(place.settings, form.values)
    return _page(place, group, form, effects.preview(db.reading(), place, form.values, now())), 409


def _page(place: Municipality, group: str, form: SettingsForm, tried: list[Effect] | None = None) -> str:
    return render_template(
        "pages/settings/group.html",
        office=place,
        group=group,
        title=words.GROUPS[group],
        form=form,
        tried=tried,
        usual=Settings(),
        setting_value=words.value,
        due=words.due,
        label=lambda name: words.of_setting(name).label,
    )
