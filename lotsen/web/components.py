"""Every component in every state, for whoever works on the look; exists in development only."""

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lotsen.access import PUBLIC, audience
from lotsen.web.forms.showcase import ShowcaseForm

bp = Blueprint("components", __name__)


@bp.route("/_components", methods=["GET", "POST"])
@audience(PUBLIC)
def show() -> ResponseReturnValue:
    """Show the components; posting the form empty shows every error."""
    form = ShowcaseForm()
    form.validate_on_submit()
    return render_template("pages/components.html", form=form)
