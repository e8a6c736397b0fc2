"""Guides kept ready in the web process: one newcomer's best five at once, fresh whenever a guide changes.

Every change of a guide, and every step of a pairing that takes or frees a place, writes an event in its own
transaction. So the newest event's number says whether anything changed, and the events since say who.
"""

from dataclasses import dataclass, field
from datetime import date
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

from sqlmodel import Session, col, func, select

from lotsen.models import Event, Guide, Person
from lotsen.rules.settings import Weighing
from lotsen.rules.vocabulary import RequestKind, Takes
from lotsen.services import model, profiles
from lotsen.services.profiles import Land, Row

if TYPE_CHECKING:
    from matching import Pair
    from matching.shortlist import Shortlist

#: Transactions end in another order than their events are numbered, so some earlier ones are looked at again.
_OVERLAP: Final = 200
#: Beyond so many events everything is read anew.
_MANY: Final = 5000

#: What the whole list depends on: the day, the weights of the neighbourhood's offices, the model.
Key = tuple[date, tuple[tuple[int, Weighing], ...], object]


@dataclass(slots=True)
class _List:
    key: Key
    newest: int
    shortlist: "Shortlist"
    rows: dict[str, Row]
    #: Guides who take one kind of request only.
    choosy: dict[str, Takes]


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
        kind: RequestKind,
        excluded: set[tuple[str, str]],
        count: int,
    ) -> "list[Pair]":
        """Return the best `count` guides for one newcomer's request of a `kind`, its open borders included."""
        with self._lock:
            kept = self._fresh(session, land, municipality_id)
            unsuited = {(newcomer["id"], number) for number, takes in kept.choosy.items() if not takes.suits(kind)}
            return kept.shortlist.top(newcomer, count, excluded=excluded | unsuited)

    def _fresh(self, session: Session, land: Land, municipality_id: int) -> _List:
        around = land.around(municipality_id)
        weighings = tuple((number, land.offices[number].settings.weighing) for number in sorted(around))
        key: Key = (land.today, weighings, model.current())
        newest = session.exec(select(func.max(Event.id))).one() or 0
        found = self._lists.get(municipality_id)
        if found is None or found.key != key or newest < found.newest or newest - found.newest > _MANY:
            found = _read(session, land, municipality_id, key, newest)
            self._lists[municipality_id] = found
        elif newest != found.newest:
            _refresh(session, land, around, found, newest)
        return found


def _read(session: Session, land: Land, municipality_id: int, key: Key, newest: int) -> _List:
    from lotsen.services import tuning  # noqa: PLC0415 -- it loads the matcher
    from matching.shortlist import Shortlist  # noqa: PLC0415 -- it loads the matcher

    known = profiles.guides(session, land.around(municipality_id))
    rows = {number: land.guide(*pair) for number, pair in known.items()}
    matcher = tuning.matcher(land.offices[municipality_id].settings.weighing)
    choosy: dict[str, Takes] = {
        number: guide.takes for number, (guide, _) in known.items() if guide.takes is not Takes.BOTH
    }
    return _List(key, newest, Shortlist(rows.values(), matcher), rows, choosy)


def _refresh(session: Session, land: Land, around: set[int], kept: _List, newest: int) -> None:
    """Put the guides whom an event has touched since."""
    since = select(Event.guide_id).where(col(Event.id) > kept.newest - _OVERLAP, col(Event.guide_id).is_not(None))
    query: Any = select(Guide, Person).join(Person, col(Person.id) == Guide.person_id)
    for guide, person in session.exec(query.where(col(Guide.id).in_(since))).all():
        if guide.municipality_id not in around and str(guide.id) not in kept.rows:
            continue  # somebody else's; one who has moved away is put as such, and no rule lets them be proposed here
        row = land.guide(guide, person)
        kept.choosy[str(guide.id)] = guide.takes
        if kept.rows.get(str(guide.id)) != row:
            kept.rows[str(guide.id)] = row
            kept.shortlist.put(row)
    kept.newest = newest
