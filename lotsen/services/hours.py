"""The hours that an office's guides gave, entry by entry: for proofs of use and for expenses. Read only."""

from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, select

from lotsen.models import Guide, Meeting, Person
from lotsen.rules.pairing import Side
from lotsen.rules.vocabulary import MeetingKind
from lotsen.services.paging import WHOLE


@dataclass(frozen=True, slots=True)
class Entry:
    """One meeting as its guide logged it; notes and moods are their writer's own."""

    person_id: int
    first_name: str
    last_name: str
    held_on: date
    kind: MeetingKind
    minutes: int
    metres: int
    expenses_cents: int


def entries(session: Session, municipality_id: int, year: int) -> list[Entry]:
    """Return the meetings of one year that guides logged in a municipality, by guide and day."""
    query = (
        select(  # type: ignore[call-overload]  # SQLModel's types end at four columns
            Person.id, Person.first_name, Person.last_name, Meeting.held_on, Meeting.kind, Meeting.minutes,
            Meeting.metres, Meeting.expenses_cents,
        )
        .join(Guide, col(Guide.id) == Meeting.guide_id).join(Person, col(Person.id) == Guide.person_id)
        .where(
            Meeting.municipality_id == municipality_id, Meeting.logged_by == Side.GUIDE,
            col(Meeting.held_on).between(date(year, 1, 1), date(year, 12, 31)),
        )
        .order_by(Person.last_name, Person.first_name, Person.id, Meeting.held_on).limit(WHOLE)
    )  # fmt: skip
    return [Entry(*row) for row in session.exec(query)]
