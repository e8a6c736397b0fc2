"""The office's list of pairings, and the pairings of one person. Read only."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import func
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from lotsen.models import Guide, Pairing, Person, Request
from lotsen.rules.pairing import State
from lotsen.services.paging import PER_PAGE, Page, offset, within
from lotsen.services.worklist import Who

#: The pairing that stands still longest first.
_OLDEST: Final = col(Pairing.state_since), col(Pairing.id)


@dataclass(frozen=True, slots=True, kw_only=True)
class PairingLine:
    """One pairing in a list."""

    id: int
    state: State
    state_since: datetime
    score: float | None
    needs_interpreter: bool
    newcomer: Who
    guide: Who


def pairings(
    session: Session, municipality_id: int, states: set[State], number: int = 1, size: int = PER_PAGE
) -> Page[PairingLine]:
    """Return page `number` of an office's pairings in `states`, the one that stands still longest first."""
    here: list[Any] = [Pairing.municipality_id == municipality_id, col(Pairing.state).in_(states)]
    total = session.exec(select(func.count(col(Pairing.id))).where(*here)).one()
    number = within(number, total)
    return Page(_lines(session, here, limit=size, skip=offset(number)), number, total)


def of_request(session: Session, request_id: int) -> list[PairingLine]:
    """Return a request's pairings."""
    return _lines(session, [Pairing.request_id == request_id])


def of_guide(session: Session, guide_id: int, municipality_id: int) -> list[PairingLine]:
    """Return a guide's pairings in one municipality: another office's newcomers are not this one's business."""
    return _lines(session, [Pairing.guide_id == guide_id, Pairing.municipality_id == municipality_id])


def counts(session: Session, municipality_id: int) -> dict[State, int]:
    """Return how many pairings of an office are in each state."""
    query = select(Pairing.state, func.count()).where(Pairing.municipality_id == municipality_id)
    found = dict(session.exec(query.group_by(col(Pairing.state))).all())
    return {state: found.get(state, 0) for state in State}


def _lines(session: Session, conditions: list[Any], *, limit: int = 200, skip: int = 0) -> list[PairingLine]:
    newcomer, guide = aliased(Person), aliased(Person)
    # Which ones, first: else the database brings everybody's names together before it takes a page of them.
    listed = select(Pairing.id).where(*conditions).order_by(*_OLDEST).limit(limit).offset(skip)
    query = (
        select(  # type: ignore[call-overload]  # SQLModel's types end at four columns
            Pairing.id, Pairing.state, Pairing.state_since, Pairing.score, Pairing.needs_interpreter,
            Pairing.request_id, newcomer.first_name, newcomer.town,
            Pairing.guide_id, guide.first_name, guide.town,
        )
        .join(Request, Request.id == Pairing.request_id).join(newcomer, newcomer.id == Request.person_id)
        .join(Guide, Guide.id == Pairing.guide_id).join(guide, guide.id == Guide.person_id)
        .where(col(Pairing.id).in_(listed)).order_by(*_OLDEST)
    )  # fmt: skip
    return [
        PairingLine(
            id=row[0], state=row[1], state_since=row[2], score=row[3], needs_interpreter=row[4],
            newcomer=Who(*row[5:8]), guide=Who(*row[8:11]),
        )
        for row in session.exec(query)
    ]  # fmt: skip
