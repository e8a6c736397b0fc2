"""An office's own words in mails and letters: a language at a time, seen in a mail and a letter before they count."""

from flask import abort, current_app, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lotsen import documents, i18n, mail_samples, mailer
from lotsen.access import audience
from lotsen.clock import now
from lotsen.models import Municipality
from lotsen.rules.office_texts import LONGEST
from lotsen.rules.vocabulary import Role
from lotsen.services import appearance
from lotsen.web import papers
from lotsen.web.forms.appearance import TextsForm
from lotsen.web.settings.blueprint import bp, me, office, to_change
from lotsen.web.settings.words import TEXT, refusal
from lotsen.web.use_case import attempt

_ONE = f"/<int:municipality_id>/texts/<any({', '.join(repr(tag) for tag in i18n.OFFERED)}):locale>"
#: The mail and the code of the previews.
_SAMPLE, _CODE = "request_received", "7K2M-PQ4T-9WXY"


@bp.get("/<int:municipality_id>/texts")
@audience(Role.COORDINATOR, Role.ADMIN)
def texts(municipality_id: int) -> ResponseReturnValue:
    """List the languages, and what is written in each."""
    place = to_change(municipality_id)
    rows = [
        {
            "locale": tag,
            "name": i18n.native_name(tag),
            "written": [str(TEXT[kind]) for kind in LONGEST if place.texts.get(kind, {}).get(tag)],
        }
        for tag in i18n.OFFERED
    ]
    return render_template("pages/settings/texts.html", office=place, rows=rows)


@bp.route(_ONE, methods=["GET", "POST"])
@audience(Role.COORDINATOR, Role.ADMIN)
def text(municipality_id: int, locale: str) -> ResponseReturnValue:
    """Show one language's words; sent, show them in a mail. Nothing is saved here."""
    place = to_change(municipality_id)
    used = {kind: place.texts.get(kind, {}).get(locale, "") for kind in LONGEST}
    form = TextsForm(place, locale, data=used)
    if not form.is_submitted():
        form.seen.data = appearance.texts_mark(place, locale)
        return _page(place, locale, form)
    valid = form.validate()
    return _page(place, locale, form, preview=valid), 200 if valid else 422


@bp.post(_ONE + "/save")
@audience(Role.COORDINATOR, Role.ADMIN)
def save_text(municipality_id: int, locale: str) -> ResponseReturnValue:
    """Use one language's words from now on."""
    place, by = to_change(municipality_id), me()
    form = TextsForm(place, locale)
    if not form.validate():
        return _page(place, locale, form), 422
    values, saw = form.values, form.seen.data or ""
    if attempt(
        lambda session: appearance.save_texts(session, by, municipality_id, locale, values, saw, now()),
        _("Saved. It stands in letters and mails from now on."), refusal,
    ):  # fmt: skip
        return redirect(url_for("settings.texts", municipality_id=municipality_id))
    place = office(municipality_id)
    form.seen.data = appearance.texts_mark(place, locale)
    return _page(place, locale, form, preview=True), 409


@bp.post(_ONE + "/letter")
@audience(Role.COORDINATOR, Role.ADMIN)
def preview_letter(municipality_id: int, locale: str) -> ResponseReturnValue:
    """Show what was written in a letter with made-up data. Nothing is saved."""
    form = TextsForm(to_change(municipality_id), locale)
    if not form.validate():
        abort(404)
    return documents.page(papers.letter("Samira", _CODE, locale, _tried(form, locale)))


def _tried(form: TextsForm, locale: str) -> Municipality:
    """An office like this one, with what was written."""
    office = form.office
    return Municipality(**office.model_dump() | {"texts": appearance.with_texts(office, locale, form.values)})


def _page(place: Municipality, locale: str, form: TextsForm, *, preview: bool = False) -> str:
    mail = None
    if preview:
        sample = mail_samples.letter(_SAMPLE, locale, office=_tried(form, locale))
        mail = mailer.build(current_app._get_current_object(), sample, now())  # type: ignore[attr-defined]  # werkzeug's proxy
    return render_template(
        "pages/settings/text.html",
        office=place,
        locale=locale,
        name=i18n.native_name(locale),
        direction=i18n.direction_of(locale),
        form=form,
        mail=mail,
        text=mail_samples.part(mail, "plain") if mail else "",
        fields=form.values | {"seen": form.seen.data or ""},
    )
