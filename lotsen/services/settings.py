"""A municipality's settings: read by its office, changed by its lead or an administrator, each change written down."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlmodel import Session, col, select

from lotsen.models import Account, Event, Municipality
from lotsen.rules.errors import Conflict, DomainError, NotFound
from lotsen.rules.pairing import Side
from lotsen.rules.settings import Settings, contradictions
from lotsen.rules.vocabulary import Role
from lotsen.services import colleagues, weighing

#: An event about one setting: `reason` is its name, `note` what it was and what it became, as JSON.
CHANGED: Final = "setting_changed"
#: So many changes are listed.
_LISTED: Final = 30


class Change(NamedTuple):
    """Who changed what when; of the matcher's weights `name` is empty, and `after` says `distance 1 → 1.5`."""

    at: datetime
    by: str
    name: str
    before: Any
    after: Any


def seen(session: Session, by: Account, municipality_id: int) -> Municipality:
    """Return a municipality whose settings `by` may read. Raises `NotFound`."""
    office = session.get(Municipality, municipality_id)
    own = by.role is Role.COORDINATOR and by.municipality_id == municipality_id
    if office is None or not (own or by.role is Role.ADMIN):
        raise NotFound
    return office


def held(session: Session, by: Account, municipality_id: int) -> Municipality:
    """Return a municipality that `by` may change, its row locked until the end. Raises `NotFound`."""
    if not colleagues.may_manage(by):
        raise NotFound
    seen(session, by, municipality_id)
    return session.get_one(Municipality, municipality_id, with_for_update=True, populate_existing=True)


def state(settings: Settings, names: Iterable[str]) -> str:
    """Return a mark of some settings as they are: who saves says by it what they saw."""
    return mark([getattr(settings, name) for name in names])


def mark(values: object) -> str:
    """Return a short mark of plain values."""
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()[:16]


def save(session: Session, by: Account, municipality_id: int, values: dict[str, Any], saw: str, now: datetime) -> bool:
    """Use other settings from now on. Raises `NotFound`, `Conflict` (changed since they were seen)."""
    office = held(session, by, municipality_id)
    before = office.settings
    if state(before, values) != saw:
        raise Conflict
    after = Settings.model_validate(before.model_dump() | values)
    if wrong := contradictions(after).keys() & values.keys():
        raise DomainError(settings=sorted(wrong))
    for name in values:
        note(session, office, by, now, name, getattr(before, name), getattr(after, name))
    office.settings_changes = after.model_dump(mode="json", exclude_defaults=True)
    session.add(office)
    return True


def note(
    session: Session, office: Municipality, by: Account | None, now: datetime, name: str, before: object, after: object
) -> None:
    """Write down that something of an office was changed, if it was; `by` is nobody where another office did it."""
    if before == after:
        return
    session.add(
        Event(
            at=now, municipality_id=office.id or 0, what=CHANGED, side=Side.OFFICE,
            account_id=by.id if by else None, reason=name, note=json.dumps([before, after], ensure_ascii=False),
        )
    )  # fmt: skip


def changes(session: Session, municipality_id: int, what: Sequence[str] = (CHANGED, weighing.CHANGED)) -> list[Change]:
    """Return the latest changes of an office, the newest first."""
    query = select(Event, Account.name).outerjoin(Account, col(Account.id) == Event.account_id)
    own = query.where(Event.municipality_id == municipality_id, col(Event.what).in_(what))
    rows = session.exec(own.order_by(col(Event.at).desc(), col(Event.id).desc()).limit(_LISTED))
    return [_change(event, name or "") for event, name in rows]


def _change(event: Event, by: str) -> Change:
    if event.what == weighing.CHANGED:
        return Change(event.at, by, "", "", event.note or "")
    before, after = json.loads(event.note) if event.note else ("", "")
    return Change(event.at, by, event.reason or "", before, after)
