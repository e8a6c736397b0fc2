"""What the coordination office is asked to do by a hand-over, and how soon."""

from datetime import date
from enum import StrEnum
from typing import Final

from lotsen.rules.calendar import add_working_days
from lotsen.rules.pairing import RUNNING, State


class Matter(StrEnum):
    """Why a task stands in the worklist."""

    #: Both said yes: approve or reject.
    APPROVE = "approve"
    #: The guide has no e-mail: ask by phone and record the answer.
    ASK_GUIDE = "ask_guide"
    #: The newcomer has no e-mail: ask by letter or phone and record the answer.
    ASK_NEWCOMER = "ask_newcomer"
    #: The newcomer did not answer in time.
    NEWCOMER_SILENT = "newcomer_silent"
    #: Offers ran out unanswered; the guide is paused.
    GUIDE_SILENT = "guide_silent"
    #: Whoever fitted was asked, and nobody is left.
    NOBODY_LEFT = "nobody_left"
    #: Somebody reported a problem: two members of staff decide.
    SAFETY = "safety"
    #: Nobody has been found for a long time.
    UNMATCHED = "unmatched"
    #: Approved, and the first meeting has no date.
    DATE_MEETING = "date_meeting"
    #: The first meeting's day is over: did it take place?
    MEETING_HELD = "meeting_held"
    #: The trial is over, and somebody has not said whether they go on.
    TRIAL_END = "trial_end"
    #: A meeting was difficult; or asked how it goes: difficult, no contact, or no answer.
    CHECK_IN = "check_in"
    #: A break lasts long.
    LONG_BREAK = "long_break"
    #: A guide's certificate of conduct ends soon.
    CONDUCT_ENDS = "conduct_ends"
    #: It has ended, and the guide accompanies a household with children.
    CONDUCT_ENDED = "conduct_ended"
    #: A guide registered: invite to an interview.
    NEW_GUIDE = "new_guide"
    #: A mail could not be delivered.
    MAIL_FAILED = "mail_failed"
    #: Somebody moves here: another office asks to take them over.
    MOVE_IN = "move_in"
    #: Somebody moves away: the other office has not answered yet, or has declined.
    MOVE_OUT = "move_out"


#: Closed by the decision that they wait for, never by hand: nobody forgets two people who said yes.
DECIDED: Final = frozenset({
    Matter.APPROVE, Matter.ASK_GUIDE, Matter.ASK_NEWCOMER, Matter.SAFETY, Matter.DATE_MEETING, Matter.MEETING_HELD,
    Matter.CONDUCT_ENDED, Matter.MOVE_IN,
})  # fmt: skip
#: Never put off: a report, two people who said yes, children without a valid certificate.
UNDELAYED: Final = frozenset({Matter.SAFETY, Matter.APPROVE, Matter.CONDUCT_ENDED})
_GOING: Final = frozenset({State.TRIAL, State.ACTIVE, State.PAUSED})
#: In which states of its pairing a matter stands; a step out of them settles it.
STANDS: Final[dict[Matter, frozenset[State]]] = {
    Matter.APPROVE: frozenset({State.AGREED}),
    Matter.ASK_GUIDE: frozenset({State.OFFERED}),
    Matter.ASK_NEWCOMER: frozenset({State.ACCEPTED}),
    Matter.SAFETY: frozenset({State.SUSPENDED}),
    Matter.DATE_MEETING: frozenset({State.APPROVED}),
    Matter.MEETING_HELD: frozenset({State.APPROVED}),
    Matter.TRIAL_END: frozenset({State.TRIAL}),
    Matter.CHECK_IN: _GOING | {State.APPROVED},
    Matter.LONG_BREAK: frozenset({State.PAUSED}),
    Matter.CONDUCT_ENDED: RUNNING,
}

#: Working days until a matter is due.
DUE: Final = {
    Matter.APPROVE: 5,
    Matter.ASK_GUIDE: 1,
    Matter.ASK_NEWCOMER: 2,
    Matter.NEWCOMER_SILENT: 3,
    Matter.GUIDE_SILENT: 5,
    Matter.NOBODY_LEFT: 3,
    Matter.SAFETY: 0,
    Matter.UNMATCHED: 5,
    Matter.DATE_MEETING: 2,
    Matter.MEETING_HELD: 2,
    Matter.TRIAL_END: 3,
    Matter.CHECK_IN: 2,
    Matter.LONG_BREAK: 5,
    Matter.CONDUCT_ENDS: 5,
    Matter.CONDUCT_ENDED: 0,
    Matter.NEW_GUIDE: 5,
    Matter.MAIL_FAILED: 1,
    Matter.MOVE_IN: 5,
    Matter.MOVE_OUT: 10,
}


def lead_on(matter: str, due: date, patience: int) -> date:
    """Return the day on which a matter that was due goes to the office's lead.

    An approval goes on its own day, a safety report on the first working day after; others after the office's patience.
    """
    days = {Matter.APPROVE: 0, Matter.SAFETY: 1}.get(Matter(matter), patience)
    return add_working_days(due, days)


def due_on(matter: Matter, today: date, working_days: int | None = None) -> date:
    """Return the working day on which `matter` is due; `working_days` is the office's own figure, if it has one."""
    return add_working_days(today, DUE[matter] if working_days is None else working_days)
