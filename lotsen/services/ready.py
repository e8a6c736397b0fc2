"""Guides kept ready in the web process: one newcomer's best five at once, fresh whenever a guide changes.

Every change of a guide, and every step of a pairing that takes or frees a place, writes an event in its own
transaction. So the latest events say whether anything changed, and those not yet seen say who. Transactions end in
another order than their events are numbered: the last few hundred are compared each time, one by one.
"""

from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from sqlalchemy import bindparam
from sqlmodel import Session, col, func, select

from lotsen.models import Event, Guide, Person
from lotsen.rules.settings import Weighing
from lotsen.services import model, profiles
from lotsen.services.profiles import Land, Row

if TYPE_CHECKING:
    from matching import Pair
    from matching.shortlist import Shortlist

#: No transaction that is still open has an event older than so many.
_OVERLAP: Final = 200
#: Beyond so many events everything is read anew.
_MANY: Final = 5000
_LATEST: Final = select(Event.id, Event.guide_id).where(col(Event.id) > bindparam("after")).limit(_MANY + 1)
_TOUCHED: Any = (
    select(Guide, Person)
    .join(Person, col(Person.id) == Guide.person_id)
    .where(col(Guide.id).in_(bindparam("guides", expanding=True)))
)

#: What the whole list depends on: the day, the weights of the neighbourhood's offices, the model.
Key = tuple[date, tuple[tuple[int, Weighing], ...], object]


@dataclass(slots=True)
class _List:
    key: Key
    #: The latest events that the list knows of: their numbers.
    seen: set[int]
    shortlist: "Shortlist"
    rows: dict[str, Row]


@dataclass(slots=True)
class Ready:
    """The shortlists of one process: one for each municipality that asked, under a lock."""

    _lists: dict[int, _List] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def top(
        self,
        session: Session,
        land: Land,
        municipality_id: int,
        newcomer: Row,
        excluded: set[tuple[str, str]],
        count: int,
    ) -> "list[Pair]":
        """Return the best `count` guides for one newcomer, its open borders included."""
        with self._lock:
            kept = self._fresh(session, land, municipality_id)
            return kept.shortlist.top(newcomer, count, excluded=excluded)

    def _fresh(self, session: Session, land: Land, municipality_id: int) -> _List:
        around = land.around(municipality_id)
        weighings = tuple((number, land.offices[number].settings.weighing) for number in sorted(around))
        key: Key = (land.today, weighings, model.current())
        kept = self._lists.get(municipality_id)
        latest = _latest(session, max(kept.seen, default=0)) if kept else {}
        if kept is None or kept.key != key or len(latest) > _MANY or max(latest, default=0) < max(kept.seen, default=0):
            kept = _read(session, land, municipality_id, key)
            self._lists[municipality_id] = kept
        elif unseen := latest.keys() - kept.seen:
            _refresh(session, land, around, kept, {latest[number] for number in unseen})
            kept.seen = set(latest)
        return kept


def _latest(session: Session, newest: int) -> dict[int, int | None]:
    """Return whom the last events up to the one numbered `newest`, and all since, are about: guides by event."""
    return {event or 0: guide for event, guide in session.execute(_LATEST, {"after": newest - _OVERLAP})}


def _read(session: Session, land: Land, municipality_id: int, key: Key) -> _List:
    from lotsen.services import tuning  # noqa: PLC0415 -- it loads the matcher
    from matching.shortlist import Shortlist  # noqa: PLC0415 -- it loads the matcher

    seen = set(_latest(session, session.exec(select(func.max(Event.id))).one() or 0))
    known = profiles.guides(session, land.around(municipality_id))
    rows = {number: land.guide(*pair) for number, pair in known.items()}
    matcher = tuning.matcher(land.offices[municipality_id].settings.weighing)
    return _List(key, seen, Shortlist(rows.values(), matcher), rows)


def _refresh(session: Session, land: Land, around: set[int], kept: _List, touched: set[int | None]) -> None:
    """Put the guides whom events have touched."""
    for guide, person in session.execute(_TOUCHED, {"guides": [number for number in touched if number]}):
        number = str(guide.id)
        if guide.municipality_id not in around:
            if kept.rows.pop(number, None):  # moved away
                kept.shortlist.remove(number)
            continue
        row = land.guide(guide, person)
        if kept.rows.get(number) != row:
            kept.rows[number] = row
            kept.shortlist.put(row)
