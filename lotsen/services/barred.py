"""Hard rule 7: whom not to propose to each other again, and until when. It holds for people, whatever the request."""

from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy
from sqlalchemy import bindparam
from sqlmodel import Session, col, exists

from lotsen.models import Event, Municipality, Pairing, Request
from lotsen.rules.pairing import LIVE, Side, State

#: (the newcomer's person id, the guide's id) -> a code below.
Barred = dict[tuple[int, int], str]

#: An offer or a pairing of the two is under way.
UNDER_WAY: Final = "under_way"
SUSPENDED: Final = "suspended_before"
FAILED: Final = "failed_before"
DECLINED: Final = "declined_before"
#: These two keep jobs from asking the same pair again; the office may still choose it by hand.
EXPIRED: Final = "expired_before"
DISMISSED: Final = "dismissed_before"

BY_HAND: Final = frozenset({EXPIRED, DISMISSED})
_FADING: Final = frozenset({DECLINED, EXPIRED, DISMISSED})
_WEAKEST_FIRST: Final = (DISMISSED, EXPIRED, DECLINED, FAILED, SUSPENDED, UNDER_WAY)


def _reached(state: State) -> Any:
    """Whether a pairing was ever in `state`."""
    return exists().where(col(Event.pairing_id) == Pairing.id, col(Event.to_state) == state)


#: Built once: it is asked for each newcomer who looks at the page. Columns alone: a Land has a million pairings.
_ALL: Any = (
    sqlalchemy.select(
        *map(col, (Request.person_id, Pairing.guide_id, Pairing.municipality_id)),
        *map(col, (Pairing.state, Pairing.state_since, Pairing.ended_by)),
        _reached(State.SUSPENDED).label("suspended"),
        _reached(State.APPROVED).label("met"),
    )
    .join(Request, col(Request.id) == Pairing.request_id)
    .where(col(Pairing.state) != State.SUGGESTED)
)
_OF_SOME: Final = _ALL.where(col(Request.person_id).in_(bindparam("people", expanding=True)))


def between(
    session: Session, offices: dict[int, Municipality], now: datetime, people: set[int] | None = None
) -> Barred:
    """Return the pairs that may not be proposed now, of some newcomers (person ids) or of all.

    `offices` are those that are read already.
    """
    rows = session.execute(_ALL) if people is None else session.execute(_OF_SOME, {"people": sorted(people)})
    fading_days: dict[int, timedelta] = {}
    found: Barred = {}
    for person_id, guide_id, home, state, since, ended_by, suspended, met in rows:
        code = _why(state, ended_by, suspended=suspended, met=met)
        if code in _FADING and home not in fading_days:
            office = offices.get(home) or session.get_one(Municipality, home)
            fading_days[home] = timedelta(days=office.settings.declined_pair_days)
        faded = code in _FADING and since <= now - fading_days[home]
        if code is not None and not faded:
            pair = (person_id, guide_id)
            found[pair] = max(found.get(pair, code), code, key=_WEAKEST_FIRST.index)
    return found


def _why(state: State, ended_by: Side | None, *, suspended: bool, met: bool) -> str | None:
    if suspended:
        return SUSPENDED
    if state in LIVE:
        return UNDER_WAY
    stepped_back = ended_by in {Side.GUIDE, Side.NEWCOMER}
    return {
        State.ENDED: FAILED,
        State.REJECTED: FAILED,
        State.DECLINED: DECLINED,
        State.EXPIRED: EXPIRED,
        State.WITHDRAWN: FAILED if met else DECLINED if stepped_back else None,
        State.DISMISSED: DISMISSED if ended_by is Side.OFFICE else None,
    }.get(state)
