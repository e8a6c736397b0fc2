"""Borders between two offices: offered by one, open once the other offers it too, taken back by either.

What no office may approve any more when a border closes (hard rule 5) ends with it, so that nobody answers in vain:
suggestions are dismissed, and whoever was asked or has said yes hears at once that it does not begin. The request goes
back to its old place in the queue. What is approved goes on.
"""

from datetime import datetime
from enum import StrEnum
from typing import Final, NamedTuple

from sqlmodel import Session, col, delete, or_, select

from lotsen.models import Account, Guide, Municipality, Neighbour, Pairing
from lotsen.rules.errors import NotFound
from lotsen.rules.pairing import Action, State
from lotsen.services import followup, offices, settings
from lotsen.services import pairing as pairings
from lotsen.services.actor import SYSTEM

#: Why a suggestion was dismissed, or a pairing that was not approved yet taken back.
CLOSED: Final = "border_closed"


class Border(StrEnum):
    """How a border stands, seen from one side."""

    OPEN = "open"
    #: We offer it, they have not answered.
    OFFERED = "offered"
    #: They offer it, we have not answered.
    ASKED = "asked"
    SHUT = "shut"


class Line(NamedTuple):
    """Another office, and how the border to it stands."""

    office: Municipality
    border: Border


#: How a pairing across a border ends when it closes; in the other states it goes on.
ENDS: Final = {
    State.SUGGESTED: Action.DISMISS,
    State.OFFERED: Action.WITHDRAW,
    State.ACCEPTED: Action.WITHDRAW,
    State.AGREED: Action.WITHDRAW,
}

#: What the other office's leads get, by how the border stands now for whoever changed it.
MAILS: Final = {
    Border.OPEN: "office_border_open",
    Border.OFFERED: "office_border_offered",
    Border.ASKED: "office_border_closed",
    Border.SHUT: "office_border_closed",
}
_STANDS: Final = {
    (True, True): Border.OPEN,
    (True, False): Border.OFFERED,
    (False, True): Border.ASKED,
    (False, False): Border.SHUT,
}


def listed(session: Session, municipality_id: int) -> list[Line]:
    """Return all other offices by name."""
    rows = _rows(session, municipality_id)
    return [
        Line(each, _border(rows, municipality_id, each.id or 0))
        for each in offices.everyone(session)
        if each.id != municipality_id
    ]


def change(
    session: Session, by: Account, municipality_id: int, neighbour_id: int, now: datetime, *, offer: bool
) -> Border:
    """Offer a border, which opens it where the other office offers it too, or take the offer back.

    Returns how it stands now; asked for twice, nothing happens twice. Raises `NotFound`.
    """
    settings.held(session, by, municipality_id)
    both = select(Municipality).where(col(Municipality.id).in_((municipality_id, neighbour_id)))
    known = {each.id: each for each in session.exec(both.order_by(col(Municipality.id)).with_for_update())}
    if neighbour_id not in known or neighbour_id == municipality_id:
        raise NotFound
    before = _border(_rows(session, municipality_id), municipality_id, neighbour_id)
    if offer is (before in {Border.OPEN, Border.OFFERED}):
        return before
    if offer:
        session.add(Neighbour(municipality_id=municipality_id, neighbour_id=neighbour_id))
    else:
        own = col(Neighbour.municipality_id) == municipality_id, col(Neighbour.neighbour_id) == neighbour_id
        session.exec(delete(Neighbour).where(*own))
    session.flush()
    if before is Border.OPEN:
        _end(session, municipality_id, neighbour_id, now)
    after = _border(_rows(session, municipality_id), municipality_id, neighbour_id)
    _tell(session, by, known[municipality_id], known[neighbour_id], before, after, now)
    return after


def _rows(session: Session, municipality_id: int) -> set[tuple[int, int]]:
    either = or_(Neighbour.municipality_id == municipality_id, Neighbour.neighbour_id == municipality_id)
    return {(row.municipality_id, row.neighbour_id) for row in session.exec(select(Neighbour).where(either))}


def _border(rows: set[tuple[int, int]], here: int, there: int) -> Border:
    return _STANDS[(here, there) in rows, (there, here) in rows]


def _end(session: Session, here: int, there: int, now: datetime) -> None:
    """End what no office may approve any more across a border that has closed."""
    query = select(Pairing.id).join(Guide, col(Guide.id) == Pairing.guide_id).where(
        col(Pairing.state).in_(ENDS),
        or_(
            (col(Pairing.municipality_id) == here) & (col(Guide.municipality_id) == there),
            (col(Pairing.municipality_id) == there) & (col(Guide.municipality_id) == here),
        ),
    )  # fmt: skip
    for pairing_id in session.exec(query.order_by(col(Pairing.request_id), col(Pairing.id))).all():
        # locked, for what was approved meanwhile goes on
        action = ENDS.get(pairings.locked(session, pairing_id or 0, SYSTEM).state)
        if action:
            pairings.act(session, pairing_id or 0, action, SYSTEM, now, reason=CLOSED)


def _tell(
    session: Session, by: Account, here: Municipality, there: Municipality, before: Border, after: Border, now: datetime
) -> None:
    """Write it down in both offices, and tell the other one's leads; who did it is for their own colleagues alone."""
    theirs = {Border.OFFERED: Border.ASKED, Border.ASKED: Border.OFFERED}
    settings.note(session, here, by, now, f"border.{there.code}", before, after)
    settings.note(
        session, there, None, now, f"border.{here.code}", theirs.get(before, before), theirs.get(after, after)
    )
    occasion = f"border:{here.id}:{there.id}:{after}:{now.isoformat(timespec='seconds')}"
    followup.tell_leads(session, there.id or 0, MAILS[after], occasion, now, path=f"/settings/{there.id}/neighbours")
