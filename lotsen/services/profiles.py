"""From our tables to the matcher's columns: one row a person, plain values (interfaces, "The matcher as a library")."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self

from sqlmodel import Session, col, select

from lotsen.models import Guide, Municipality, Person, Request
from lotsen.rules import eligibility
from lotsen.rules.calendar import local_date
from lotsen.services import offices
from lotsen.services.narrowing import among

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Land:
    """The municipalities by id, and across which borders both offices agreed to pair."""

    offices: dict[int, Municipality]
    borders: dict[int, set[int]]
    today: date

    @classmethod
    def read(cls, session: Session, now: datetime) -> Self:
        """Read every office at the instant `now`."""
        known = {office.id or 0: office for office in offices.everyone(session)}
        return cls(known, offices.open_borders(session), local_date(now))

    @classmethod
    def near(cls, session: Session, municipality_id: int, now: datetime) -> Self:
        """Read one office and those across its open borders, at the instant `now`: all that one newcomer's guides need.

        How far the others' own borders are open is left out.
        """
        known = {office.id or 0: office for office in offices.near(session, municipality_id)}
        others = known.keys() - {municipality_id}
        return cls(known, {municipality_id: others} | {there: {municipality_id} for there in others}, local_date(now))

    def around(self, municipality_id: int) -> set[int]:
        """Return a municipality and those whose guides may serve it."""
        return {municipality_id, *self.borders.get(municipality_id, ())}

    def newcomer(self, request: Request, person: Person, places: int = 1) -> Row:
        """Return a request's row; `places` is how many guides are looked for."""
        return {
            **_person(str(request.id), person, request),
            "municipality": self.offices[request.municipality_id].code,
            "guide_gender": request.guide_gender,
            "children": request.household.with_children,
            "waiting_days": max(0, (self.today - local_date(request.waiting_since)).days),
            "places": places,
            "kinds": [request.kind],
        }

    def guide(self, guide: Guide, person: Person, held: int = 0) -> Row:
        """Return a guide's row; `held` places are spoken for by suggestions that nobody has seen yet."""
        neighbours = sorted(self.offices[there].code for there in self.borders.get(guide.municipality_id, ()))
        return {
            **_person(str(guide.id), person, guide),
            "municipality": self.offices[guide.municipality_id].code,
            "neighbours": neighbours,
            "newcomer_gender": guide.newcomer_gender,
            "radius_km": guide.radius_km,
            "capacity": guide.capacity,
            "free_places": max(0, guide.free_places - held),
            "cleared": eligibility.cleared(guide)
            and not eligibility.paused(guide, self.today)
            and person.restricted_at is None,
            "children_cleared": eligibility.for_children(guide, self.today),
            "completed": guide.completed,
            "kinds": guide.takes.kinds,
        }


def _person(number: str, person: Person, wish: Request | Guide) -> Row:
    return {
        "id": number,
        "latitude": person.latitude,
        "longitude": person.longitude,
        "languages": person.languages,
        "topics": wish.topics,
        "slots": wish.slots,
        "gender": person.gender,
    }


def guides(
    session: Session, municipality_ids: set[int] | None = None, *, numbers: set[int] | None = None
) -> dict[str, tuple[Guide, Person]]:
    """Return the guides of some municipalities, or some guides, or all, by the id that the matcher knows them by."""
    query = select(Guide, Person).join(Person, col(Person.id) == Guide.person_id).order_by(col(Guide.id))
    query = query.where(col(Person.erased_at).is_(None))
    if municipality_ids is not None:
        query = query.where(col(Guide.municipality_id).in_(municipality_ids))
    if numbers is not None:
        query = query.where(among(session, Guide.id, numbers))
    return {str(guide.id): (guide, person) for guide, person in session.exec(query)}
