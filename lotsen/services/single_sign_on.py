"""A municipality's identity provider: its settings, and whose account a signed-in address is."""

from dataclasses import dataclass

from sqlmodel import Session, col, select

from lotsen.models import Account, Municipality, SingleSignOn
from lotsen.rules.errors import NotFound
from lotsen.rules.vocabulary import Role
from lotsen.services import accounts, colleagues

#: Roles of a municipality: evaluators and administrators belong to none.
ROLES = frozenset({Role.COORDINATOR, Role.REFERRER})


@dataclass(frozen=True, slots=True, kw_only=True)
class Provider:
    """What an office enters. An empty secret keeps the one that is stored."""

    issuer: str
    client_id: str
    client_secret: str
    email_domain: str
    active: bool


def managed(session: Session, municipality_id: int, by: Account) -> Municipality:
    """Return a municipality whose settings `by` may change. Raises `NotFound`."""
    office = session.get(Municipality, municipality_id)
    if office is None or not colleagues.may_manage(by):
        raise NotFound
    if by.role is not Role.ADMIN and by.municipality_id != municipality_id:
        raise NotFound
    return office


def save(session: Session, municipality_id: int, provider: Provider, by: Account) -> SingleSignOn:
    """Store an office's provider. Raises `NotFound`."""
    managed(session, municipality_id, by)
    found = session.get(SingleSignOn, municipality_id)
    stored = found or SingleSignOn(
        municipality_id=municipality_id, issuer="", client_id="", client_secret=None, email_domain=""
    )
    stored.issuer, stored.client_id = provider.issuer.rstrip("/"), provider.client_id
    stored.email_domain, stored.active = provider.email_domain.lower(), provider.active
    stored.client_secret = provider.client_secret or stored.client_secret
    session.add(stored)
    return stored


def stored(session: Session, municipality_id: int) -> SingleSignOn | None:
    """Return an office's provider, whether in use or not."""
    return session.get(SingleSignOn, municipality_id)


def in_use(session: Session, municipality_id: int) -> SingleSignOn:
    """Return an office's provider. Raises `NotFound` where it has none in use."""
    found = session.get(SingleSignOn, municipality_id)
    if found is None or not found.active:
        raise NotFound
    return found


def offices(session: Session) -> list[Municipality]:
    """Return the offices whose staff sign in with their account at work, by name."""
    using = select(Municipality).join(SingleSignOn).where(col(SingleSignOn.active))
    return list(session.exec(using.order_by(col(Municipality.name))))


def match(session: Session, provider: SingleSignOn, email: str) -> Account | None:
    """Return the active staff account of this municipality with that address; nobody is let in who has none."""
    address = email.strip().lower()
    if address.rpartition("@")[2] != provider.email_domain:
        return None
    account = accounts.by_email(session, address)
    own = account is not None and account.municipality_id == provider.municipality_id and account.role in ROLES
    return account if own and account is not None and account.active else None
