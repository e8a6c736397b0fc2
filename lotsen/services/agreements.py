"""The agreement (Vereinbarung) of a pairing, for whoever is part of it. Read only."""

from dataclasses import dataclass
from datetime import datetime

from sqlmodel import Session, col, select

from lotsen.models import Event, Guide, Municipality, Pairing
from lotsen.rules.errors import NotFound
from lotsen.rules.pairing import IN_CONTACT, Action, Side
from lotsen.services.actor import Actor
from lotsen.services.pairing import concerns, person_of


@dataclass(frozen=True, slots=True)
class Agreement:
    """Who agrees on what: first names alone; the guide's whole name on the office's copy."""

    newcomer: str
    guide: str
    #: As the office files it, in German; the first name on everybody else's copy.
    guide_on_file: str
    #: The newcomer's language.
    locale: str
    office: Municipality
    approved_on: datetime
    trial_days: int
    trial_until: datetime | None


def exists(pairing: Pairing) -> bool:
    """Whether there is something to sign: from the approval on, until the two part."""
    return pairing.state in IN_CONTACT


def of_pairing(session: Session, pairing_id: int, actor: Actor) -> Agreement:
    """Return the agreement of a pairing of the actor's own. Raises `NotFound`, also before the approval."""
    pairing = session.get(Pairing, pairing_id)
    if pairing is None or not concerns(session, pairing, actor) or not exists(pairing):
        raise NotFound
    newcomer, guide = person_of(session, pairing, Side.NEWCOMER), person_of(session, pairing, Side.GUIDE)
    office = session.get_one(Municipality, pairing.municipality_id)
    whole = f"{guide.first_name} {guide.last_name}".strip()
    return Agreement(
        newcomer=newcomer.first_name,
        guide=guide.first_name,
        guide_on_file=whole if _files(session, pairing, actor) else guide.first_name,
        locale=newcomer.locale,
        office=office,
        approved_on=_approved_on(session, pairing),
        trial_days=office.settings.trial_days,
        trial_until=pairing.trial_until,
    )


def _files(session: Session, pairing: Pairing, actor: Actor) -> bool:
    """Whether the actor is the guide's own office: neighbours know each other's guides by first name."""
    guide = session.get_one(Guide, pairing.guide_id)
    return actor.side is Side.OFFICE and guide.municipality_id == actor.municipality_id


def _approved_on(session: Session, pairing: Pairing) -> datetime:
    approvals = select(Event.at).where(Event.pairing_id == pairing.id, Event.what == Action.APPROVE)
    return session.exec(approvals.order_by(col(Event.at).desc())).first() or pairing.state_since
