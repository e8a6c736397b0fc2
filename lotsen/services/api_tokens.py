"""Tokens by which a referring organisation's software comes in: issued and revoked by the coordination office."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, select, update

from lotsen import crypto
from lotsen.models import Account, ApiToken
from lotsen.rules.errors import Conflict, NotFound
from lotsen.services import organisations

#: What every token begins with, so that a program that looks for leaked secrets knows one.
PREFIX: Final = "lotsen_"
#: Use is noted to within this time.
GRAIN: Final = timedelta(hours=1)


class NameTaken(Conflict):
    """A token of this name is in use."""

    code = "name_taken"


@dataclass(frozen=True, slots=True)
class Line:
    """One token as the office sees it."""

    token: ApiToken
    #: The colleague who issued it.
    issued_by: str


def issue(session: Session, referrer_id: int, name: str, by: Account, now: datetime) -> tuple[ApiToken, str]:
    """Return a new token and its secret, known to nobody after this. Raises `NotFound`, `NameTaken`."""
    organisations.one(session, referrer_id, by)
    same = select(ApiToken.id).where(ApiToken.referrer_id == referrer_id, ApiToken.name == name)
    if session.exec(same.where(col(ApiToken.revoked_at).is_(None))).first() is not None:
        raise NameTaken
    secret = PREFIX + crypto.new_key()
    token = ApiToken(referrer_id=referrer_id, name=name, digest=_digest(secret), issued_at=now, issued_by_id=by.id)
    session.add(token)
    session.flush()
    return token, secret


def one(session: Session, token_id: int, by: Account) -> ApiToken:
    """Return a token of an organisation that `by` looks after. Raises `NotFound`."""
    token = session.get(ApiToken, token_id)
    if token is None:
        raise NotFound
    organisations.one(session, token.referrer_id, by)
    return token


def revoke(session: Session, token_id: int, by: Account, now: datetime) -> ApiToken:
    """End a token at once. Raises `NotFound`, `Conflict` where it was ended before."""
    token = one(session, token_id, by)
    alive = update(ApiToken).where(col(ApiToken.id) == token_id, col(ApiToken.revoked_at).is_(None))
    if session.exec(alive.values(revoked_at=now, revoked_by_id=by.id)).rowcount != 1:
        raise Conflict
    return token


def of_organisation(session: Session, referrer_id: int) -> list[Line]:
    """Return an organisation's tokens, those in use first, then the newest first."""
    query = select(ApiToken, Account.name).outerjoin(Account, col(Account.id) == ApiToken.issued_by_id)
    query = query.where(ApiToken.referrer_id == referrer_id)
    order = col(ApiToken.revoked_at).is_not(None), col(ApiToken.issued_at).desc(), col(ApiToken.id).desc()
    return [Line(token, name or "") for token, name in session.exec(query.order_by(*order))]


def find(session: Session, secret: str) -> ApiToken | None:
    """Return the token in use that `secret` is."""
    query = select(ApiToken).where(ApiToken.digest == _digest(secret), col(ApiToken.revoked_at).is_(None))
    return session.exec(query).first()


def note_use(session: Session, token_id: int, now: datetime) -> None:
    """Note that a token is in use."""
    session.exec(update(ApiToken).where(col(ApiToken.id) == token_id).values(used_at=now))


def _digest(secret: str) -> str:
    return crypto.digest("api-token", secret)
