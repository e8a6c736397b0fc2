"""Links in mails that work once: opening the page changes nothing, pressing its button uses the link up."""

from datetime import datetime, timedelta
from typing import Final

from sqlmodel import Session, col, delete, select, update

from lotsen import crypto
from lotsen.models import Account, Link, LinkKind, Mail, Person
from lotsen.rules.errors import DomainError
from lotsen.services import mails

LIFETIMES: Final = {
    LinkKind.SIGN_IN: timedelta(minutes=10),
    LinkKind.PASSWORD: timedelta(minutes=30),
    LinkKind.INVITATION: timedelta(days=7),
}
#: Mail and page of each kind.
MAILS: Final = {
    LinkKind.SIGN_IN: ("sign_in_link", "/login/open"),
    LinkKind.PASSWORD: ("office_new_password", "/login/password"),
    LinkKind.INVITATION: ("office_invitation", "/login/password"),
}
TEMPLATES: Final = frozenset(template for template, _path in MAILS.values())


class LinkGone(DomainError):
    """Used, too old, or never ours: which of them stays unsaid."""

    code = "link_gone"


def send(session: Session, kind: LinkKind, account: Account, now: datetime, *, to: Person | None = None) -> str:
    """Write a mail with a fresh link, which replaces the unused ones of its kind; return the link's key."""
    key = issue(session, kind, account, now)
    template, path = MAILS[kind]
    digest = crypto.digest(kind, key)
    mails.enqueue(session, template, to or account, f"link:{digest}", now, secret=key, path=path)
    return key


def issue(session: Session, kind: LinkKind, account: Account, now: datetime) -> str:
    """Return the key of a fresh link, which replaces the unused ones of its kind."""
    session.exec(delete(Link).where(col(Link.account_id) == account.id, col(Link.kind) == kind))
    key = crypto.new_key()
    session.add(
        Link(
            kind=kind, digest=crypto.digest(kind, key), account_id=account.id or 0, created_at=now,
            expires_at=now + LIFETIMES[kind],
        )
    )  # fmt: skip
    session.flush()
    return key


def usable(session: Session, kinds: tuple[LinkKind, ...], key: str, now: datetime) -> bool:
    """Whether a link would work now; looking uses nothing up."""
    digests = [crypto.digest(kind, key) for kind in kinds]
    query = select(Link.id).where(col(Link.digest).in_(digests), col(Link.used_at).is_(None))
    return session.exec(query.where(col(Link.expires_at) > now)).first() is not None


def use(session: Session, kinds: tuple[LinkKind, ...], key: str, now: datetime) -> Account:
    """Use a link up and return its account: one of any number of simultaneous calls. Raises `LinkGone`."""
    digests = [crypto.digest(kind, key) for kind in kinds]
    unused = (
        update(Link)
        .where(col(Link.digest).in_(digests), col(Link.used_at).is_(None), col(Link.expires_at) > now)
        .values(used_at=now)
        .returning(col(Link.account_id))
    )
    account_id = session.scalars(unused).first()
    account = session.get(Account, account_id, populate_existing=True) if account_id else None
    if account is None or not account.active:
        raise LinkGone
    return account


def forget_old(session: Session, now: datetime) -> int:
    """Delete links that do not work any more; return how many."""
    count: int = session.exec(delete(Link).where(col(Link.expires_at) < now)).rowcount
    return count


def of_mail(mail: Mail) -> dict[str, str]:
    """Return what a mail's address carries besides its path: the link's key, where the mail holds one."""
    return {"token": mail.secret} if mail.template in TEMPLATES and mail.secret else {}
