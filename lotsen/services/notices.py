"""Who hears what when a pairing moves: one table of mails, read by `services.pairing` alone."""

from datetime import datetime
from typing import Final

from sqlmodel import Session, col, delete

from lotsen.models import Event, Guide, Mail, MailState, Municipality, Pairing, Person, Request
from lotsen.rules.pairing import Action, Side, State
from lotsen.services import mails

_BOTH: Final = (Side.GUIDE, Side.NEWCOMER)
#: Says that something waits in the conversation, and nothing of it.
MESSAGE_WAITS: Final = "message_waits"

#: (state before, action) -> template and recipients; None stands for any state. Whoever acted is left out.
NOTICES: Final[dict[tuple[State | None, Action], tuple[tuple[str, tuple[Side, ...]], ...]]] = {
    (None, Action.DISMISS): (),
    (None, Action.RELEASE): (("offer", (Side.GUIDE,)),),
    (None, Action.ACCEPT): (("question", (Side.NEWCOMER,)),),
    (State.OFFERED, Action.DECLINE): (),
    (State.ACCEPTED, Action.DECLINE): (("not_this_time", (Side.GUIDE,)),),
    (State.OFFERED, Action.EXPIRE): (("offer_expired", (Side.GUIDE,)),),
    (State.ACCEPTED, Action.EXPIRE): (("question_expired", (Side.NEWCOMER,)), ("not_this_time", (Side.GUIDE,))),
    (None, Action.AGREE): (("office_agreed", (Side.OFFICE,)), ("agreed", (Side.GUIDE,))),
    (None, Action.APPROVE): (("approved", _BOTH),),
    (None, Action.REJECT): (("rejected", _BOTH),),
    # The newcomer has not heard of a pairing before the guide's yes.
    (State.OFFERED, Action.WITHDRAW): (("withdrawn", (Side.GUIDE,)),),
    (None, Action.WITHDRAW): (("withdrawn", _BOTH),),
    (None, Action.MEET): (("trial_started", _BOTH),),
    (None, Action.CONFIRM): (("active", _BOTH),),
    (None, Action.PAUSE): (("paused", _BOTH),),
    (None, Action.RESUME): (("resumed", _BOTH),),
    (None, Action.SUSPEND): (("office_safety_report", (Side.OFFICE,)), ("suspended", _BOTH)),
    (None, Action.LIFT): (("resumed", _BOTH),),
    (None, Action.COMPLETE): (("completed", _BOTH),),
    (None, Action.END): (("ended", _BOTH),),
}

#: What leads on from the mail, by recipient: a page with a button, never a link that changes anything.
_PATHS: Final = {Side.GUIDE: "/guide/", Side.NEWCOMER: "/status", Side.OFFICE: "/office/pairings/{id}"}


def notices_for(state: State, action: Action) -> tuple[tuple[str, tuple[Side, ...]], ...]:
    """Return the templates and recipients of `action` taken in `state`."""
    return NOTICES[(state, action)] if (state, action) in NOTICES else NOTICES[(None, action)]


def send(session: Session, pairing: Pairing, event: Event, action: Action, before: State, now: datetime) -> None:
    """Add the mail rows that tell of `action`, once for its `event`."""
    for template, sides in notices_for(before, action):
        for side in sides:
            if side is not event.side:
                write(session, pairing, template, side, now, occasion=f"event:{event.id}")


def write(
    session: Session,
    pairing: Pairing,
    template: str,
    side: Side,
    now: datetime,
    *,
    occasion: str,
    due: datetime | None = None,
) -> bool:
    """Add one mail about `pairing`, to leave at `due`; False where that side has no address or had it on `occasion`."""
    path = _PATHS[side].format(id=pairing.id)
    key = f"{occasion}:pairing:{pairing.id}:{template}:{side}"
    days = session.get_one(Municipality, pairing.municipality_id).settings.expire_after_days
    to = recipient(session, pairing, side)
    return mails.enqueue(session, template, to, key, now, due=due, path=path, reader=side, days=days) is not None


def take_back(session: Session, pairing: Pairing, template: str, side: Side) -> None:
    """Delete mails of one kind about `pairing` that have not left: what they tell of is over."""
    unsent = delete(Mail).where(
        col(Mail.person_id) == recipient(session, pairing, side).id,
        col(Mail.template) == template,
        col(Mail.state) == MailState.QUEUED,
        col(Mail.key).endswith(f":pairing:{pairing.id}:{template}:{side}"),
    )
    session.exec(unsent)


def recipient(session: Session, pairing: Pairing, side: Side) -> Person | Municipality:
    """Return the person, or the office, on one side of `pairing`."""
    if side is Side.OFFICE:
        return session.get_one(Municipality, pairing.municipality_id)
    if side is Side.GUIDE:
        return session.get_one(Person, session.get_one(Guide, pairing.guide_id).person_id)
    return session.get_one(Person, session.get_one(Request, pairing.request_id).person_id)
