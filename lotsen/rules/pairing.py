"""The pairing's life: one table of states, actions and who may take them.

Source: the project's product description, "A pairing's life". Buttons, jobs, mails and the help page's diagram all
come from `TRANSITIONS`; nothing else in the code knows which state follows which.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from lotsen.rules.errors import NotAllowed


class State(StrEnum):
    """Where a pairing stands."""

    SUGGESTED = "suggested"
    OFFERED = "offered"
    ACCEPTED = "accepted"
    AGREED = "agreed"
    APPROVED = "approved"
    TRIAL = "trial"
    ACTIVE = "active"
    PAUSED = "paused"
    SUSPENDED = "suspended"
    COMPLETED = "completed"
    ENDED = "ended"
    DISMISSED = "dismissed"
    DECLINED = "declined"
    EXPIRED = "expired"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"


class Action(StrEnum):
    """What somebody does to a pairing."""

    RELEASE = "release"
    DISMISS = "dismiss"
    ACCEPT = "accept"
    DECLINE = "decline"
    EXPIRE = "expire"
    AGREE = "agree"
    APPROVE = "approve"
    REJECT = "reject"
    WITHDRAW = "withdraw"
    MEET = "meet"
    CONFIRM = "confirm"
    PAUSE = "pause"
    RESUME = "resume"
    SUSPEND = "suspend"
    LIFT = "lift"
    COMPLETE = "complete"
    END = "end"


class Side(StrEnum):
    """On whose behalf somebody acts: the two people, the office, or a scheduled job."""

    NEWCOMER = "newcomer"
    GUIDE = "guide"
    OFFICE = "office"
    SYSTEM = "system"


class Quorum(StrEnum):
    """How many must take an action before the state changes."""

    ONE = "one"
    BOTH_SIDES = "both_sides"
    TWO_STAFF = "two_staff"


@dataclass(frozen=True, slots=True)
class Move:
    """One arrow of the diagram: the next state, who may go there, and how many of them it takes."""

    to: State
    who: frozenset[Side]
    quorum: Quorum = Quorum.ONE


N, G, O, J = Side.NEWCOMER, Side.GUIDE, Side.OFFICE, Side.SYSTEM  # noqa: E741 -- the table below reads as a table


def _move(to: State, *who: Side, quorum: Quorum = Quorum.ONE) -> Move:
    return Move(to, frozenset(who), quorum)


S, A = State, Action
TRANSITIONS: Final[dict[tuple[State, Action], Move]] = {
    (S.SUGGESTED, A.RELEASE): _move(S.OFFERED, O, J),
    (S.SUGGESTED, A.DISMISS): _move(S.DISMISSED, O, J),
    (S.OFFERED, A.ACCEPT): _move(S.ACCEPTED, G, O),
    (S.OFFERED, A.DECLINE): _move(S.DECLINED, G, O),
    (S.OFFERED, A.EXPIRE): _move(S.EXPIRED, J),
    (S.OFFERED, A.WITHDRAW): _move(S.WITHDRAWN, N, O, J),
    (S.ACCEPTED, A.AGREE): _move(S.AGREED, N, O),
    (S.ACCEPTED, A.DECLINE): _move(S.DECLINED, N, O),
    (S.ACCEPTED, A.EXPIRE): _move(S.EXPIRED, J),
    (S.ACCEPTED, A.WITHDRAW): _move(S.WITHDRAWN, N, G, O, J),
    (S.AGREED, A.APPROVE): _move(S.APPROVED, O),
    (S.AGREED, A.REJECT): _move(S.REJECTED, O),
    (S.AGREED, A.WITHDRAW): _move(S.WITHDRAWN, N, G, O, J),
    (S.APPROVED, A.MEET): _move(S.TRIAL, G, O),
    (S.APPROVED, A.WITHDRAW): _move(S.WITHDRAWN, N, G, O, J),
    (S.APPROVED, A.SUSPEND): _move(S.SUSPENDED, N, G, O),
    (S.TRIAL, A.CONFIRM): _move(S.ACTIVE, N, G, O, quorum=Quorum.BOTH_SIDES),
    (S.TRIAL, A.END): _move(S.ENDED, N, G, O),
    (S.TRIAL, A.SUSPEND): _move(S.SUSPENDED, N, G, O),
    (S.ACTIVE, A.PAUSE): _move(S.PAUSED, N, G, O),
    (S.ACTIVE, A.COMPLETE): _move(S.COMPLETED, G, O),
    (S.ACTIVE, A.END): _move(S.ENDED, N, G, O),
    (S.ACTIVE, A.SUSPEND): _move(S.SUSPENDED, N, G, O),
    (S.PAUSED, A.RESUME): _move(S.ACTIVE, N, G, O),
    (S.PAUSED, A.COMPLETE): _move(S.COMPLETED, G, O),
    (S.PAUSED, A.END): _move(S.ENDED, N, G, O),
    (S.PAUSED, A.SUSPEND): _move(S.SUSPENDED, N, G, O),
    (S.SUSPENDED, A.LIFT): _move(S.ACTIVE, O, quorum=Quorum.TWO_STAFF),
    (S.SUSPENDED, A.END): _move(S.ENDED, O, quorum=Quorum.TWO_STAFF),
}

#: Arrows that lead elsewhere where the request is for one appointment: it has no trial, meeting was the whole of it.
#: After a report that is lifted the two still have to meet.
ONE_OFF: Final[dict[tuple[State, Action], Move]] = {
    (S.APPROVED, A.MEET): _move(S.COMPLETED, G, O),
    (S.SUSPENDED, A.LIFT): _move(S.APPROVED, O, quorum=Quorum.TWO_STAFF),
}

#: A guide's answer is awaited: the offer holds one of the guide's places.
ASKING: Final = frozenset({S.OFFERED})
#: Accepted or running: the pairing takes one of the guide's places.
RUNNING: Final = frozenset({S.ACCEPTED, S.AGREED, S.APPROVED, S.TRIAL, S.ACTIVE, S.PAUSED, S.SUSPENDED})
#: The newcomer's place is in use: nobody else is offered for it.
LIVE: Final = ASKING | RUNNING
#: Somebody must still do something, or may.
OPEN: Final = LIVE | {S.SUGGESTED}
TERMINAL: Final = frozenset(State) - OPEN
#: First names and messages are open to the two people.
IN_CONTACT: Final = frozenset({S.APPROVED, S.TRIAL, S.ACTIVE, S.PAUSED})
#: Both people have a name for each other; a request with such a pairing counts as placed.
PLACED: Final = frozenset({S.APPROVED, S.TRIAL, S.ACTIVE, S.PAUSED, S.COMPLETED})
#: Actions that need a reason from the list in `rules.reasons`.
NEEDS_REASON: Final = frozenset({A.DECLINE, A.REJECT, A.WITHDRAW, A.END, A.DISMISS})


def find(state: State, action: Action, *, one_off: bool = False) -> Move | None:
    """Return the arrow that leaves `state` by `action`, or None where the diagram has none."""
    found = TRANSITIONS.get((state, action))
    return ONE_OFF.get((state, action), found) if one_off else found


def move(state: State, action: Action, side: Side, *, one_off: bool = False) -> Move:
    """Return the arrow that `side` follows from `state` by `action`; `one_off` where one appointment is asked for.

    Raises `NotAllowed` where the diagram has no such arrow or keeps it to others.
    """
    found = find(state, action, one_off=one_off)
    if found is None or side not in found.who:
        raise NotAllowed(state=state, action=action, side=side)
    return found


def allowed_actions(state: State, side: Side) -> list[Action]:
    """Return what `side` may do to a pairing in `state`, in the table's order."""
    return [action for (at, action), arrow in TRANSITIONS.items() if at is state and side in arrow.who]


def needs_reason(action: Action, side: Side, state: State | None = None) -> bool:
    """Whether a reason must be given. A newcomer's no needs none (product description, "Who uses it").

    Nor does anybody's no after the trial: it ends without blame ("A pairing's life").
    """
    if (state, action) == (State.TRIAL, Action.END):
        return False
    return action in NEEDS_REASON and side in {Side.GUIDE, Side.OFFICE}
