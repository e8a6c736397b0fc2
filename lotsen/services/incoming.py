"""Referrals from other systems: sent under a key, so that what arrives twice is stored once."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, select

from lotsen import crypto
from lotsen.models import Account, ApiToken, Referral, Referrer, Request
from lotsen.rules.answers import RequestAnswers
from lotsen.rules.errors import Conflict
from lotsen.rules.pairing import Side
from lotsen.services import referrals
from lotsen.services.actor import Actor
from lotsen.services.persons import ConsentGiven
from lotsen.services.referrals import Line

#: So long a repeated referral is answered with its status code: the first answer may have got lost on the way.
REPEATED: Final = timedelta(days=1)


class KeyReused(Conflict):
    """The key belongs to a referral with another content."""

    code = "key_reused"


@dataclass(frozen=True, slots=True)
class Sent:
    """What another system sent."""

    answers: RequestAnswers
    consent: ConsentGiven
    reference: str
    #: The sender's own mark of this referral.
    key: str
    #: All that was sent, the same text for the same content.
    content: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What the sender learns: the referral's line, and for a day the status code for the leaflet."""

    line: Line
    code: str | None
    is_new: bool


def take_in(session: Session, token: ApiToken, sent: Sent, now: datetime) -> Taken:
    """Store a referral, or find the one that came under the same key.

    The status code is derived from the key, so that it can be told again without being kept. Raises `KeyReused`,
    `offices.UnknownPlace`; `requests.AlreadyReceived` where the same key arrives at the same moment: take it in again.
    """
    mark = f"{token.referrer_id}:{sent.key}"
    key, content = crypto.digest("referral-key", mark), crypto.digest("referral-content", sent.content)
    code = crypto.derived_status_code(f"referral:{mark}")
    known = session.exec(select(Referral).where(Referral.key_digest == key)).first()
    if known is not None:
        if known.body_digest not in {content, None}:  # nothing is left of it where the person was erased
            raise KeyReused
        told = code if known.referred_at > now - REPEATED and _opens(session, known, code) else None
        return Taken(referrals.line(session, token.referrer_id, known.id or 0), told, is_new=False)
    referrer = session.get_one(Referrer, token.referrer_id)
    referral, _code = referrals.store(
        session, referrer, sent.answers, sent.consent, Actor(Side.SYSTEM), now, reference=sent.reference, code=code
    )
    referral.key_digest, referral.body_digest = key, content
    session.add(referral)
    session.flush()
    return Taken(referrals.line(session, token.referrer_id, referral.id or 0), code, is_new=True)


def _opens(session: Session, referral: Referral, code: str) -> bool:
    """Whether the office has not replaced the status code since."""
    query = select(Account.code_digest).join(Request, Request.person_id == Account.person_id)  # type: ignore[arg-type]  # columns
    return session.exec(query.where(Request.id == referral.request_id)).first() == crypto.code_digest(code)
