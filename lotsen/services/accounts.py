"""Signing in, passwords, status codes."""

from collections.abc import Sequence
from datetime import datetime

from sqlmodel import Session, col, select, update

from lotsen import crypto
from lotsen.models import Account, Person
from lotsen.rules.errors import NotAllowed
from lotsen.rules.vocabulary import Role
from lotsen.services import sessions
from lotsen.services.passwords import PASSWORD_MAX, PASSWORD_MIN, WeakPassword, hash_password, matches

__all__ = ["PASSWORD_MAX", "PASSWORD_MIN", "WeakPassword", "hash_password"]


def authenticate(session: Session, email: str, password: str) -> Account | None:
    """Return the account with this address and password.

    An unknown address costs the same time as a wrong password: a dummy hash is checked.
    """
    account = by_email(session, email)
    right = matches(account.password_hash if account else None, password)
    return account if right and account and account.active and _confirmed(account) else None


def _confirmed(account: Account) -> bool:
    return account.role is not Role.GUIDE or account.email_confirmed_at is not None


def by_code(session: Session, typed: str) -> Account | None:
    """Return the account that the typed status code opens: a newcomer's, or that of a guide without e-mail."""
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
    reads: Sequence[str] = (),
    locale: str = "de",
) -> Account:
    """Add an account; its person, where there is one, must be flushed."""
    account = Account(
        role=role,
        email=email.strip().lower() if email else None,
        password_hash=hash_password(password, email or "") if password else None,
        code_digest=crypto.code_digest(code) if code else None,
        municipality_id=person.municipality_id if person else municipality_id,
        person_id=person.id if person else None,
        referrer_id=referrer_id,
        name=name,
        is_lead=is_lead,
        reads=list(reads),
        locale=person.locale if person else locale,
        created_at=now,
    )
    session.add(account)
    session.flush()
    return account


def renew_code(session: Session, person_id: int) -> str:
    """Replace somebody's status code and return the new one, shown this once; the old one ends, on every device."""
    account = session.exec(select(Account).where(Account.person_id == person_id)).one()
    code = crypto.new_status_code()
    account.code_digest = crypto.code_digest(code)
    session.add(account)
    end_sessions(session, account)
    return code


def by_email(session: Session, email: str) -> Account | None:
    """Return the account with this address."""
    return session.exec(select(Account).where(Account.email == email.strip().lower())).first()


def confirm_email(session: Session, account_id: int, now: datetime) -> bool:
    """Confirm an address once; False where it was confirmed before or there is no such account."""
    unconfirmed = update(Account).where(col(Account.id) == account_id, col(Account.email_confirmed_at).is_(None))
    return session.exec(unconfirmed.values(email_confirmed_at=now)).rowcount == 1


def change_password(
    session: Session, account_id: int, password: str, *, current: str | None = None, keep: int | None = None
) -> None:
    """Set a new password and end every session but `keep`, the device at which it was set.

    `current` is the old password; nothing where a link from a mail stands for it. Raises `WrongPassword`,
    `WeakPassword`.
    """
    account = session.get_one(Account, account_id, populate_existing=True)
    if current is not None and not matches(account.password_hash, current):
        raise WrongPassword
    account.password_hash = hash_password(password, account.email or "")
    session.add(account)
    sessions.end_all(session, account_id, but=keep)


class WrongPassword(NotAllowed):
    """The old password is not right."""

    code = "wrong_password"


def end_sessions(session: Session, account: Account) -> None:
    """End every session of `account`, on whatever device."""
    sessions.end_all(session, account.id or 0)
