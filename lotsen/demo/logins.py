"""The demo's accounts: one password for all of them, one address each that says who it is."""

from datetime import datetime
from functools import cache
from typing import Any, Final

from sqlmodel import Session, col, select

from lotsen import crypto
from lotsen.models import Account, Municipality
from lotsen.rules.vocabulary import Role
from lotsen.services import accounts

PASSWORD: Final = "willkommen in Niedersachsen"  # noqa: S105 -- the demo's, and the demo is refused in production
#: Status codes of the two newcomers, addressed by their login's name.
CODES: Final = {"newcomer": "DEM0-AMA1-2026", "newcomer2": "DEM0-B0R1-2026"}
#: The order in which logins are listed; these first, then the other municipalities' offices.
_ORDER: Final = (
    "newcomer", "newcomer2", "guide", "coordinator", "coordinator2", "lead", "referrer", "evaluator", "reviewer",
    "admin",
)  # fmt: skip


def address(name: str) -> str:
    """Return the demo's e-mail address for `name`, in a domain that nobody can own."""
    return f"{name}@example.org"


@cache
def password_hash() -> str:
    """Return the hash of the demo's password: hashed once, for hashing is slow on purpose."""
    return accounts.hash_password(PASSWORD)


def account(session: Session, role: Role, now: datetime, email: str, **values: Any) -> Account:
    """Add an account that signs in with the demo's password."""
    added = accounts.open_account(session, role, now, email=email, **values)
    return unlock(session, added, now)


def unlock(session: Session, opened: Account, now: datetime, login: str | None = None) -> Account:
    """Let an account sign in with the demo's password; `login` also gives it an address and, if it has one, a code."""
    if login:
        opened.email = address(login)
        opened.code_digest = crypto.code_digest(CODES[login]) if login in CODES else opened.code_digest
    opened.password_hash = password_hash()
    opened.email_confirmed_at = now
    session.add(opened)
    return opened


def listing(session: Session, base_url: str) -> list[dict[str, str | None]]:
    """Return the demo's logins, the best ones to look around with first; empty where there is no demo data."""
    query = (
        select(Account, Municipality.name)
        .join(Municipality, col(Municipality.id) == col(Account.municipality_id), isouter=True)
        .where(col(Account.email).in_([address(name) for name in _ORDER]) | (Account.role == Role.COORDINATOR))
        .where(Account.password_hash.is_not(None))  # type: ignore[union-attr]  # a column
        .where(select(Municipality.id).where(col(Municipality.demo)).exists())
    )
    rank = {address(name): number for number, name in enumerate(_ORDER)}
    found = sorted(session.exec(query), key=lambda row: (rank.get(row[0].email or "", len(rank)), row[0].id))
    return [_entry(account, municipality, base_url) for account, municipality in found]


def _entry(account: Account, municipality: str | None, base_url: str) -> dict[str, str | None]:
    login = account.email or ""
    entry = {
        "role": str(account.role),
        "municipality": municipality,
        "login": login,
        "password": PASSWORD,
        "url": f"{base_url}/login",
    }
    code = CODES.get(login.partition("@")[0])
    return entry | ({"code": code} if code else {})
