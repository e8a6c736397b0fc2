"""Which mails somebody does not want: chosen on a page of their own, or by the link at the end of a mail."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from sqlmodel import Session

from lotsen.models import Account, Municipality, Person
from lotsen.rules.errors import NotFound
from lotsen.rules.mail_kinds import OPTIONAL, MailKind, kind_of, optional_kinds

Reader = Person | Account


@dataclass(frozen=True, slots=True)
class Subscription:
    """One reader and one kind of mail: what the link at the end of a mail is signed for."""

    table: Literal["person", "account"]
    number: int
    kind: MailKind


def subscription(to: Reader | Municipality | None, template: str) -> Subscription | None:
    """Return what the reader of a mail may stop; None where nobody may, or an office's own address is written to."""
    kind = kind_of(template)
    if kind not in OPTIONAL or not isinstance(to, Person | Account):
        return None
    return Subscription("person" if isinstance(to, Person) else "account", to.id or 0, kind)


def wants(to: Reader | Municipality, template: str) -> bool:
    """Whether `to` is written this mail."""
    return isinstance(to, Municipality) or kind_of(template) not in to.muted


def gets(session: Session, about: Subscription) -> bool:
    """Whether the reader gets these mails now. Raises `NotFound` where they have gone."""
    return about.kind not in _reader(session, about.table, about.number).muted


def switch(session: Session, about: Subscription, on: bool) -> None:
    """Stop these mails or send them again; said twice, nothing more happens. Raises `NotFound`."""
    reader = _reader(session, about.table, about.number, lock=True)
    others = [kind for kind in reader.muted if kind != about.kind]
    reader.muted = others if on else [*others, about.kind]
    session.add(reader)


def of_account(session: Session, account: Account) -> list[MailKind]:
    """Return the kinds that the owner of `account` gets and could stop."""
    muted = _reader(session, *_owner(account)).muted
    return [kind for kind in optional_kinds(account.role) if kind not in muted]


def choose(session: Session, account: Account, wanted: Iterable[MailKind]) -> None:
    """Keep which of the mails that may be stopped the owner of `account` wants."""
    reader = _reader(session, *_owner(account), lock=True)
    reader.muted = [kind for kind in optional_kinds(account.role) if kind not in set(wanted)]
    session.add(reader)


def _owner(account: Account) -> tuple[Literal["person", "account"], int]:
    return ("person", account.person_id) if account.person_id else ("account", account.id or 0)


def _reader(session: Session, table: str, number: int, *, lock: bool = False) -> Reader:
    found: Reader | None
    if table == "person":
        found = session.get(Person, number, with_for_update=lock, populate_existing=lock)
    else:
        found = session.get(Account, number, with_for_update=lock, populate_existing=lock)
    if found is None:
        raise NotFound
    return found
