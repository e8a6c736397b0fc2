"""Which coordination office serves a place."""

from typing import Any, Final

from sqlalchemy import and_, bindparam, or_
from sqlalchemy.orm import aliased
from sqlmodel import Session, col, select

from lotsen import places
from lotsen.models import Municipality, Neighbour, Territory
from lotsen.places import Place
from lotsen.rules.errors import DomainError


class UnknownPlace(DomainError):
    """No such postal code, or nobody serves it: the person chooses an office."""

    code = "unknown_place"


def serving(session: Session, place: Place) -> Municipality | None:
    """Return the office whose territory's longest prefix fits `place`; None where nobody serves it."""
    prefixes = [place.ags[:length] for length in range(2, 9)]
    query = select(Territory).where(col(Territory.prefix).in_(prefixes))
    fitting = sorted(session.exec(query), key=lambda territory: len(territory.prefix))
    return session.get(Municipality, fitting[-1].municipality_id) if fitting else None


def settle(session: Session, postcode: str, chosen_id: int | None) -> tuple[Place, Municipality]:
    """Return place and office: the one the person chose, else the one that serves the code.

    A code that we do not know counts as the middle of the chosen office's territory, so that nobody is turned away.
    Raises `UnknownPlace` where neither code nor office is known.
    """
    place = places.find(postcode)
    suggested = serving(session, place) if place else None
    office = session.get(Municipality, chosen_id) if chosen_id else suggested
    if office is None:
        raise UnknownPlace
    return place or middle(session, office, postcode), office


def middle(session: Session, office: Municipality, postcode: str) -> Place:
    """Return the middle of `office`'s territory under a postal code that we do not know. Raises `UnknownPlace`."""
    prefixes = session.exec(select(Territory.prefix).where(Territory.municipality_id == office.id)).all()
    known = places.in_territory(tuple(prefixes))
    if not known:
        raise UnknownPlace
    latitude = sum(place.latitude for place in known) / len(known)
    longitude = sum(place.longitude for place in known) / len(known)
    return Place(postcode, latitude, longitude, office.name, office.name, office.code)


def everyone(session: Session) -> list[Municipality]:
    """Return all offices by name."""
    return list(session.exec(select(Municipality).order_by(col(Municipality.name))))


def each(session: Session, tried: Municipality | None) -> list[Municipality]:
    """Return all offices for a job; only `tried` where somebody asks what other settings would do there."""
    return everyone(session) if tried is None else [tried]


def open_borders(session: Session) -> dict[int, set[int]]:
    """Return for each municipality those with which both offices agreed to pair across the border."""
    rows = {(row.municipality_id, row.neighbour_id) for row in session.exec(select(Neighbour))}
    agreed: dict[int, set[int]] = {}
    for here, there in rows:
        if (there, here) in rows:
            agreed.setdefault(here, set()).add(there)
    return agreed


_OTHER_WAY: Any = aliased(Neighbour)
#: Built once: it is asked for each newcomer who looks at the page.
_OPEN_TO: Final = (
    select(Neighbour.neighbour_id)
    .join(
        _OTHER_WAY,
        and_(
            _OTHER_WAY.municipality_id == Neighbour.neighbour_id, _OTHER_WAY.neighbour_id == Neighbour.municipality_id
        ),
    )
    .where(col(Neighbour.municipality_id) == bindparam("here"))
)
_NEAR: Final = select(Municipality).where(
    or_(col(Municipality.id) == bindparam("here"), col(Municipality.id).in_(_OPEN_TO))
)


def near(session: Session, here: int) -> list[Municipality]:
    """Return an office and those with which it agreed to pair across the border."""
    return list(session.exec(_NEAR, params={"here": here}))


def is_open(session: Session, here: int, there: int) -> bool:
    """Whether both offices allow pairing across the border between them; at home it always is."""
    pairs = [(here, there), (there, here)]
    return here == there or all(session.get(Neighbour, pair) is not None for pair in pairs)


def is_demo(session: Session) -> bool:
    """Whether the data is made up: every page says so then."""
    return session.exec(select(Municipality.id).where(col(Municipality.demo)).limit(1)).first() is not None
