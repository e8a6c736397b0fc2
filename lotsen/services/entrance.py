"""Links by mail for whoever has no password at hand: the same for known and unknown addresses, but for the mail."""

from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from lotsen.models import Account, LinkKind, Person
from lotsen.rules.sessions import STAFF
from lotsen.rules.vocabulary import Role
from lotsen.services import accounts, guides, links, passwords

#: A family may share an address; so many of its requests get a link, the newest first.
_MOST: Final = 5


def send_links(session: Session, email: str, now: datetime) -> int:
    """Write to whoever is known under `email`; return how many mails. Costs the same time for unknown addresses.

    Guides and newcomers get a link to sign in, staff one to set a new password: their second factor comes after it.
    A guide whose address is not confirmed gets the link to confirm it.
    """
    passwords.spend_time()
    account = accounts.by_email(session, email)
    if account is None or not account.active:
        return len([links.send(session, LinkKind.SIGN_IN, own, now, to=who) for own, who in _newcomers(session, email)])
    if account.role in STAFF:
        links.send(session, LinkKind.PASSWORD, account, now)
    elif not guides.confirm_again(session, email, now):
        links.send(session, LinkKind.SIGN_IN, account, now)
    return 1


def _newcomers(session: Session, email: str) -> list[tuple[Account, Person]]:
    """Return the newcomers who gave this address: they sign in by their code, or by a link."""
    query = (
        select(Account, Person)
        .join(Person, col(Person.id) == col(Account.person_id))
        .where(Account.role == Role.NEWCOMER, col(Account.active), col(Person.email).in_({email, email.lower()}))
        .order_by(col(Account.id).desc())
    )
    return list(session.exec(query.limit(_MOST)))


def sign_in(session: Session, key: str, now: datetime) -> Account:
    """Use a sign-in link up. Raises `links.LinkGone`."""
    return links.use(session, (LinkKind.SIGN_IN,), key, now)


#: Links that let somebody choose a password.
PASSWORD_LINKS: Final = (LinkKind.PASSWORD, LinkKind.INVITATION)


def set_password(session: Session, key: str, password: str, now: datetime) -> Account:
    """Set a password by a link and end every session; a weak one leaves the link as it was.

    Raises `links.LinkGone`, `passwords.WeakPassword`.
    """
    account = links.use(session, PASSWORD_LINKS, key, now)
    accounts.change_password(session, account.id or 0, password)
    accounts.confirm_email(session, account.id or 0, now)
    return account
