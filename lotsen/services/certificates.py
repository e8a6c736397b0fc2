"""A guide's certificate of hours: what the guide's own entries come to, and how anyone can check what was certified."""

from datetime import date, datetime

from sqlmodel import Session, col, select

from lotsen import crypto
from lotsen.models import Certificate, Meeting, Municipality, Person
from lotsen.rules.errors import DomainError, NotFound
from lotsen.services import events, guides, meetings
from lotsen.services.actor import Actor


class NothingLogged(DomainError):
    """No meeting is logged in these days: there is nothing to certify."""

    code = "nothing_logged"


def issue(session: Session, guide_id: int, actor: Actor, now: datetime, *, since: date, until: date) -> Certificate:
    """Certify the hours that a guide logged from `since` to `until`, both included.

    Asked for twice on the same hours, it is the same certificate. Raises `NotFound` and `NothingLogged`.
    """
    guide = guides.visible(session, guide_id, actor)
    done = meetings.total(session, guide, col(Meeting.held_on) >= since, col(Meeting.held_on) <= until)
    if not done.minutes:
        raise NothingLogged
    person = session.get_one(Person, guide.person_id)
    name = f"{person.first_name} {person.last_name}".strip()
    for known in of_guide(session, guide_id, actor):
        if (known.since, known.until, known.minutes, known.name) == (since, until, done.minutes, name):
            return known
    code = crypto.new_status_code()
    certificate = Certificate(
        guide_id=guide_id,
        municipality_id=guide.municipality_id,
        account_id=actor.account_id,
        since=since,
        until=until,
        minutes=done.minutes,
        meetings=done.meetings,
        issued_at=now,
        digest=crypto.code_digest(code),
        code=code,
        name=name,
    )
    session.add(certificate)
    events.record(session, "certificate_issued", guide, actor, now)
    session.flush()
    return certificate


def of_guide(session: Session, guide_id: int, actor: Actor) -> list[Certificate]:
    """Return a guide's certificates, the latest first. Raises `NotFound` for foreign guides."""
    guide = guides.visible(session, guide_id, actor)
    query = select(Certificate).where(Certificate.guide_id == guide.id, col(Certificate.code).is_not(None))
    return list(session.exec(query.order_by(col(Certificate.issued_at).desc(), col(Certificate.id).desc())))


def one(session: Session, guide_id: int, certificate_id: int, actor: Actor) -> tuple[Certificate, Municipality]:
    """Return one certificate of a guide and the office that issues it. Raises `NotFound`."""
    known = {each.id: each for each in of_guide(session, guide_id, actor)}
    if certificate_id not in known:
        raise NotFound
    return known[certificate_id], session.get_one(Municipality, known[certificate_id].municipality_id)


def verify(session: Session, typed: str) -> tuple[Certificate, Municipality] | None:
    """Return what was certified under a code and by which office; None for a code that is none.

    The name is gone once the guide's file is: the paper says it, and what it says of the hours stays true.
    """
    if len(crypto.normalise_code(typed)) != crypto.CODE_LENGTH:
        return None
    found = session.exec(select(Certificate).where(Certificate.digest == crypto.code_digest(typed))).first()
    return (found, session.get_one(Municipality, found.municipality_id)) if found else None
