"""Signing in, passwords, status codes."""

import secrets
from datetime import datetime
from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlmodel import Session, col, select, update

from lotsen import crypto
from lotsen.models import Account, Person
from lotsen.rules.errors import DomainError
from lotsen.rules.vocabulary import Role

#: NIST SP 800-63B-4: 15 characters where the password is the only factor; no rules of composition.
PASSWORD_MIN: Final = 15
PASSWORD_MAX: Final = 128
_HASHER: Final = PasswordHasher()  # argon2id with the library's (RFC 9106) parameters


class WeakPassword(DomainError):
    """Too short, or one that everybody tries first."""

    code = "weak_password"


@cache
def _dummy_hash() -> str:
    return _HASHER.hash(secrets.token_urlsafe(16))


def hash_password(password: str) -> str:
    """Return the argon2id hash of `password`. Raises `WeakPassword`."""
    if not PASSWORD_MIN <= len(password) <= PASSWORD_MAX or len(set(password.lower())) < 5:
        raise WeakPassword(minimum=PASSWORD_MIN)
    return _HASHER.hash(password)


def authenticate(session: Session, email: str, password: str) -> Account | None:
    """Return the account with this address and password.

    An unknown address costs the same time as a wrong password: a dummy hash is checked.
    """
    account = by_email(session, email)
    usable = account is not None and account.password_hash is not None
    try:
        _HASHER.verify(account.password_hash if account and account.password_hash else _dummy_hash(), password)
    except (VerificationError, InvalidHashError):
        return None
    return account if usable and account and account.active and _confirmed(account) else None


def _confirmed(account: Account) -> bool:
    return account.role is not Role.GUIDE or account.email_confirmed_at is not None


def by_code(session: Session, typed: str) -> Account | None:
    """Return the newcomer's account that the typed status code opens."""
    if len(crypto.normalise_code(typed)) != crypto.CODE_LENGTH:
        return None
    account = session.exec(select(Account).where(Account.code_digest == crypto.code_digest(typed))).first()
    return account if account and account.active else None


def open_account(
    session: Session,
    role: Role,
    now: datetime,
    *,
    person: Person | None = None,
    email: str | None = None,
    password: str | None = None,
    code: str | None = None,
    municipality_id: int | None = None,
    referrer_id: int | None = None,
    name: str = "",
    is_lead: bool = False,
    locale: str = "de",
) -> Account:
    """Add an account; its person, where there is one, must be flushed."""
    account = Account(
        role=role,
        email=email.strip().lower() if email else None,
        password_hash=hash_password(password) if password else None,
        code_digest=crypto.code_digest(code) if code else None,
        municipality_id=person.municipality_id if person else municipality_id,
        person_id=person.id if person else None,
        referrer_id=referrer_id,
        name=name,
        is_lead=is_lead,
        locale=person.locale if person else locale,
        session_key=secrets.token_urlsafe(24),
        created_at=now,
    )
    session.add(account)
    session.flush()
    return account


def by_email(session: Session, email: str) -> Account | None:
    """Return the account with this address."""
    return session.exec(select(Account).where(Account.email == email.strip().lower())).first()


def confirm_email(session: Session, account_id: int, now: datetime) -> bool:
    """Confirm an address once; False where it was confirmed before or there is no such account."""
    unconfirmed = update(Account).where(col(Account.id) == account_id, col(Account.email_confirmed_at).is_(None))
    return session.exec(unconfirmed.values(email_confirmed_at=now)).rowcount == 1


def change_password(session: Session, account: Account, password: str) -> None:
    """Set a new password and end every session. Raises `WeakPassword`."""
    account.password_hash = hash_password(password)
    end_sessions(session, account)


def end_sessions(session: Session, account: Account) -> None:
    """End every session of `account`, on whatever device."""
    account.session_key = secrets.token_urlsafe(24)
    session.add(account)
