"""Colleagues who are away: their tasks are their substitute's meanwhile, in the worklist and in the morning's mail."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, or_, select

from lotsen.models import Absence, Account
from lotsen.rules.errors import DomainError, NotFound
from lotsen.rules.vocabulary import Role
from lotsen.services.actor import Actor


class BadAbsence(DomainError):
    """These days are over or turned round, or one of the two is away or stands in for somebody already."""

    code = "bad_absence"


@dataclass(frozen=True, slots=True)
class Away:
    """One line of the list."""

    absence: Absence
    name: str
    substitute: str


def stands_in_for(session: Session, account_id: int | None, today: date) -> frozenset[int | None]:
    """Return whose tasks are somebody's today: their own, and those of the colleagues they stand in for."""
    query = select(Absence.account_id).where(Absence.substitute_id == account_id, *_on(today))
    return frozenset({account_id, *session.exec(query)}) if account_id else frozenset()


def today_away(session: Session, municipality_id: int, today: date) -> dict[int, Absence]:
    """Return an office's absences of today by the account that is away."""
    query = select(Absence).where(Absence.municipality_id == municipality_id, *_on(today))
    return {absence.account_id: absence for absence in session.exec(query)}


def listed(session: Session, municipality_id: int, today: date) -> list[Away]:
    """Return an office's absences of today and to come, the earliest first."""
    query = select(Absence).where(Absence.municipality_id == municipality_id, col(Absence.ends_on) >= today)
    found = session.exec(query.order_by(col(Absence.begins_on), col(Absence.id))).all()
    ids = {number for each in found for number in (each.account_id, each.substitute_id)}
    accounts = session.exec(select(Account.id, Account.name).where(col(Account.id).in_(ids)))
    names = {number: name for number, name in accounts}  # noqa: C416 -- rows are no pairs for mypy
    return [Away(each, names.get(each.account_id, ""), names.get(each.substitute_id, "")) for each in found]


def announce(
    session: Session, actor: Actor, account_id: int, substitute_id: int, begins_on: date, ends_on: date, today: date
) -> Absence:
    """Note that somebody is away: oneself, or a colleague where the lead says so.

    Raises `NotFound` for people who are no colleagues or not the actor's to speak for, `BadAbsence`.
    """
    away = _speaks_for(session, actor, account_id)
    substitute = _colleague(session, substitute_id, actor)
    if not today <= ends_on or begins_on > ends_on:
        raise BadAbsence("bad_days")
    if away.id == substitute.id:
        raise BadAbsence("own_substitute")
    _free(session, away, substitute, begins_on, ends_on)
    absence = Absence(
        municipality_id=away.municipality_id or 0,
        account_id=away.id or 0,
        substitute_id=substitute.id or 0,
        begins_on=begins_on,
        ends_on=ends_on,
    )
    session.add(absence)
    session.flush()
    return absence


def cancel(session: Session, absence_id: int, actor: Actor) -> None:
    """Take an absence back: the colleague is there. Raises `NotFound`."""
    absence = session.get(Absence, absence_id)
    if absence is None or absence.municipality_id != actor.municipality_id:
        raise NotFound
    _speaks_for(session, actor, absence.account_id)
    session.delete(absence)


def _speaks_for(session: Session, actor: Actor, account_id: int) -> Account:
    """Return the colleague, locked so that nobody notes down two absences at once. Raises `NotFound`."""
    account = _colleague(session, account_id, actor)
    if actor.account_id != account.id and not session.get_one(Account, actor.account_id).is_lead:
        raise NotFound
    return account


def _colleague(session: Session, account_id: int, actor: Actor) -> Account:
    account = session.get(Account, account_id, with_for_update=True)
    own = account is not None and account.municipality_id == actor.municipality_id
    if account is None or not own or account.role is not Role.COORDINATOR or not account.active:
        raise NotFound
    return account


def _free(session: Session, away: Account, substitute: Account, begins_on: date, ends_on: date) -> None:
    """See that no work falls between two absences: nobody stands in who is away, nobody is away who stands in."""
    query = select(Absence).where(
        or_(
            col(Absence.account_id).in_((away.id, substitute.id)),
            Absence.substitute_id == away.id,
        ),
        col(Absence.begins_on) <= ends_on,
        col(Absence.ends_on) >= begins_on,
    )
    for other in session.exec(query.limit(1)):
        if other.account_id == away.id:
            raise BadAbsence("away_already")
        raise BadAbsence("substitute_away" if other.account_id == substitute.id else "stands_in_then")


def _on(today: date) -> tuple[bool, bool]:
    return col(Absence.begins_on) <= today, col(Absence.ends_on) >= today  # type: ignore[return-value]  # conditions
