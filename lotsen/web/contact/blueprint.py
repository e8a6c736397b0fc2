"""The blueprint that this package's modules add their pages to, and what all of them share."""

from typing import Final

from flask import Blueprint, flash, redirect, url_for
from flask.typing import ResponseReturnValue

from lotsen import words
from lotsen.rules.vocabulary import Role
from lotsen.services.conversation import ContactStopped
from lotsen.web.forms.contact import duration
from lotsen.web.navigation import home

bp = Blueprint("contact", __name__, url_prefix="/contact")
#: Whose pages these are. Services check whose pairing it is.
PEOPLE: Final = (Role.GUIDE, Role.NEWCOMER)

bp.add_app_template_filter(duration, "duration")


@bp.errorhandler(ContactStopped)
def stopped(refusal: ContactStopped) -> ResponseReturnValue:
    """Lead whoever comes too early or too late to the own page, which says how things stand."""
    flash(words.error_text(refusal.code, refusal.details), "info")
    return redirect(home())


def back(pairing_id: int) -> ResponseReturnValue:
    """Lead back to the conversation."""
    return redirect(url_for("contact.conversation", pairing_id=pairing_id))
