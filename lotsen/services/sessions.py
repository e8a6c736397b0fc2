"""Signed-in devices: begun, found again with one query, listed, ended."""

from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlmodel import Session, col, delete, select, update

from lotsen import crypto
from lotsen.models import Account, Method, Municipality, Person, SignIn
from lotsen.rules.errors import NotFound
from lotsen.rules.sessions import LONGEST, alive

#: Use is noted this often: a row that is written with each page would be the busiest of all.
GRAIN: Final = timedelta(minutes=5)
_PURPOSE: Final = "sign-in"


class Found(NamedTuple):
    """Who is signed in on which device, and the office and the person that they belong to."""

    account: Account
    device: SignIn
    office: Municipality | None
    person: Person | None


def begin(
    session: Session, account: Account, method: Method, now: datetime, *, device: str = "", must_enrol: bool = False
) -> str:
    """Sign `account` in on a device and return the key for its cookie; it is stored nowhere else."""
    key = crypto.new_key()
    session.add(
        SignIn(
            digest=crypto.digest(_PURPOSE, key), account_id=account.id or 0, method=method, created_at=now, seen_at=now,
            device=device, must_enrol=must_enrol,
        )
    )  # fmt: skip
    return key


def find(session: Session, key: str, now: datetime) -> Found | None:
    """Return who is signed in with `key`; None where nobody is any more.

    Nearly every page asks for office or person next, so they come along: one query instead of three.
    """
    query = (
        select(Account, SignIn, Municipality, Person)
        .join(SignIn, col(SignIn.account_id) == col(Account.id))
        .outerjoin(Municipality, col(Municipality.id) == col(Account.municipality_id))
        .outerjoin(Person, col(Person.id) == col(Account.person_id))
        .where(SignIn.digest == crypto.digest(_PURPOSE, key))
    )
    row = session.exec(query).first()
    if row is None:
        return None
    found = Found(*row)
    usable = found.account.active and alive(found.account.role, found.device.created_at, found.device.seen_at, now)
    return found if usable else None


def touch(session: Session, sign_in_id: int, now: datetime) -> None:
    """Note that a device was used."""
    stale = update(SignIn).where(col(SignIn.id) == sign_in_id, col(SignIn.seen_at) < now - GRAIN)
    session.exec(stale.values(seen_at=now))


def enrolled(session: Session, account_id: int) -> None:
    """Open all pages to devices that were signed in only to set up a second factor."""
    session.exec(update(SignIn).where(col(SignIn.account_id) == account_id).values(must_enrol=False))


def listed(session: Session, account: Account, now: datetime) -> list[SignIn]:
    """Return the devices on which `account` is signed in, the last used first."""
    rows = session.exec(select(SignIn).where(SignIn.account_id == account.id).order_by(col(SignIn.seen_at).desc()))
    return [row for row in rows if alive(account.role, row.created_at, row.seen_at, now)]


def end(session: Session, sign_in_id: int, account_id: int) -> None:
    """Sign one device of an account out. Raises `NotFound` where the account has no such device."""
    own = delete(SignIn).where(col(SignIn.id) == sign_in_id, col(SignIn.account_id) == account_id)
    if session.exec(own).rowcount != 1:
        raise NotFound


def discard(session: Session, sign_in_id: int) -> None:
    """Sign a device out; fine where it is out already."""
    session.exec(delete(SignIn).where(col(SignIn.id) == sign_in_id))


def end_all(session: Session, account_id: int, *, but: int | None = None) -> int:
    """Sign every device of an account out, but for one; return how many."""
    own = delete(SignIn).where(col(SignIn.account_id) == account_id)
    count: int = session.exec(own if but is None else own.where(col(SignIn.id) != but)).rowcount
    return count


def forget_old(session: Session, now: datetime) -> int:
    """Delete devices that cannot be signed in any more; return how many."""
    count: int = session.exec(delete(SignIn).where(col(SignIn.created_at) < now - LONGEST)).rowcount
    return count
