"""Referrals in, three words back; the consent's words; the description of it all."""

from typing import Final

from flask import abort, current_app, request
from flask.typing import ResponseReturnValue

from lotsen import db
from lotsen.access import PUBLIC, SYSTEM, audience
from lotsen.clock import now
from lotsen.models import Municipality, Referrer
from lotsen.rules.errors import Conflict, ConsentMissing
from lotsen.services import incoming, offices, referrals, requests
from lotsen.services.incoming import Sent, Taken
from lotsen.services.persons import ConsentGiven
from lotsen.services.referrals import Line
from lotsen.web import consents, papers, throttle
from lotsen.web.api import document, problems, schemas
from lotsen.web.api.blueprint import SENDING, bp, said, token
from lotsen.web.api.schemas import Fault, ReferralIn, ReferralOut, ReferralPage, ReferralTaken
from lotsen.web.newcomer_words import CONSENT_VERSION

_STATUS: Final = (
    "This seems to be about a visa, asylum or residence status. Please take it out: nobody needs it, and it may do "
    "harm. Set words_confirmed where it means something else."
)


@bp.get("/openapi.json")
@audience(PUBLIC)
def openapi() -> ResponseReturnValue:
    """Describe the interface (OpenAPI 3.1)."""
    return document.whole(current_app.extensions["lotsen_config"].base_url)


@bp.get("/consent")
@audience(SYSTEM)
def consent() -> ResponseReturnValue:
    """Return what the person must have read or heard, in every language."""
    texts = [
        schemas.ConsentText(locale=tag, name=name, direction=direction, paragraphs=paragraphs)
        for tag, name, direction, paragraphs in consents.everywhere(office())
    ]
    return said(schemas.ConsentTexts(version=CONSENT_VERSION, texts=texts))


@bp.get("/referrals")
@audience(SYSTEM)
def listed() -> ResponseReturnValue:
    """List the organisation's referrals."""
    wanted = problems.read(schemas.Narrowing, request.args.to_dict())
    page = referrals.lines(db.reading(), token().referrer_id, wanted.page, wanted.reference)
    shown = page.items if page.number == wanted.page else []  # programs read on until nothing is left
    items = [out(line) for line in shown]
    return said(ReferralPage(items=items, page=wanted.page, pages=page.pages, total=page.total))


@bp.get("/referrals/<int:referral_id>")
@audience(SYSTEM)
def one(referral_id: int) -> ResponseReturnValue:
    """Return where one referral stands."""
    return said(out(referrals.line(db.reading(), token().referrer_id, referral_id)))


@bp.post("/referrals")
@audience(SYSTEM)
def refer() -> ResponseReturnValue:
    """Take a referral in."""
    throttle.attempt(SENDING, str(token().id))
    if not request.is_json:
        abort(415)
    mark = request.headers.get("Idempotency-Key")
    headers = problems.read(schemas.Headers, {} if mark is None else {"Idempotency-Key": mark})
    referral = problems.read(ReferralIn, request.get_data())
    if fields := referral.doubtful():
        return problems.refused([Fault(field=name, code="residence_status", message=_STATUS) for name in fields])
    try:
        taken = take_in(sent(referral, headers.idempotency_key))
    except incoming.KeyReused:
        return problems.problem(409, incoming.KeyReused.code, "This key belongs to a referral with another content.")
    except offices.UnknownPlace as unknown:
        return problems.refused([Fault(field="postcode", code=unknown.code, message="We do not know this postal code")])
    return said(told(taken, referral.locale), 201 if taken.is_new else 200)


def take_in(referral: Sent) -> Taken:
    """Store a referral once, also where it arrives twice at the same moment."""
    try:
        return db.run(lambda session: incoming.take_in(session, token(), referral, now()))
    except requests.AlreadyReceived:
        return db.run(lambda session: incoming.take_in(session, token(), referral, now()))


def sent(referral: ReferralIn, key: str) -> Sent:
    """Return what was sent, with the proof of consent in the words of its language."""
    words = consents.given("referral", referral.locale, office())
    proof = ConsentGiven(words.kind, words.version, words.text, words.locale, referral.consent.guardian)
    return Sent(referral.answers(), proof, referral.reference, key, referral.model_dump_json())


def office() -> str:
    """Return the name of the office that this organisation refers people to."""
    referrer = db.reading().get_one(Referrer, token().referrer_id)
    return db.reading().get_one(Municipality, referrer.municipality_id).office_name


def out(line: Line) -> ReferralOut:
    """Return what flows back."""
    return ReferralOut(id=line.number, reference=line.reference, referred_on=line.referred_on, state=line.state)


def told(taken: Taken, locale: str) -> ReferralTaken:
    """Return what the sender learns at once."""
    address = f"{papers.status_address()}?lang={locale}"
    return ReferralTaken(**out(taken.line).model_dump(), status_code=taken.code, status_url=address)


bp.register_error_handler(problems.Invalid, problems.of_fields)
bp.register_error_handler(
    ConsentMissing, lambda _error: problems.problem(422, ConsentMissing.code, "No consent, no referral.")
)
bp.register_error_handler(Conflict, lambda error: problems.problem(409, error.code, "Somebody else was faster."))
