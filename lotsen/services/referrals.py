"""Referring somebody with recorded consent. Data flows to the coordination office; back flows one of three words."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlmodel import Session, col, func, select

from lotsen import places
from lotsen.models import Account, Consent, Referral, Referrer, Request
from lotsen.rules.answers import RequestAnswers
from lotsen.rules.calendar import local_date
from lotsen.rules.errors import NotFound
from lotsen.rules.pairing import Side
from lotsen.rules.vocabulary import RequestState
from lotsen.services import events, offices, requests
from lotsen.services.actor import Actor
from lotsen.services.paging import PER_PAGE, Page, offset, within
from lotsen.services.persons import ConsentGiven


@dataclass(frozen=True, slots=True)
class Line:
    """All that a referrer learns about one referral."""

    reference: str
    referred_on: date
    state: RequestState


def refer(
    session: Session,
    answers: RequestAnswers,
    consent: ConsentGiven | None,
    account: Account,
    now: datetime,
    *,
    reference: str = "",
) -> tuple[Referral, str]:
    """Store a request on behalf of the person at `account`'s counter; return the referral and the status code.

    Where nobody serves the postal code, the office of the referrer's own municipality takes it. Raises
    `ConsentMissing` (nothing is stored then), `offices.UnknownPlace` and `NotFound` for an account without referrer.
    """
    referrer = session.get(Referrer, account.referrer_id) if account.referrer_id else None
    if referrer is None:
        raise NotFound
    place = places.find(answers.postcode)
    if place is not None and offices.serving(session, place) is None:
        answers = answers.model_copy(update={"municipality_id": referrer.municipality_id})
    request, code = requests.receive(session, answers, consent, now)
    proof = session.exec(select(Consent.id).where(Consent.person_id == request.person_id)).one()
    referral = Referral(
        referrer_id=referrer.id or 0,
        request_id=request.id or 0,
        consent_id=proof or 0,
        reference=reference,
        referred_at=now,
    )
    session.add(referral)
    # No office acts here: the referrer is on no side of the pairing.
    events.record(session, "referred", request, Actor(Side.SYSTEM, account.id), now)
    session.flush()
    return referral, code


def lines(session: Session, referrer_id: int, number: int = 1) -> Page[Line]:
    """Return page `number` of an organisation's referrals, newest first: own reference, day, state, nothing else."""
    own = select(Referral.reference, Referral.referred_at, Request.state).join(
        Request, col(Request.id) == col(Referral.request_id)
    )
    own = own.where(Referral.referrer_id == referrer_id)
    total = session.exec(select(func.count()).select_from(own.subquery())).one()
    newest = own.order_by(col(Referral.referred_at).desc(), col(Referral.id).desc())
    number = within(number, total)
    rows = session.exec(newest.limit(PER_PAGE).offset(offset(number)))
    return Page([Line(reference, local_date(at), RequestState(state)) for reference, at, state in rows], number, total)
