"""The second factor: an app's codes, passkeys, recovery codes. Each is checked and used up by one statement."""

import secrets
from datetime import datetime
from typing import Final

import pyotp
from sqlmodel import Session, col, delete, select, update

from lotsen import crypto
from lotsen.models import Account, Authenticator, Municipality, Passkey, RecoveryCode
from lotsen.rules.errors import DomainError, NotFound
from lotsen.rules.sessions import STAFF
from lotsen.services import sessions

RECOVERY_CODES: Final = 10
#: 16 signs of Crockford's base 32: 80 bits.
_RECOVERY_LENGTH: Final = 16
_PERIOD: Final = 30


class WrongCode(DomainError):
    """Not a code of this account, or one that was used before."""

    code = "wrong_code"


class LastFactor(DomainError):
    """Without it the account would have no second factor, and it must have one."""

    code = "last_factor"


def required(session: Session, account: Account, *, production: bool) -> bool:
    """Whether somebody must have a second factor: all staff, but for made-up data and developers' machines."""
    if not production or account.role not in STAFF:
        return False
    office = session.get(Municipality, account.municipality_id) if account.municipality_id else None
    return not (office and office.demo)


def authenticator(session: Session, account_id: int) -> Authenticator | None:
    """Return the app of an account, once its owner has typed a code from it."""
    found = session.get(Authenticator, account_id, populate_existing=True)
    return found if found and found.confirmed_at else None


def passkeys(session: Session, account_id: int) -> list[Passkey]:
    """Return the passkeys of an account, the oldest first."""
    return list(session.exec(select(Passkey).where(Passkey.account_id == account_id).order_by(col(Passkey.id))))


def present(session: Session, account_id: int) -> bool:
    """Whether an account has a second factor."""
    return authenticator(session, account_id) is not None or bool(passkeys(session, account_id))


def begin_app(session: Session, account_id: int, now: datetime) -> Authenticator:
    """Return the app that is to be confirmed, with a fresh secret where there was none; one in use stays."""
    found = session.get(Authenticator, account_id)
    if found is None:
        found = Authenticator(account_id=account_id, secret=pyotp.random_base32(), created_at=now)
        session.add(found)
    return found


def confirm_app(session: Session, account_id: int, typed: str, now: datetime) -> list[str]:
    """Take an app into use by a code from it; return fresh recovery codes where the account had no factor before.

    Raises `NotFound`, `WrongCode`.
    """
    found = session.get(Authenticator, account_id, populate_existing=True)
    if found is None or found.confirmed_at is not None:
        raise NotFound
    had = present(session, account_id)
    found.confirmed_at = now
    session.add(found)
    session.flush()
    _use_app_code(session, found, typed, now)
    return _enrolled(session, account_id, had=had)


def check(session: Session, account_id: int, typed: str, now: datetime) -> None:
    """Check a code from the app, or a recovery code, and use it up. Raises `WrongCode`."""
    digits = "".join(sign for sign in typed if not sign.isspace())
    app = authenticator(session, account_id)
    if app is not None and digits.isdecimal() and len(digits) == 6:
        _use_app_code(session, app, digits, now)
    else:
        _use_recovery_code(session, account_id, typed, now)


def _use_app_code(session: Session, app: Authenticator, typed: str, now: datetime) -> None:
    """Accept the code of this period and of its neighbours (clocks differ), each once."""
    totp, step = pyotp.TOTP(app.secret or ""), int(now.timestamp()) // _PERIOD
    digits = "".join(sign for sign in typed if not sign.isspace())
    fitting = [each for each in (step - 1, step, step + 1) if secrets.compare_digest(totp.at(each * _PERIOD), digits)]
    if not fitting:
        raise WrongCode
    unused = update(Authenticator).where(
        col(Authenticator.account_id) == app.account_id, col(Authenticator.last_step) < fitting[0]
    )
    if session.exec(unused.values(last_step=fitting[0])).rowcount != 1:
        raise WrongCode


def _use_recovery_code(session: Session, account_id: int, typed: str, now: datetime) -> None:
    digest = crypto.digest("recovery", f"{account_id}:{crypto.normalise_code(typed)}")
    unused = update(RecoveryCode).where(col(RecoveryCode.digest) == digest, col(RecoveryCode.used_at).is_(None))
    if session.exec(unused.values(used_at=now)).rowcount != 1:
        raise WrongCode


def new_recovery_codes(session: Session, account_id: int) -> list[str]:
    """Replace an account's recovery codes and return the new ones, in groups: shown once, stored as digests."""
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))
    codes = ["".join(secrets.choice(crypto.ALPHABET) for _ in range(_RECOVERY_LENGTH)) for _ in range(RECOVERY_CODES)]
    session.add_all(
        RecoveryCode(account_id=account_id, digest=crypto.digest("recovery", f"{account_id}:{code}")) for code in codes
    )
    return [crypto.group(code) for code in codes]


def recovery_codes_left(session: Session, account_id: int) -> int:
    """Return how many recovery codes still work."""
    unused = select(RecoveryCode.id).where(RecoveryCode.account_id == account_id, col(RecoveryCode.used_at).is_(None))
    return len(session.exec(unused).all())


def add_passkey(
    session: Session, account_id: int, name: str, credential_id: str, public_key: str, sign_count: int, now: datetime
) -> list[str]:
    """Add a passkey that the web has verified; return fresh recovery codes where there was no factor before."""
    had = present(session, account_id)
    session.add(
        Passkey(
            account_id=account_id, credential_id=credential_id, public_key=public_key, sign_count=sign_count,
            name=name, created_at=now,
        )
    )  # fmt: skip
    session.flush()
    return _enrolled(session, account_id, had=had)


def use_passkey(session: Session, account_id: int, credential_id: str, sign_count: int, now: datetime) -> None:
    """Note that a passkey was used; a counter that went back means a copied key. Raises `WrongCode`."""
    own = update(Passkey).where(
        col(Passkey.account_id) == account_id,
        col(Passkey.credential_id) == credential_id,
        (col(Passkey.sign_count) < sign_count) | ((col(Passkey.sign_count) == 0) & (sign_count == 0)),
    )
    if session.exec(own.values(sign_count=sign_count, used_at=now)).rowcount != 1:
        raise WrongCode


def remove_app(session: Session, account_id: int, *, must_have: bool) -> None:
    """Take the app out of use. Raises `LastFactor`."""
    session.exec(delete(Authenticator).where(col(Authenticator.account_id) == account_id))
    _removed(session, account_id, must_have=must_have)


def remove_passkey(session: Session, account_id: int, passkey_id: int, *, must_have: bool) -> None:
    """Take a passkey out of use. Raises `NotFound`, `LastFactor`."""
    own = delete(Passkey).where(col(Passkey.id) == passkey_id, col(Passkey.account_id) == account_id)
    if session.exec(own).rowcount != 1:
        raise NotFound
    _removed(session, account_id, must_have=must_have)


def _removed(session: Session, account_id: int, *, must_have: bool) -> None:
    if present(session, account_id):
        return
    if must_have:
        raise LastFactor
    session.exec(delete(RecoveryCode).where(col(RecoveryCode.account_id) == account_id))


def reset(session: Session, account_id: int) -> None:
    """Take everything out of use and end every session: its owner has lost it all, or left."""
    for model in (Authenticator, Passkey, RecoveryCode):
        session.exec(delete(model).where(col(model.account_id) == account_id))
    sessions.end_all(session, account_id)


def _enrolled(session: Session, account_id: int, *, had: bool) -> list[str]:
    sessions.enrolled(session, account_id)
    return [] if had else new_recovery_codes(session, account_id)
