"""Staff accounts: a lead looks after their own office's, an administrator after all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import aliased
from sqlmodel import Session, col, delete, func, select

from lotsen.models import AccessEntry, Account, Link, LinkKind, Municipality, Passkey, Referrer
from lotsen.models.audit import Granted
from lotsen.models.second_factor import Authenticator
from lotsen.rules.errors import Conflict, NotAllowed, NotFound
from lotsen.rules.sessions import STAFF
from lotsen.rules.vocabulary import ReferrerKind, Role
from lotsen.services import accounts, links, second_factor, sessions
from lotsen.services.paging import PER_PAGE, Page, offset, within


class AddressTaken(Conflict):
    """The address has an account."""

    code = "address_taken"


class Oneself(NotAllowed):
    """Nobody removes their own account: somebody must be left who can."""

    code = "oneself"


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """Whom to let in, and as what."""

    email: str
    name: str
    role: Role
    is_lead: bool = False
    municipality_id: int | None = None
    #: Referrers only: the organisation, by name; it is made where the office has none of that name.
    organisation: str = ""
    kind: ReferrerKind = ReferrerKind.IMMIGRATION_OFFICE
    #: Reviewers only: the languages whose texts they read.
    reads: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class Colleague:
    """One line of the list."""

    account: Account
    municipality: str | None
    has_factor: bool


def may_manage(account: Account) -> bool:
    """Whether somebody looks after staff accounts."""
    return account.role is Role.ADMIN or (account.role is Role.COORDINATOR and account.is_lead)


def roles_for(account: Account) -> tuple[Role, ...]:
    """Return the roles that somebody may give. Raises `NotFound`."""
    if not may_manage(account):
        raise NotFound
    own = (Role.COORDINATOR, Role.REFERRER)
    return (*own, Role.EVALUATOR, Role.REVIEWER, Role.ADMIN) if account.role is Role.ADMIN else own


def listed(session: Session, by: Account, number: int = 1, *, size: int = PER_PAGE) -> Page[Colleague]:
    """Return page `number` of the staff accounts that `by` looks after. Raises `NotFound`."""
    conditions: list[Any] = [col(Account.role).in_(roles_for(by))]
    if by.role is not Role.ADMIN:
        conditions.append(col(Account.municipality_id) == by.municipality_id)
    total = session.exec(select(func.count(col(Account.id))).where(*conditions)).one()
    app = select(Authenticator.account_id).where(
        Authenticator.account_id == Account.id, col(Authenticator.confirmed_at).is_not(None)
    )
    key = select(Passkey.id).where(Passkey.account_id == Account.id)
    query = (
        select(Account, Municipality.name, app.exists() | key.exists())
        .join(Municipality, col(Municipality.id) == col(Account.municipality_id), isouter=True)
        .where(*conditions)
        .order_by(col(Account.active).desc(), col(Municipality.name), col(Account.name), col(Account.id))
    )
    number = within(number, total)
    rows = session.exec(query.limit(size).offset(offset(number)))
    return Page([Colleague(*row) for row in rows], number, total)


def invite(session: Session, invitation: Invitation, by: Account, now: datetime) -> Account:
    """Make an account and write a mail with the link that sets its password. Raises as `create` does."""
    account = create(session, invitation, by, now)
    links.send(session, LinkKind.INVITATION, account, now)
    return account


def create(session: Session, invitation: Invitation, by: Account | None, now: datetime) -> Account:
    """Make an account that nobody can use yet; `by` is nobody on the command line.

    Raises `NotFound` (a role or municipality that is not `by`'s to give), `AddressTaken`.
    """
    municipality_id = _place(session, invitation, by)
    if accounts.by_email(session, invitation.email) is not None:
        raise AddressTaken
    account = accounts.open_account(
        session,
        invitation.role,
        now,
        email=invitation.email,
        municipality_id=municipality_id,
        referrer_id=_organisation(session, invitation, municipality_id),
        name=invitation.name,
        is_lead=invitation.is_lead and invitation.role is Role.COORDINATOR,
        reads=invitation.reads if invitation.role is Role.REVIEWER else (),
    )
    _note(session, Granted.INVITED, account, by, now)
    return account


def _note(session: Session, did: Granted, account: Account, by: Account | None, now: datetime) -> None:
    """Write down who let whom in or out, in the transaction that does it."""
    session.add(
        AccessEntry(
            at=now, municipality_id=account.municipality_id, by_id=by.id if by else None, account_id=account.id or 0,
            did=did, role=account.role, is_lead=account.is_lead,
        )
    )  # fmt: skip


def history(session: Session, by: Account, limit: int = 20) -> list[tuple[AccessEntry, Account | None, Account]]:
    """Return the newest entries on whom `by` looks after: entry, who did it, to whom. Raises `NotFound`."""
    roles_for(by)
    doer, whom = aliased(Account), aliased(Account)
    query = (
        select(AccessEntry, doer, whom)
        .outerjoin(doer, doer.id == AccessEntry.by_id)  # type: ignore[arg-type]  # a column, as a class has it
        .join(whom, whom.id == AccessEntry.account_id)  # type: ignore[arg-type]
    )
    if by.role is not Role.ADMIN:
        query = query.where(AccessEntry.municipality_id == by.municipality_id)
    newest = query.order_by(col(AccessEntry.at).desc(), col(AccessEntry.id).desc()).limit(limit)
    return [(entry, who, colleague) for entry, who, colleague in session.exec(newest)]


def _place(session: Session, invitation: Invitation, by: Account | None) -> int | None:
    if by is not None and invitation.role not in roles_for(by):
        raise NotFound
    if by is not None and by.role is not Role.ADMIN:
        return by.municipality_id
    if invitation.role in {Role.EVALUATOR, Role.REVIEWER, Role.ADMIN}:
        return None
    if session.get(Municipality, invitation.municipality_id or 0) is None:
        raise NotFound
    return invitation.municipality_id


def _organisation(session: Session, invitation: Invitation, municipality_id: int | None) -> int | None:
    if invitation.role is not Role.REFERRER or municipality_id is None:
        return None
    same = select(Referrer).where(Referrer.municipality_id == municipality_id, Referrer.name == invitation.organisation)
    found = session.exec(same).first()
    if found is None:
        found = Referrer(municipality_id=municipality_id, kind=invitation.kind, name=invitation.organisation)
        session.add(found)
        session.flush()
    return found.id


def colleague(session: Session, account_id: int, by: Account) -> Account:
    """Return an account that `by` looks after. Raises `NotFound`."""
    account = session.get(Account, account_id, populate_existing=True)
    if account is None or account.role not in roles_for(by) or account.role not in STAFF:
        raise NotFound
    if by.role is not Role.ADMIN and account.municipality_id != by.municipality_id:
        raise NotFound
    return account


def set_active(session: Session, account_id: int, by: Account, now: datetime, *, active: bool) -> Account:
    """Let a colleague in again, or out at once: sessions and links end. Raises `NotFound`, `Oneself`."""
    account = colleague(session, account_id, by)
    if account.id == by.id:
        raise Oneself
    if account.active is active:
        return account
    account.active = active
    session.add(account)
    _note(session, Granted.REOPENED if active else Granted.CLOSED, account, by, now)
    if not active:
        sessions.end_all(session, account_id)
        session.exec(delete(Link).where(col(Link.account_id) == account_id))
    return account


def reviewer(session: Session, account_id: int, by: Account) -> Account:
    """Return the account of somebody who reads translations. Raises `NotFound`."""
    account = colleague(session, account_id, by)
    if account.role is not Role.REVIEWER:
        raise NotFound
    return account


def set_languages(session: Session, account_id: int, by: Account, reads: Sequence[str], now: datetime) -> Account:
    """Say whose texts a reviewer reads from now on. Raises `NotFound`."""
    account = reviewer(session, account_id, by)
    if set(account.reads) != set(reads):
        account.reads = list(reads)
        session.add(account)
        _note(session, Granted.LANGUAGES, account, by, now)
    return account


def invite_again(session: Session, account_id: int, by: Account, now: datetime) -> Account:
    """Send a fresh link to set a password. Raises `NotFound`, `Conflict` where the account is not active."""
    account = colleague(session, account_id, by)
    if not account.active:
        raise Conflict
    links.send(session, LinkKind.INVITATION, account, now)
    _note(session, Granted.INVITED_AGAIN, account, by, now)
    return account


def reset_factor(session: Session, account_id: int, by: Account, now: datetime) -> Account:
    """Take a colleague's second factor out of use: they set up a new one. Raises `NotFound`, `Oneself`."""
    account = colleague(session, account_id, by)
    if account.id == by.id:
        raise Oneself
    second_factor.reset(session, account_id)
    _note(session, Granted.RESET, account, by, now)
    return account
