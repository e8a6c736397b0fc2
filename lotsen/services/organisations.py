"""The organisations that refer people: a lead looks after their own municipality's, an administrator after all."""

from dataclasses import dataclass
from typing import Any

from sqlmodel import Session, col, func, select

from lotsen.models import Account, ApiToken, Municipality, Referral, Referrer
from lotsen.rules.errors import Conflict, NotFound
from lotsen.rules.vocabulary import ReferrerKind, Role
from lotsen.services.colleagues import may_manage
from lotsen.services.paging import PER_PAGE, Page, offset, within


class NameTaken(Conflict):
    """The municipality has an organisation of this name."""

    code = "name_taken"


@dataclass(frozen=True, slots=True)
class Line:
    """One organisation: how many people may refer, how many systems, how many people were referred."""

    organisation: Referrer
    municipality: str
    people: int
    tokens: int
    referrals: int


def listed(session: Session, by: Account, number: int = 1, *, size: int = PER_PAGE) -> Page[Line]:
    """Return page `number` of the organisations that `by` looks after, by name. Raises `NotFound`."""
    if not may_manage(by):
        raise NotFound
    own: list[Any] = [] if by.role is Role.ADMIN else [Referrer.municipality_id == by.municipality_id]
    total = session.exec(select(func.count(col(Referrer.id))).where(*own)).one()
    number = within(number, total)
    people = _count(Account, col(Account.active))
    columns: Any = (
        Referrer, Municipality.name, people, _count(ApiToken, col(ApiToken.revoked_at).is_(None)), _count(Referral),
    )  # fmt: skip
    query = select(*columns).join(Municipality, col(Municipality.id) == col(Referrer.municipality_id)).where(*own)
    query = query.order_by(col(Municipality.name), col(Referrer.name), col(Referrer.id))
    rows = session.exec(query.limit(size).offset(offset(number)))
    return Page([Line(*row) for row in rows], number, total)


def _count(model: Any, *conditions: Any) -> Any:
    """How many rows of `model` belong to an organisation."""
    counted = select(func.count(model.id)).where(model.referrer_id == Referrer.id, *conditions)
    return counted.correlate(Referrer).scalar_subquery()


def one(session: Session, referrer_id: int, by: Account) -> Referrer:
    """Return an organisation that `by` looks after. Raises `NotFound`."""
    found = session.get(Referrer, referrer_id)
    if found is None or not may_manage(by):
        raise NotFound
    if by.role is not Role.ADMIN and found.municipality_id != by.municipality_id:
        raise NotFound
    return found


def people(session: Session, referrer_id: int) -> list[Account]:
    """Return the accounts of those who refer people for an organisation, closed ones last."""
    query = select(Account).where(Account.referrer_id == referrer_id)
    return list(session.exec(query.order_by(col(Account.active).desc(), col(Account.name), col(Account.id))))


def add(session: Session, by: Account, name: str, kind: ReferrerKind, municipality_id: int | None = None) -> Referrer:
    """Add an organisation; an administrator says where. Raises `NotFound`, `NameTaken`."""
    place = municipality_id if by.role is Role.ADMIN else by.municipality_id
    if not may_manage(by) or session.get(Municipality, place or 0) is None:
        raise NotFound
    _refuse_double(session, place, name)
    added = Referrer(municipality_id=place or 0, kind=kind, name=name)
    session.add(added)
    session.flush()
    return added


def change(session: Session, referrer_id: int, by: Account, name: str, kind: ReferrerKind) -> Referrer:
    """Change an organisation's name and kind. Raises `NotFound`, `NameTaken`."""
    found = one(session, referrer_id, by)
    _refuse_double(session, found.municipality_id, name, but=referrer_id)
    found.name, found.kind = name, kind
    session.add(found)
    return found


def _refuse_double(session: Session, municipality_id: int | None, name: str, but: int | None = None) -> None:
    same = select(Referrer.id).where(Referrer.municipality_id == municipality_id, Referrer.name == name)
    if session.exec(same.where(col(Referrer.id) != but)).first() is not None:
        raise NameTaken
