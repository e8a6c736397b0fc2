"""Where the office decides otherwise than the matcher: kept with the matcher's opinion at that moment."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlmodel import Session, col, select

from lotsen.models import Account, Guide, Override, Pairing, Person, Request
from lotsen.rules.pairing import Action, Side
from lotsen.services import suggestion
from lotsen.services.actor import Actor

#: What the office does against a suggestion.
AGAINST: Final = frozenset({Action.DISMISS, Action.REJECT})
#: So many reasons of the matcher are kept, those that weigh most.
_MAIN: Final = 3
#: So many are listed.
_LISTED: Final = 20


class Line(NamedTuple):
    """One decision, who made it, and about whom (first names)."""

    override: Override
    by: str
    newcomer: str
    guide: str


def record(
    session: Session,
    pairing: Pairing,
    actor: Actor,
    now: datetime,
    *,
    action: Action | None = None,
    reason: str | None = None,
    because: str | None = None,
) -> None:
    """Note what the office does to `pairing`, and what the matcher thinks of it now; call it before the step."""
    if actor.side is not Side.OFFICE or pairing.score is None or (action is not None and action not in AGAINST):
        return
    request, guide = session.get_one(Request, pairing.request_id), session.get_one(Guide, pairing.guide_id)
    rank, count = suggestion.standing(session, request, guide, pairing.score, now)
    weightiest = sorted(
        (each for each in pairing.reasons if each.get("criterion") != "base"),
        key=lambda each: -abs(each.get("contribution") or 0.0),
    )
    session.add(
        Override(
            pairing_id=pairing.id or 0, municipality_id=pairing.municipality_id, account_id=actor.account_id, at=now,
            action=action, reason=reason, because=because, score=pairing.score, candidates=count,
            rank=None if pairing.needs_interpreter else rank, reasons=weightiest[:_MAIN],
        )
    )  # fmt: skip


def of_pairing(session: Session, pairing_id: int) -> list[Override]:
    """Return the decisions about a pairing, the oldest first."""
    query = select(Override).where(Override.pairing_id == pairing_id)
    return list(session.exec(query.order_by(col(Override.at), col(Override.id))))


def latest(session: Session, actor: Actor) -> list[Line]:
    """Return the newest decisions of the actor's office."""
    query = (
        select(Override, Account.name, Request, Guide)
        .join(Pairing, col(Pairing.id) == Override.pairing_id)
        .join(Request, col(Request.id) == Pairing.request_id)
        .join(Guide, col(Guide.id) == Pairing.guide_id)
        .outerjoin(Account, col(Account.id) == Override.account_id)
        .where(Override.municipality_id == actor.municipality_id)
        .order_by(col(Override.at).desc(), col(Override.id).desc())
        .limit(_LISTED)
    )
    rows = session.exec(query).all()
    ids = {who.person_id for row in rows for who in (row[2], row[3])}
    people = select(Person.id, Person.first_name).where(col(Person.id).in_(ids))
    names = {number or 0: name for number, name in session.exec(people)}
    return [
        Line(override, by or "", names[request.person_id], names[guide.person_id])
        for override, by, request, guide in rows
    ]
