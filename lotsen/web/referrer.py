"""Referring somebody in two minutes, with recorded consent; afterwards three words: open, placed, closed."""

import io
from typing import Final, NamedTuple

import segno
from flask import Blueprint, Response, abort, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from markupsafe import Markup

from lotsen import crypto, db, i18n, words
from lotsen.access import audience
from lotsen.clock import now
from lotsen.models import Municipality, Referral, Request
from lotsen.rules.suppression import THRESHOLD
from lotsen.rules.vocabulary import RequestState, Role
from lotsen.services import ratings, referrals
from lotsen.services.paging import WHOLE
from lotsen.sheets import Cell
from lotsen.web import consents, papers, query
from lotsen.web.forms.staff import NarrowForm, ReferralForm
from lotsen.web.take_away import Filters, Table, hand_out
from lotsen.web.use_case import attempt

bp = Blueprint("referrer", __name__, url_prefix="/referrer")

_TONES: Final = {RequestState.OPEN: "info", RequestState.PLACED: "success", RequestState.CLOSED: "neutral"}
#: Where the session keeps the last leaflet, encrypted, until it is handed over: a cookie can be read.
_LEAFLET: Final = "referrer_leaflet"
#: The languages of the leaflet without a referral: tag, own name.
_INVITATIONS: Final = [(tag, i18n.native_name(tag)) for tag in i18n.OFFERED]
#: Where a QR code leads; to the status page, where it does not say.
_WAYS: Final = {"code": papers.code_address, "request": papers.request_address}


class Leaflet(NamedTuple):
    """What the leaflet says: its language, the status code, which office to turn to."""

    locale: str
    code: str
    office: Municipality


@bp.get("/", endpoint="referrals")
@audience(Role.REFERRER)
def listed() -> ResponseReturnValue:
    """List the organisation's referrals: own reference, day, state."""
    number = query.page()
    narrow, word = narrowed()
    return render_template(
        "pages/referrer/referrals.html",
        page=referrals.lines(db.reading(), current_user.referrer_id or 0, number, word),
        narrow=narrow,
        rated=ratings.shown(db.reading(), current_user.referrer_id or 0),
        tones=_TONES,
        waiting=_LEAFLET in session,
        invitations=_INVITATIONS,
        threshold=THRESHOLD,
    )


def narrowed() -> tuple[NarrowForm, str]:
    """Return the form that narrows the list, and the word that it asks for."""
    form = NarrowForm(formdata=request.args)
    return form, (form.word.data or "") if form.validate() else ""


@bp.post("/export")
@audience(Role.REFERRER)
def export() -> ResponseReturnValue:
    """Hand out the list: own reference, day, state and nothing else."""
    return hand_out({"referrals": table})


def table() -> Table:
    """Return the organisation's referrals, as the page shows them."""
    _form, word = narrowed()
    found = referrals.lines(db.reading(), current_user.referrer_id or 0, 1, word, size=WHOLE).items
    rows: list[list[Cell]] = [
        [line.reference, line.referred_on, words.word(line.state, "request_state")] for line in found
    ]
    # the log knows that somebody searched, never for what
    filters: Filters = {("word", "*"): word} if word else {}
    columns = [_("Your reference"), _("Referred on"), _("State")]
    return Table(_("Referrals"), filters, columns, rows, ("referral_id", [line.number for line in found]))


@bp.route("/new", methods=["GET", "POST"])
@audience(Role.REFERRER)
def new() -> ResponseReturnValue:
    """Ask, record the consent, refer."""
    form, office = ReferralForm(), db.reading().get_one(Municipality, current_user.municipality_id)
    if form.validate_on_submit():
        account, consent = current_user, consents.given("referral", form.locale.data, office.office_name)
        stored = attempt(
            lambda session: referrals.refer(
                session, form.answers(), consent, account, now(), reference=form.reference.data or ""
            )
        )
        if stored:
            keep(*stored, form.locale.data)
            return redirect(url_for("referrer.leaflet"))
    form.languages.spare()
    texts = consents.everywhere(office.office_name)
    return render_template(
        "pages/referrer/new.html", form=form, texts=texts, invitations=_INVITATIONS
    ), 422 if form.is_submitted() else 200


@bp.route("/leaflet", methods=["GET", "POST"])
@audience(Role.REFERRER)
def leaflet() -> ResponseReturnValue:
    """Show the status code and a leaflet to print, until it is handed over."""
    if request.method == "POST":
        session.pop(_LEAFLET, None)
    shown = kept()
    if shown is None:
        return redirect(url_for("referrer.referrals"))
    return render_template("pages/referrer/leaflet.html", leaflet=shown, printed=printed(shown))


@bp.get(f"/leaflet.{papers.KIND}")
@audience(Role.REFERRER)
@papers.sparingly
def leaflet_file(kind: str) -> ResponseReturnValue:
    """Return the leaflet on paper, until it is handed over."""
    shown = kept() or abort(404)
    return papers.deliver(papers.leaflet(shown.code, shown.locale, shown.office), kind, "Faltblatt")


@bp.get(f"/invitation/<locale>.{papers.KIND}")
@audience(Role.REFERRER)
@papers.sparingly
def invitation(locale: str, kind: str) -> ResponseReturnValue:
    """Return the leaflet for somebody who would rather ask for a guide themselves: nothing is stored of them."""
    if locale not in i18n.OFFERED:
        abort(404)
    office = db.reading().get_one(Municipality, current_user.municipality_id)
    return papers.deliver(papers.invitation(locale, office), kind, f"Einladung-{locale}")


def printed(leaflet: Leaflet) -> Markup:
    """Return the leaflet in its own language, whatever the page's is."""
    with i18n.speaking(leaflet.locale):
        return Markup(render_template("letters/leaflet.html", leaflet=leaflet, address=papers.status_address()))  # noqa: S704 -- a template, escaped by itself


@bp.get("/qr/<locale>.svg")
@audience(Role.REFERRER, Role.COORDINATOR, Role.ADMIN)
def qr(locale: str) -> ResponseReturnValue:
    """Draw the way to the status page in one language; `?to=code`: where guides type theirs, `?to=request`: to ask.

    The code itself is typed: it must not stand in addresses.
    """
    if locale not in i18n.OFFERED:
        abort(404)
    picture = io.BytesIO()
    way = _WAYS.get(request.args.get("to", ""), papers.status_address)
    code = segno.make_qr(f"{way()}?lang={locale}", error="m")
    code.save(picture, kind="svg", scale=4, xmldecl=False, svgclass=None, lineclass=None)
    return Response(picture.getvalue(), mimetype="image/svg+xml")


def keep(referral: Referral, code: str, locale: str) -> None:
    """Keep what the leaflet says until it is handed over: the database knows only the code's digest."""
    office = db.reading().get_one(Request, referral.request_id).municipality_id
    session[_LEAFLET] = crypto.encrypt(f"{locale}:{office}:{code}")


def kept() -> Leaflet | None:
    """Return what was kept last."""
    if _LEAFLET not in session:
        return None
    locale, office, code = crypto.decrypt(session[_LEAFLET]).split(":")
    return Leaflet(locale, code, db.reading().get_one(Municipality, int(office)))
