"""Pairing by hand: the office knows people whom no score knows. The hard rules hold all the same."""

from datetime import datetime

from sqlmodel import Session, col, select

from lotsen.models import Guide, Pairing, Request
from lotsen.rules.errors import Conflict, NotEligible, NotFound
from lotsen.rules.pairing import OPEN, Action
from lotsen.services import overrides, suggestion
from lotsen.services import pairing as pairings
from lotsen.services.actor import Actor


def choose(
    session: Session, request_id: int, guide_id: int, actor: Actor, now: datetime, *, because: str, release: bool
) -> Pairing:
    """Suggest a guide for a request of the actor's office, and ask the guide at once where `release` says so.

    Raises `NotFound` for foreign requests and unknown guides, `NotEligible` with the broken rules, `Conflict` where
    the two have an open pairing, and whatever releasing raises.
    """
    request, guide = session.get(Request, request_id), session.get(Guide, guide_id)
    if request is None or guide is None or request.municipality_id != actor.municipality_id:
        raise NotFound
    open_pair = select(Pairing.id).where(
        Pairing.request_id == request_id, Pairing.guide_id == guide_id, col(Pairing.state).in_(OPEN)
    )
    if session.exec(open_pair).first() is not None:
        raise Conflict("pair_exists")
    verdict = suggestion.check(session, request, guide, now)
    if not verdict.feasible and not verdict.needs_interpreter:
        raise NotEligible(rules=list(verdict.violations))
    pairing = pairings.suggest(
        session, request, guide, actor, now, score=verdict.score, reasons=verdict.reasons,
        needs_interpreter=verdict.needs_interpreter, because=because,
    )  # fmt: skip
    overrides.record(session, pairing, actor, now, because=because)
    return pairings.act(session, pairing.id or 0, Action.RELEASE, actor, now) if release else pairing
