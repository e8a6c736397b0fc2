"""For whoever runs Lotsen: every mail in every language, as its reader gets it, with made-up data."""

from collections.abc import Sequence
from email.message import EmailMessage
from typing import Any, Final

from flask import Blueprint, abort, current_app, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_talisman import Talisman

from lotsen import db, i18n, mail_samples, mailer
from lotsen.access import audience
from lotsen.rules.mail_kinds import OPTIONAL, kind_of
from lotsen.rules.vocabulary import Role
from lotsen.services import wordings
from lotsen.translations import is_draft

bp = Blueprint("mail_gallery", __name__, url_prefix="/admin/mails")

#: A mail brings its own style and nothing else: no script, no picture, no form, no way out, shown in our frame alone.
SEALED: Final = "default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"


@bp.get("/")
@audience(Role.ADMIN)
def gallery() -> ResponseReturnValue:
    """List the mails by what stands in their subject, with their languages."""
    read = wordings.reviews(db.reading())
    rows = [
        {
            "template": template,
            "subject": subject,
            "optional": kind_of(template) in OPTIONAL,
            "languages": [(tag, tag not in read and draft(template, tag)) for tag in mail_samples.languages(template)],
        }
        for template, subject in zip(mail_samples.TEMPLATES, subjects(mail_samples.TEMPLATES), strict=True)
    ]
    return render_template("pages/admin/mails.html", rows=rows, names=names(), one=url_for("mail_gallery.one"))


@bp.get("/one")
@audience(Role.ADMIN)
def one() -> ResponseReturnValue:
    """Show one mail: what its headers say, and both its forms."""
    chosen = choice()
    mail = built(chosen)
    return render_template(
        "pages/admin/mail.html",
        chosen=chosen,
        mail=mail,
        name=subjects([chosen["template"]])[0],
        text=mail_samples.part(mail, "plain"),
        names=names(),
        direction=i18n.direction_of(chosen["locale"]),
        languages=mail_samples.languages(chosen["template"]),
        draft=draft(chosen["template"], chosen["locale"]) and chosen["locale"] not in wordings.reviews(db.reading()),
    )


@bp.get("/one.html")
@audience(Role.ADMIN)
@Talisman()(content_security_policy=SEALED, frame_options="SAMEORIGIN")  # type: ignore[untyped-decorator]
def html() -> ResponseReturnValue:
    """Show one mail's HTML, sealed off from everything."""
    return mail_samples.part(built(choice()), "html")


def choice() -> dict[str, Any]:
    """Return the mail, the language and the reader that the address names; 404 where there is no such mail."""
    template, locale = request.args.get("mail", ""), request.args.get("language", "")
    reader = request.args.get("reader", "newcomer")
    if template not in mail_samples.TEMPLATES or locale not in mail_samples.languages(template):
        abort(404)
    return {"template": template, "locale": locale, "reader": reader if reader in mail_samples.READERS else abort(404)}


def built(chosen: dict[str, Any]) -> EmailMessage:
    """Return the mail."""
    app = current_app._get_current_object()  # type: ignore[attr-defined]  # werkzeug's proxy
    return mailer.build(app, mail_samples.letter(**chosen), mail_samples.WRITTEN)


def subjects(templates: Sequence[str]) -> list[str]:
    """Return mails' subjects in the administrator's language: what to call them."""
    app, locale = current_app._get_current_object(), i18n.tag()  # type: ignore[attr-defined]  # werkzeug's proxy
    return mailer.subjects(app, [mail_samples.letter(template, locale) for template in templates], locale)


def names() -> dict[str, str]:
    """Return the offered languages' names in themselves."""
    return {tag: i18n.native_name(tag) for tag in i18n.OFFERED}


def draft(template: str, locale: str) -> bool:
    """Whether no native speaker had read this mail's catalogue when it was put in the code."""
    return is_draft(locale, "staff" if template.startswith(mailer.STAFF_PREFIX) else "messages")
