"""From pairings that ended to a better model: used only if it beats the prior on outcomes that it has not seen."""

import json
from datetime import datetime
from typing import Any, Final

from sqlmodel import Session, col, select

from lotsen.models import Pairing, Person, Request
from lotsen.rules.calendar import local_date
from lotsen.rules.pairing import State
from lotsen.services import model, profiles
from lotsen.services.profiles import Land, Row
from matching import Matcher
from matching.tables import write_files

#: What each state teaches: a silence, a withdrawal or the office's own no say nothing about the two people.
OUTCOMES: Final = {
    State.DECLINED: "declined",
    State.ACCEPTED: "accepted",
    State.AGREED: "accepted",
    State.APPROVED: "accepted",
    State.TRIAL: "accepted",
    State.ACTIVE: "accepted",
    State.PAUSED: "accepted",
    State.COMPLETED: "completed",
    State.ENDED: "ended_early",
}
#: Ends that nobody's fit is to blame for.
_NO_FAULT: Final = frozenset({"moved", "helped_elsewhere"})


def learn(session: Session, now: datetime) -> int:
    """Fit a model to all outcomes, store it if it is better, note the figures; return how many outcomes there were."""
    newcomers, guides, outcomes = samples(session, now)
    matcher = Matcher().fit(newcomers, guides, outcomes)
    if matcher.model_.metadata["learned"]:
        model.store(matcher)
    write_files({model.folder() / model.TRIED: json.dumps(matcher.model_.metadata | {"on": now.isoformat()})})
    return len(outcomes)


def samples(session: Session, now: datetime) -> tuple[list[Row], list[Row], list[dict[str, Any]]]:
    """Return newcomers, guides and outcomes as the matcher's tables."""
    land, known = Land.read(session, now), profiles.guides(session)
    query = (
        select(Pairing, Request, Person)
        .join(Request, col(Request.id) == Pairing.request_id)
        .join(Person, col(Person.id) == Request.person_id)
        .where(col(Pairing.state).in_(OUTCOMES), col(Pairing.end_reason).is_(None) | ~_no_fault())
        .order_by(col(Pairing.id))
    )
    newcomers: dict[str, Row] = {}
    guides: dict[str, Row] = {}
    outcomes = []
    for pairing, request, person in session.exec(query).all():
        newcomer, guide = str(request.id), str(pairing.guide_id)
        if person.erased_at or guide not in known:
            continue  # an emptied file teaches nothing any more
        if newcomer not in newcomers:
            newcomers[newcomer] = land.newcomer(request, person)
        if guide not in guides:
            guides[guide] = land.guide(*known[guide])
        outcomes.append(_outcome(pairing, newcomers[newcomer], guides[guide]))
    return list(newcomers.values()), list(guides.values()), outcomes


def _no_fault() -> Any:
    return col(Pairing.end_reason).in_(_NO_FAULT)


def _outcome(pairing: Pairing, newcomer: Row, guide: Row) -> dict[str, Any]:
    """One outcome, with what the reasons of that day say about the newcomer's waiting and the guide's load."""
    told = {str(each.get("criterion")): str(each.get("value") or "") for each in pairing.reasons}
    free, _slash, capacity = told.get("load", "").partition("/")
    return {
        "newcomer_id": newcomer["id"],
        "guide_id": guide["id"],
        "outcome": OUTCOMES[pairing.state],
        "on": local_date(pairing.state_since).isoformat(),
        "waiting_days": told.get("waiting", ""),
        "completed": told.get("experience", ""),
        "free_places": free,
        "capacity": capacity,
    }
