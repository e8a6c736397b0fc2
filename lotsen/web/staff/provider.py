"""How an office's staff sign in with their account at work."""

from flask import current_app, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lotsen import db
from lotsen.access import audience
from lotsen.config import Config
from lotsen.rules.vocabulary import Role
from lotsen.services import single_sign_on
from lotsen.web.forms.colleagues import ProviderForm
from lotsen.web.staff.blueprint import bp, manager


@bp.route("/single-sign-on/<int:municipality_id>", methods=["GET", "POST"])
@audience(Role.COORDINATOR, Role.ADMIN)
def provider(municipality_id: int) -> ResponseReturnValue:
    """Show and change an office's identity provider."""
    by, config = manager(), current_app.extensions["lotsen_config"]
    office = single_sign_on.managed(db.reading(), municipality_id, by)
    stored = single_sign_on.stored(db.reading(), municipality_id)
    form = ProviderForm(obj=stored)
    if form.validate_on_submit() and form.addresses_fit(secure=config.production, has_secret=stored is not None):
        db.run(lambda session: single_sign_on.save(session, municipality_id, form.provider(), by))
        flash(_("Saved. Please try it in another window before you sign out here."), "success")
        return redirect(url_for("staff.provider", municipality_id=municipality_id))
    return render_template(
        "pages/staff/provider.html", form=form, office=office, callback=callback(config), stored=stored
    ), 422 if form.errors else 200


def callback(config: Config) -> str:
    """Return the address that the provider must know."""
    return config.base_url.rstrip("/") + url_for("single_sign_on.callback")
