"""The outbox's sending end: a mail is claimed, sent outside the transaction, and marked by whoever holds it.

A process that dies while it holds a mail leaves it to the others once its lease is over. The lease is longer than a
server can keep us waiting (`mailer.TIMEOUT`), so that two processes never send the same mail at the same time.
"""

from datetime import datetime, timedelta
from typing import Any, Final

from sqlmodel import Session, col, or_, select, update

from lotsen.models import Account, Guide, Mail, MailState, Municipality, Person, Request
from lotsen.rules.handover import Matter
from lotsen.services import events, tasks

LEASE: Final = timedelta(minutes=5)
#: Tries are 2, 4, 8 … minutes apart, four hours at most, for as long as RFC 5321 (4.5.4.1) advises.
LONGEST_WAIT: Final = timedelta(hours=4)
GIVE_UP_AFTER: Final = timedelta(days=5)


def claim(session: Session, holder: str, now: datetime) -> Mail | None:
    """Give `holder` the mail that is due longest, until the lease is over; None where nothing is due.

    A conditional update, so that one process gets it; PostgreSQL passes over rows that others are just claiming.
    """
    due = or_(
        col(Mail.state) == MailState.QUEUED,
        (col(Mail.state) == MailState.SENDING) & (col(Mail.lease_until) < now),
    )
    first = select(Mail.id).where(due, col(Mail.due_at) <= now).order_by(col(Mail.due_at), col(Mail.id)).limit(1)
    claimed = (
        update(Mail)
        .where(col(Mail.id) == first.with_for_update(skip_locked=True).scalar_subquery(), due)
        .values(
            state=MailState.SENDING,
            holder=holder,
            lease_until=now + LEASE,
            attempts=col(Mail.attempts) + 1,
        )
        .returning(Mail)
    )
    found: Mail | None = session.scalars(claimed, execution_options={"populate_existing": True}).first()
    return found


def sent(session: Session, mail: Mail, holder: str, now: datetime) -> bool:
    """Note that the server took the mail, and wipe its secret; False where `holder` has lost it."""
    return _mark(session, mail, holder, state=MailState.SENT, sent_at=now, secret=None, last_error=None)


def retry(session: Session, mail: Mail, holder: str, error: str, now: datetime) -> bool:
    """Note why the mail could not be sent now, and try later; give up after some days."""
    if now - mail.created_at > GIVE_UP_AFTER:
        return bury(session, mail, holder, error, now)
    wait = min(timedelta(minutes=2 ** min(mail.attempts, 10)), LONGEST_WAIT)
    return _mark(session, mail, holder, state=MailState.QUEUED, due_at=now + wait, last_error=error)


def bury(session: Session, mail: Mail, holder: str, error: str, now: datetime) -> bool:
    """Note that the mail will never arrive, and give the matter to the office."""
    if not _mark(session, mail, holder, state=MailState.DEAD, secret=None, last_error=error):
        return False
    about = _about(session, mail)
    if about is not None:
        tasks.hand_over(session, Matter.MAIL_FAILED, about, now, why=[{"code": "mail_refused", "value": error}])
    return True


def _mark(session: Session, mail: Mail, holder: str, **changes: Any) -> bool:
    held = update(Mail).where(col(Mail.id) == mail.id, col(Mail.state) == MailState.SENDING, col(Mail.holder) == holder)
    return session.exec(held.values(holder=None, lease_until=None, **changes)).rowcount == 1


def _about(session: Session, mail: Mail) -> Guide | Request | Municipality | None:
    """Return what the office should look at: the guide's file, the newcomer's request, or itself."""
    account = session.get(Account, mail.account_id) if mail.account_id else None
    person_id = mail.person_id or (account and account.person_id)
    found = events.file_of(session, person_id) if person_id else None
    if found is not None:
        return found
    return session.get(Municipality, mail.municipality_id) if mail.municipality_id else None


def recipient(session: Session, mail: Mail) -> Person | Account | Municipality | None:
    """Return who gets the mail, as they are now; None where they have gone."""
    if mail.person_id:
        return session.get(Person, mail.person_id)
    if mail.account_id:
        return session.get(Account, mail.account_id)
    return session.get(Municipality, mail.municipality_id) if mail.municipality_id else None
