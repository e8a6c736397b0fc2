"""Referring somebody with recorded consent. Data flows to the coordination office; back flows one of three words."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

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

    number: int
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

    Raises as `store` does, and `NotFound` for an account without referrer.
    """
    referrer = session.get(Referrer, account.referrer_id) if account.referrer_id else None
    if referrer is None:
        raise NotFound
    # No office acts here: the referrer is on no side of the pairing.
    return store(session, referrer, answers, consent, Actor(Side.SYSTEM, account.id), now, reference=reference)


def store(
    session: Session,
    referrer: Referrer,
    answers: RequestAnswers,
    consent: ConsentGiven | None,
    actor: Actor,
    now: datetime,
    *,
    reference: str = "",
    code: str | None = None,
) -> tuple[Referral, str]:
    """Store a request that `referrer` passes on; return the referral and the status code.

    Where nobody serves the postal code, the office of the referrer's own municipality takes it. Raises
    `ConsentMissing` (nothing is stored then), `offices.UnknownPlace` and `requests.AlreadyReceived`.
    """
    place = places.find(answers.postcode)
    if place is not None and offices.serving(session, place) is None:
        answers = answers.model_copy(update={"municipality_id": referrer.municipality_id})
    request, code = requests.receive(session, answers, consent, now, code=code)
    proof = session.exec(select(Consent.id).where(Consent.person_id == request.person_id)).one()
    referral = Referral(
        referrer_id=referrer.id or 0,
        request_id=request.id or 0,
        consent_id=proof or 0,
        reference=reference,
        referred_at=now,
    )
    session.add(referral)
    events.record(session, "referred", request, actor, now)
    session.flush()
    return referral, code


def lines(session: Session, referrer_id: int, number: int = 1, word: str = "", *, size: int = PER_PAGE) -> Page[Line]:
    """Return page `number` of an organisation's referrals, newest first, those whose reference has `word` in it."""
    own = _lines(referrer_id)
    if word:
        own = own.where(col(Referral.reference).icontains(word, autoescape=True))
    total = session.exec(select(func.count()).select_from(own.subquery())).one()
    newest = own.order_by(col(Referral.referred_at).desc(), col(Referral.id).desc())
    number = within(number, total)
    rows = session.exec(newest.limit(size).offset(offset(number)))
    return Page([_line(row) for row in rows], number, total)


def line(session: Session, referrer_id: int, referral_id: int) -> Line:
    """Return one of an organisation's referrals. Raises `NotFound` for foreign ones."""
    row = session.exec(_lines(referrer_id).where(Referral.id == referral_id)).first()
    if row is None:
        raise NotFound
    return _line(row)


def _lines(referrer_id: int) -> Any:
    """Select own reference, day and state, and nothing else."""
    query = select(Referral.id, Referral.reference, Referral.referred_at, Request.state)
    query = query.join(Request, col(Request.id) == col(Referral.request_id))
    return query.where(Referral.referrer_id == referrer_id)


def _line(row: Any) -> Line:
    number, reference, at, state = row
    return Line(number, reference, local_date(at), RequestState(state))
