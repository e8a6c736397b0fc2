"""A guide without e-mail: registered by staff beside them or from the office's list, and let in by a code on paper."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from lotsen import crypto
from lotsen.models import Account, Guide, Person
from lotsen.rules.answers import GuideAnswers
from lotsen.rules.calendar import local_date
from lotsen.rules.errors import ConsentMissing, NotAllowed, NotFound
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import Side
from lotsen.rules.vocabulary import Role
from lotsen.services import accounts, events, guides, tasks
from lotsen.services.actor import Actor
from lotsen.services.persons import ConsentGiven, enter, give_consent


def register(
    session: Session,
    answers: GuideAnswers,
    consent: ConsentGiven | None,
    actor: Actor,
    now: datetime,
    *,
    confidentiality: ConsentGiven | None = None,
) -> tuple[Guide, str]:
    """Store a guide who has no e-mail; return the file and the code, shown this once. Nobody has an address to confirm.

    `confidentiality` is the promise, where the guide has given it at the desk. Raises `ConsentMissing` (nothing is
    stored then), `NotFound` where the actor is not staff, and `offices.UnknownPlace`.
    """
    if consent is None:
        raise ConsentMissing
    if actor.side is not Side.OFFICE:
        raise NotFound
    guide, code = enrol(session, answers, consent, actor, now)
    if confidentiality is not None:
        give_consent(session, session.get_one(Person, guide.person_id), confidentiality, now)
        guide.confidentiality_on = local_date(now)
    tasks.hand_over(session, Matter.NEW_GUIDE, guide, now)
    return guide, code


def enrol(
    session: Session, answers: GuideAnswers, consent: ConsentGiven, actor: Actor, now: datetime
) -> tuple[Guide, str]:
    """Store a guide without e-mail with person, consent and account; return the code, too, which nothing keeps.

    Raises `offices.UnknownPlace`.
    """
    person = enter(session, answers, None, consent, now)
    guide = guides.file(session, answers, person, now)
    guide.address_confirmed = True
    code = crypto.new_status_code()
    accounts.open_account(session, Role.GUIDE, now, person=person, code=code)
    events.record(session, "guide_registered", guide, actor, now)
    return guide, code


def coming_by_code(session: Session, person_ids: Sequence[int]) -> list[tuple[int, str]]:
    """Return the guides among these people who have no e-mail address: number and name, by name."""
    query = _by_code(select(Guide.id, Person.first_name, Person.last_name)).where(col(Person.id).in_(person_ids))
    rows = session.exec(query.order_by(col(Person.last_name), col(Person.first_name), col(Guide.id)))
    return [(number, f"{first} {last}".strip()) for number, first, last in rows]


def new_code(session: Session, guide_id: int, actor: Actor, now: datetime) -> str:
    """Replace a lost code; the old one stops working.

    Raises `NotFound` for foreign guides, `NotAllowed` for those who come in by their e-mail address.
    """
    guide = guides.visible(session, guide_id, actor, only=Side.OFFICE)
    if not comes_by_code(session, guide):
        raise NotAllowed("signs_in_by_email")
    code = accounts.renew_code(session, guide.person_id)
    events.record(session, "new_code", guide, actor, now)
    return code


def comes_by_code(session: Session, guide: Guide) -> bool:
    """Whether a guide has no e-mail address to sign in with."""
    return session.exec(_by_code(select(Guide.id)).where(Guide.id == guide.id)).first() is not None


def _by_code(query: Any) -> Any:
    """Narrow `query` on guides to those without an e-mail address, with their people."""
    query = query.join(Person, col(Person.id) == Guide.person_id).join(Account, col(Account.person_id) == Person.id)
    return query.where(col(Account.email).is_(None), col(Person.email).is_(None))
