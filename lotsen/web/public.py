"""Pages for everybody."""

from datetime import date, timedelta
from typing import Final

from flask import Blueprint, Response, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue

from lotsen import db, i18n
from lotsen.access import PUBLIC, audience
from lotsen.clock import now
from lotsen.rules.settings import Settings
from lotsen.services import appearance, offices, wordings
from lotsen.web import newcomer_words

bp = Blueprint("public", __name__)

#: When the accessibility statement was written, and when `make audit` last looked at every page (docs/audit.md).
STATED: Final = date(2026, 11, 25)
AUDITED: Final = date(2026, 11, 26)


@bp.get("/")
@audience(PUBLIC)
def index() -> ResponseReturnValue:
    """Show the two ways in, ask for a guide or become one, in every language."""
    return render_template("pages/public/index.html")


@bp.get("/accessibility")
@audience(PUBLIC)
def accessibility() -> ResponseReturnValue:
    """Show the accessibility statement (NBGG sections 9a to 9e)."""
    session = db.reading()
    return render_template(
        "pages/public/accessibility.html",
        offices=offices.everyone(session),
        address=request.host,
        simple_german=i18n.native_name("de-simple"),
        draft=wordings.is_draft(session, i18n.tag(), "messages"),
        written=STATED,
        checked=AUDITED,
    )


@bp.get("/privacy")
@audience(PUBLIC)
def privacy() -> ResponseReturnValue:
    """Show the privacy notice (GDPR article 13)."""
    known = offices.everyone(db.reading())
    days = max((office.settings.keep_file_days for office in known), default=Settings().keep_file_days)
    version = newcomer_words.CONSENT_VERSION
    return render_template("pages/public/privacy.html", offices=known, days=days, version=version)


@bp.get("/imprint")
@audience(PUBLIC)
def imprint() -> ResponseReturnValue:
    """Show who is responsible."""
    operator = current_app.extensions["lotsen_config"].operator
    return render_template("pages/public/imprint.html", operator=operator, offices=offices.everyone(db.reading()))


@bp.get("/offices/<int:municipality_id>/logo.png")
@audience(PUBLIC)
def office_logo(municipality_id: int) -> ResponseReturnValue:
    """Show an office's logo; another one has another address (`v`)."""
    picture = appearance.picture(db.reading(), municipality_id) or abort(404)
    return Response(picture, mimetype="image/png", headers={"Cache-Control": "public, max-age=86400"})


@bp.get("/help")
@audience(PUBLIC)
def help_page() -> ResponseReturnValue:
    """Explain in plain words what a guide is and how to get one."""
    return render_template("pages/public/help.html", offices=offices.everyone(db.reading()))


@bp.get("/.well-known/security.txt")
@audience(PUBLIC)
def security_txt() -> ResponseReturnValue:
    """Say whom to tell of a weakness (RFC 9116)."""
    config = current_app.extensions["lotsen_config"]
    base = config.base_url.rstrip("/")
    lines = {
        "Contact": config.security_contact or base + url_for("public.imprint"),
        "Expires": f"{now() + timedelta(days=180):%Y-%m-%dT00:00:00Z}",
        "Preferred-Languages": "de, en",
        "Canonical": base + url_for("public.security_txt"),
    }
    return Response("".join(f"{name}: {value}\n" for name, value in lines.items()), mimetype="text/plain")
