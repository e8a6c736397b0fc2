"""The list on which the volunteers' insurance hangs: exact first and last days, office by office."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date

from sqlmodel import Session, col, or_, select

from lotsen.models import Cover, Guide, Person


@dataclass(frozen=True, slots=True)
class Line:
    """One stretch of cover. Somebody erased has no name any more; the days stay."""

    guide_id: int
    #: Whether the guide's file is still this office's.
    here: bool
    first_name: str
    last_name: str
    begins_on: date
    #: The last day; none while the cover runs.
    ends_on: date | None


def begin(session: Session, guide: Guide, today: date) -> None:
    """Cover a guide from today on; nothing changes where they are covered."""
    if _running(session, guide.id) is None:
        session.add(Cover(municipality_id=guide.municipality_id, guide_id=guide.id or 0, begins_on=today))
        session.flush()


def end(session: Session, guide_id: int | None, today: date) -> None:
    """End a guide's cover: today is its last day."""
    running = _running(session, guide_id)
    if running is not None:
        running.ends_on = max(today, running.begins_on)
        session.add(running)
        session.flush()


def end_of_people(session: Session, person_ids: Collection[int], today: date) -> Sequence[int]:
    """End the cover of those who leave or move away; return the guides whose cover ended."""
    running = select(Cover.guide_id).join(Guide, col(Guide.id) == Cover.guide_id)
    running = running.where(col(Guide.person_id).in_(person_ids), col(Cover.ends_on).is_(None))
    covered = session.exec(running.order_by(col(Cover.guide_id))).all()
    for guide_id in covered:
        end(session, guide_id, today)
    return covered


def listed(session: Session, municipality_id: int, since: date, until: date) -> Sequence[Line]:
    """Return an office's cover between two days, by name."""
    query = (
        select(Cover, Guide.municipality_id, Person.first_name, Person.last_name)
        .join(Guide, col(Guide.id) == Cover.guide_id)
        .join(Person, col(Person.id) == Guide.person_id)
        .where(
            Cover.municipality_id == municipality_id,
            col(Cover.begins_on) <= until,
            or_(col(Cover.ends_on).is_(None), col(Cover.ends_on) >= since),
        )
        .order_by(col(Person.last_name), col(Person.first_name), col(Cover.begins_on), col(Cover.id))
    )
    return [
        Line(each.guide_id, office == municipality_id, first, last, each.begins_on, each.ends_on)
        for each, office, first, last in session.exec(query)
    ]


def _running(session: Session, guide_id: int | None) -> Cover | None:
    query = select(Cover).where(Cover.guide_id == guide_id, col(Cover.ends_on).is_(None))
    return session.exec(query.with_for_update()).first()
