"""Each working morning: what waits, to each member of staff; what waits too long, to the office's lead."""

from datetime import datetime
from typing import Final

from sqlmodel import Session

from lotsen.services import batch, followup, offices, worklist

#: O'clock in Germany: nobody is written to before.
HOUR: Final = 7


def hand_over(session: Session, now: datetime) -> int:
    """Escalate what is overdue, then send the digests; nothing on weekends and public holidays."""
    if not followup.morning(now, HOUR):
        return 0
    done = batch.each(session, followup.to_escalate(session, now), lambda each: followup.escalate(session, each, now))
    all_ = offices.everyone(session)
    done += batch.each(session, all_, lambda office: followup.escalate_tasks(session, office, now))
    staff = [account for office in all_ for account in worklist.staff(session, office.id)]
    return done + batch.each(session, staff, lambda account: followup.digest(session, account, now))
