"""How people reach an office, and its logo."""

from flask import flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lotsen import logo
from lotsen.access import audience
from lotsen.clock import now
from lotsen.models import Municipality
from lotsen.rules.vocabulary import Role
from lotsen.services import appearance
from lotsen.web.forms.appearance import ContactForm, LogoForm
from lotsen.web.settings.blueprint import bp, me, office, to_change
from lotsen.web.settings.words import refusal
from lotsen.web.use_case import attempt


@bp.route("/<int:municipality_id>/contact", methods=["GET", "POST"])
@audience(Role.COORDINATOR, Role.ADMIN)
def contact(municipality_id: int) -> ResponseReturnValue:
    """Change how people reach the office."""
    place = to_change(municipality_id)
    form, by = ContactForm(obj=place), me()
    if form.validate_on_submit():
        values, saw = form.values, form.seen.data or ""
        if attempt(
            lambda session: appearance.save_contact(session, by, municipality_id, values, saw, now()),
            _("Saved. It stands in letters and mails from now on."), refusal,
        ):  # fmt: skip
            return redirect(url_for("settings.contact", municipality_id=municipality_id))
    place = office(municipality_id)
    form.seen.data = appearance.contact_mark(place)
    return page(place, form), 422 if form.is_submitted() else 200


@bp.post("/<int:municipality_id>/logo")
@audience(Role.COORDINATOR, Role.ADMIN)
def upload(municipality_id: int) -> ResponseReturnValue:
    """Show another logo."""
    place, form, by = to_change(municipality_id), LogoForm(), me()
    if form.validate():
        try:
            picture = logo.read(form.file.data.read(logo.MAX_BYTES + 1))
        except logo.Unusable as error:
            form.file.errors = [refusal(error.code, {})]
        else:
            attempt(lambda session: appearance.save_logo(session, by, municipality_id, picture, now()), _("Saved."))
            return redirect(url_for("settings.contact", municipality_id=municipality_id, _anchor="logo"))
    return page(place, pictured=form), 422


@bp.post("/<int:municipality_id>/logo/remove")
@audience(Role.COORDINATOR, Role.ADMIN)
def remove_logo(municipality_id: int) -> ResponseReturnValue:
    """Show no logo."""
    to_change(municipality_id)
    by = me()
    attempt(lambda session: appearance.save_logo(session, by, municipality_id, None, now()))
    flash(_("The logo is removed."), "success")
    return redirect(url_for("settings.contact", municipality_id=municipality_id, _anchor="logo"))


def page(place: Municipality, form: ContactForm | None = None, pictured: LogoForm | None = None) -> str:
    """Return the page with both forms; the one that was sent keeps what was typed."""
    if form is None:
        form = ContactForm(formdata=None, obj=place)
        form.seen.data = appearance.contact_mark(place)
    return render_template(
        "pages/settings/contact.html", office=place, form=form, pictured=pictured or LogoForm(formdata=None)
    )
