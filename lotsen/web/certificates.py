"""Certificates of hours: asked for by guide or office, and checked by anyone."""

from collections.abc import Mapping
from typing import Any, Final

from flask import Blueprint, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext, ngettext
from flask_babel import lazy_gettext as _

from lotsen import db
from lotsen.access import PUBLIC, audience
from lotsen.clock import now
from lotsen.documents import Document
from lotsen.i18n import DEFAULT
from lotsen.models import Certificate, Guide, Municipality, Person
from lotsen.rules.calendar import local_date
from lotsen.security import limiter
from lotsen.services import certificates
from lotsen.web import papers
from lotsen.web.forms.certificate import PeriodForm, VerifyForm
from lotsen.web.use_case import actor, attempt

bp = Blueprint("certificates", __name__)

NAME: Final = "Bescheinigung"


@bp.app_template_filter("hours")
def hours(minutes: int) -> str:
    """Return a time as "12 hours 30 minutes"."""
    whole, rest = divmod(minutes, 60)
    told = [ngettext("%(num)d hour", "%(num)d hours", whole)] if whole or not rest else []
    return " ".join([*told, *([ngettext("%(num)d minute", "%(num)d minutes", rest)] if rest else [])])


@bp.route("/verify", methods=["GET", "POST"])
@audience(PUBLIC)
@limiter.limit("10 per minute; 60 per hour", methods=["POST"])
def verify() -> ResponseReturnValue:
    """Show what was certified under a code; the code stands on the paper, never in an address."""
    form, found = VerifyForm(), None
    if form.validate_on_submit():
        found = certificates.verify(db.reading(), form.code.data or "")
        if found is None:
            form.code.errors = [gettext("There is no certificate with this code. Please check each letter and number.")]
    status = 422 if form.is_submitted() and found is None else 200
    return render_template("pages/certificates/verify.html", form=form, found=found), status


def ask(
    guide: Guide, template: str, endpoint: str, shown: Mapping[str, Any] | None = None, **values: Any
) -> ResponseReturnValue:
    """Show a guide's certificates and the form for another one; issue it.

    `endpoint` with `values` is where a certificate is; `shown` is what else the template needs.
    """
    who, today, number = actor(), local_date(now()), guide.id or 0
    form = PeriodForm(today)
    if form.validate_on_submit():
        since, until = form.since.data or today, form.until.data or today
        issued = attempt(lambda session: certificates.issue(session, number, who, now(), since=since, until=until))
        if issued is not None:
            return redirect(url_for(endpoint, certificate_id=issued.id, kind="pdf", **values))
    known = certificates.of_guide(db.reading(), number, who)
    return render_template(
        template, form=form, known=known, endpoint=endpoint, values=values, **(shown or {})
    ), 422 if form.is_submitted() else 200


def paper(certificate: Certificate, office: Municipality) -> Document:
    """Return a certificate on paper, in German and in the guide's language."""
    guide = db.reading().get_one(Guide, certificate.guide_id)
    base: str = current_app.extensions["lotsen_config"].base_url
    address = base.rstrip("/") + url_for("certificates.verify")
    return Document(
        template="certificate",
        title=_("Certificate of voluntary work"),
        locales=(DEFAULT, db.reading().get_one(Person, guide.person_id).locale),
        office=office,
        values={"certificate": certificate, "lessons": guide.training_lessons, "address": address},
    )


def deliver(guide_id: int, certificate_id: int, kind: str) -> ResponseReturnValue:
    """Return one certificate of a guide whom the signed-in person may see."""
    certificate, office = certificates.one(db.reading(), guide_id, certificate_id, actor())
    return papers.deliver(paper(certificate, office), kind, NAME)
