"""Every component in every state, for whoever works on the look; exists in development only."""

from typing import Final

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from lotsen.access import PUBLIC, audience
from lotsen.web import drawing
from lotsen.web.consents import Shown
from lotsen.web.forms.showcase import OfficeForm, ShowcaseForm
from lotsen.web.navigation import NavItem

bp = Blueprint("components", __name__)

MENU: Final = [
    NavItem("Worklist", "#menu", True),
    NavItem("Guides", "#menu", False),
    NavItem("Pairings", "#menu", False),
]
TEXTS: Final = [
    Shown("de", "Deutsch", "ltr", ["Meine Angaben werden gespeichert.", "Ich kann das jederzeit zurücknehmen."]),
    Shown("ar", "العربية", "rtl", ["تُحفظ بياناتي.", "يمكنني التراجع عن ذلك في أي وقت."]),
]


@bp.route("/_components", methods=["GET", "POST"])
@audience(PUBLIC)
def show() -> ResponseReturnValue:
    """Show the components; posting the form empty shows every error."""
    form, offices = ShowcaseForm(), [OfficeForm(prefix="known"), OfficeForm(prefix="unknown")]
    offices[0].suggest()
    form.validate_on_submit()
    for office in offices:
        office.validate_on_submit()
    form.languages.spare()
    return render_template(
        "pages/components.html",
        form=form,
        offices=offices,
        menu=MENU,
        texts=TEXTS,
        bars=drawing.bars([("Arabic", (12,)), ("Ukrainian", (7,))]),
        meter=drawing.meter([("a", 0, 40, 0)]),
    )
