"""The outbox's writing end: a mail is a row beside the change that it tells of."""

from datetime import datetime
from typing import Any

from sqlmodel import Session, col, select

from lotsen.models import Account, Mail, Municipality, Person
from lotsen.services import mail_choices


def enqueue(
    session: Session,
    template: str,
    to: Person | Account | Municipality,
    key: str,
    now: datetime,
    *,
    secret: str | None = None,
    due: datetime | None = None,
    **params: Any,
) -> Mail | None:
    """Add the mail `template` to a person, an account or a coordination office, unless `key` was written before.

    It leaves at once, or not before `due`.

    Returns None where the person has no e-mail address, does not want such mails, or the mail exists: the caller
    decides what takes its place.
    """
    if (isinstance(to, Person) and not to.email) or not mail_choices.wants(to, template):
        return None
    if session.exec(select(Mail.id).where(col(Mail.key) == key)).first() is not None:
        return None
    mail = Mail(template=template, key=key, params=params, secret=secret, created_at=now, due_at=due or now)
    if isinstance(to, Municipality):
        mail.municipality_id = to.id
    else:
        mail.municipality_id = to.municipality_id
        mail.person_id = to.id if isinstance(to, Person) else None
        mail.account_id = to.id if isinstance(to, Account) else None
    session.add(mail)
    return mail
