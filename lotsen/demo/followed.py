"""What the daily jobs have asked in the demo's story, and what people answered."""

from datetime import datetime
from itertools import count
from typing import Final

from sqlmodel import Session, col, select

from lotsen.jobs.check_in import check_in
from lotsen.jobs.conduct_check import conduct_check
from lotsen.jobs.first_meeting import first_meeting
from lotsen.jobs.trial_end import trial_end
from lotsen.jobs.unmatched import unmatched
from lotsen.models import Account, CheckIn, Pairing
from lotsen.rules.following import Answer, Question
from lotsen.rules.pairing import Side
from lotsen.services import checkins
from lotsen.services import pairing as pairings
from lotsen.services.actor import actor_of

#: Days before the story's end on which the jobs ran.
RUNS: Final = (9, 0.01)
#: What the two say, guide first, in turn; None: no answer.
_SAID: Final = (
    (Answer.GOOD, Answer.GOOD), (Answer.GOOD, Answer.GOOD), (Answer.DIFFICULT, Answer.GOOD),
    (Answer.GOOD, Answer.GOOD), (Answer.GOOD, Answer.GOOD), (Answer.GOOD, None), (Answer.GOOD, Answer.GOOD),
)  # fmt: skip


def follow_up(session: Session, when: datetime) -> None:
    """Run the jobs that ask people and hand over."""
    for job in (first_meeting, trial_end, check_in, unmatched, conduct_check):
        job(session, when)


def answer(session: Session, when: datetime) -> None:
    """Let people answer how it is going: most are glad, some are not, some are silent."""
    query = select(CheckIn, Pairing).join(Pairing, col(Pairing.id) == CheckIn.pairing_id)
    asked = query.where(CheckIn.kind == Question.CHECK_IN, col(CheckIn.closed_at).is_(None))
    for number, (question, pairing) in zip(count(), session.exec(asked.order_by(col(CheckIn.id))).all(), strict=False):
        for side, said in zip((Side.GUIDE, Side.NEWCOMER), _SAID[number % len(_SAID)], strict=True):
            if said is not None:
                person = pairings.person_of(session, pairing, side)
                account = session.exec(select(Account).where(Account.person_id == person.id)).one()
                checkins.answer(session, question.id or 0, actor_of(account), said, when)
