"""What happened, written beside the change itself."""

from datetime import datetime

from sqlmodel import Session, col, select

from lotsen.models import Event, Guide, Pairing, Request
from lotsen.rules.pairing import State
from lotsen.services.actor import Actor


def record(
    session: Session,
    what: str,
    about: Pairing | Request | Guide,
    actor: Actor,
    now: datetime,
    *,
    states: tuple[State, State] | None = None,
    reason: str | None = None,
    note: str | None = None,
) -> Event:
    """Add the event `what` about a pairing, a request or a guide; `states` are from and to."""
    event = Event(
        at=now,
        municipality_id=about.municipality_id,
        what=what,
        from_state=states and states[0],
        to_state=states and states[1],
        side=actor.side,
        account_id=actor.account_id,
        reason=reason,
        note=note,
    )
    if isinstance(about, Pairing):
        event.pairing_id, event.request_id, event.guide_id = about.id, about.request_id, about.guide_id
    elif isinstance(about, Request):
        event.request_id = about.id
    else:
        event.guide_id = about.id
    session.add(event)
    return event


def file_of(session: Session, person_id: int | None) -> Request | Guide | None:
    """Return what an event about a person is written to: the guide's file, or the newest request."""
    guide = session.exec(select(Guide).where(Guide.person_id == person_id)).first()
    newest = select(Request).where(Request.person_id == person_id).order_by(col(Request.created_at).desc())
    return guide or session.exec(newest).first()
