"""What the coordination office is asked to do by a hand-over, and how soon."""

from datetime import date
from enum import StrEnum
from typing import Final

from lotsen.rules.calendar import add_working_days


class Matter(StrEnum):
    """Why a task stands in the worklist."""

    #: Both said yes: approve or reject.
    APPROVE = "approve"
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
    #: A meeting was difficult: talk with both.
    DIFFICULT = "difficult"
    #: A guide registered: invite to an interview.
    NEW_GUIDE = "new_guide"
    #: A mail could not be delivered.
    MAIL_FAILED = "mail_failed"


#: Closed by the decision that they wait for, never by hand: nobody forgets two people who said yes.
DECIDED: Final = frozenset({Matter.APPROVE, Matter.ASK_NEWCOMER, Matter.SAFETY})

#: Working days until a matter is due.
DUE: Final = {
    Matter.APPROVE: 5,
    Matter.ASK_NEWCOMER: 2,
    Matter.NEWCOMER_SILENT: 3,
    Matter.GUIDE_SILENT: 5,
    Matter.NOBODY_LEFT: 3,
    Matter.SAFETY: 0,
    Matter.DIFFICULT: 3,
    Matter.NEW_GUIDE: 5,
    Matter.MAIL_FAILED: 1,
}


def due_on(matter: Matter, today: date, working_days: int | None = None) -> date:
    """Return the working day on which `matter` is due; `working_days` is the office's own figure, if it has one."""
    return add_working_days(today, DUE[matter] if working_days is None else working_days)
