"""One office's people in figures: where they wait and help, how long, what is asked and offered, how pairings go.

Everything is counted by the database, for one municipality, in a number of queries that does not grow with its people.
"""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from lotsen.models import Territory
from lotsen.rules.calendar import local_date
from lotsen.services import balance, pairing_history, waiting_times
from lotsen.services.balance import Balance
from lotsen.services.pairing_history import Month
from lotsen.services.waiting_times import Waiting


@dataclass(frozen=True, slots=True)
class Overview:
    """All figures of one office at one moment."""

    places: list[Balance]
    languages: list[Balance]
    topics: list[Balance]
    waiting: Waiting
    months: list[Month]
    #: The parts of Germany that the office serves (AGS prefixes).
    territory: tuple[str, ...]

    @property
    def total(self) -> Balance:
        """All places together: everybody lives in one."""
        parts = ("waiting", "guides", "free")
        return Balance("", *(sum(getattr(place, part) for place in self.places) for part in parts))


def overview(session: Session, municipality_id: int, now: datetime) -> Overview:
    """Return the figures of an office as they stand in the database."""
    balances = balance.of(session, municipality_id, local_date(now))
    prefixes = select(Territory.prefix).where(Territory.municipality_id == municipality_id)
    return Overview(
        balances.places,
        balances.languages,
        balances.topics,
        waiting_times.of(session, municipality_id, now),
        pairing_history.of(session, municipality_id, now),
        tuple(session.exec(prefixes.order_by(col(Territory.prefix)))),
    )
