"""What is asked of one office and what its guides offer, by place, by language, by topic: counted by the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import case, func, or_, true
from sqlalchemy import select as columns
from sqlmodel import Session, col

from lotsen.models import Guide, Person, Request
from lotsen.rules.vocabulary import LEVELS, RequestState
from lotsen.services.narrowing import in_use

#: A language counts from B1 on: so much it takes to accompany somebody in it (hard rule 4).
ENOUGH: Final = LEVELS[LEVELS.index("B1") :]


@dataclass(frozen=True, slots=True)
class Balance:
    """What is asked and offered under one code: a postal code, a language, a topic."""

    code: str
    #: Newcomers without a guide.
    waiting: int = 0
    #: Guides who may be proposed, and how many more people they would take together.
    guides: int = 0
    free: int = 0


class Balances:
    """Counts one office's people whose data may be used: two queries for each kind of code."""

    def __init__(self, session: Session, municipality_id: int, today: date) -> None:
        self.session = session
        self.people = in_use(municipality_id)
        resumed = col(Guide.paused_until).is_not(None) & (col(Guide.paused_until) < today)
        interviewed, cleared = col(Guide.interview_on).is_not(None), col(Guide.cleared_on).is_not(None)
        self.ready = [interviewed, cleared, or_(~col(Guide.paused), resumed)]

    def places(self) -> list[Balance]:
        """Count by postal code."""
        postcode = col(Person.postcode)
        return _together(self._waiting(postcode), self._helping(postcode))

    def languages(self) -> list[Balance]:
        """Count by language that somebody speaks well enough; whoever speaks two counts twice."""
        spoken = self._entries("json_each_text", Person.languages)
        enough = spoken.c.value.in_(ENOUGH)
        return _together(self._waiting(spoken.c.key, spoken, enough), self._helping(spoken.c.key, spoken, enough))

    def topics(self) -> list[Balance]:
        """Count by topic; whoever names two counts twice."""
        asked = self._entries("json_array_elements_text", Request.topics)
        offered = self._entries("json_array_elements_text", Guide.topics)
        return _together(self._waiting(asked.c.value, asked), self._helping(offered.c.value, offered))

    def _waiting(self, code: Any, entries: Any = None, *where: Any) -> Sequence[Any]:
        asked = columns(code, func.count()).select_from(Request).join(Person, col(Person.id) == Request.person_id)
        asked = asked if entries is None else asked.join(entries, true())
        here = col(Request.municipality_id) == Person.municipality_id  # the same, but the index is on this one
        asked = asked.where(here, col(Request.state) == RequestState.OPEN, *self.people, *where)
        return self.session.execute(asked.group_by(code)).all()

    def _helping(self, code: Any, entries: Any = None, *where: Any) -> Sequence[Any]:
        used = col(Guide.taken) + col(Guide.offered)
        free = func.sum(case((col(Guide.capacity) > used, col(Guide.capacity) - used), else_=0))
        ready = columns(code, func.count(), free).select_from(Guide).join(Person, col(Person.id) == Guide.person_id)
        ready = ready if entries is None else ready.join(entries, true())
        here = col(Guide.municipality_id) == Person.municipality_id
        return self.session.execute(ready.where(here, *self.ready, *self.people, *where).group_by(code)).all()

    def _entries(self, postgresql: str, column: Any) -> Any:
        """Return the entries of a JSON column as rows of `key` and `value`, beside the row that holds them."""
        sqlite = self.session.get_bind().dialect.name == "sqlite"
        return getattr(func, "json_each" if sqlite else postgresql)(column).table_valued("key", "value")


def _together(waiting: Sequence[Any], helping: Sequence[Any]) -> list[Balance]:
    """Return one entry a code; where most people wait first, among equals where fewest guides are free."""
    asked = dict(waiting)
    offered = {code: (guides, int(free)) for code, guides, free in helping}
    found = [Balance(code, asked.get(code, 0), *offered.get(code, (0, 0))) for code in asked.keys() | offered.keys()]
    return sorted(found, key=lambda each: (-each.waiting, each.free, each.code))
