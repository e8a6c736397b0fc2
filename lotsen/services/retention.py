"""What is past its period goes: the table of periods (`rules.privacy.PERIODS`) at work, a municipality at a time.

Repeating it does nothing; what a missed day left is done on the next. Only counts are reported.
"""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete
from sqlmodel import Session, SQLModel, col, exists, func, or_, select

from lotsen.models import (
    AccessEntry,
    Account,
    AuditEntry,
    Consent,
    Event,
    Guide,
    JobRun,
    Mail,
    MailState,
    MatchRun,
    Municipality,
    Pairing,
    Person,
    Request,
    purpose,
)
from lotsen.rules.pairing import OPEN
from lotsen.rules.privacy import PERIODS, Period
from lotsen.rules.settings import Settings
from lotsen.rules.vocabulary import RequestState, Role
from lotsen.services import batch, erasure
from lotsen.services.actor import SYSTEM

#: A file whose owner took consent back waits so long for second thoughts, then it is emptied.
AFTER_WITHDRAWAL: Final = timedelta(days=30)


def run(session: Session, now: datetime) -> Counter[str]:
    """Delete or empty what is past its period; return how many, by kind."""
    done: Counter[str] = Counter()
    for office in session.exec(select(Municipality)).all():
        done["files"] += _files(session, office, now)
        done["mails"] += _mails(session, office.id, now - timedelta(days=office.settings.keep_mail_days))
    done["mails"] += _mails(session, None, now - timedelta(days=_days(Period.MAIL)))
    runs = now - timedelta(days=_days(Period.RUN))
    done["runs"] += _delete(session, MatchRun, col(MatchRun.queued_at) < runs, col(MatchRun.part_of_id).is_not(None))
    done["runs"] += _delete(session, MatchRun, col(MatchRun.queued_at) < runs, ~_has_parts())
    done["runs"] += _delete(session, JobRun, col(JobRun.started_at) < runs)
    for log in (AuditEntry, AccessEntry):
        done["log"] += _delete(session, log, col(log.at) < now - timedelta(days=_days(Period.LOG)))
    done["brief"] += sum(_brief(session, model, now) for model in purpose.models().values())
    return done


def _files(session: Session, office: Municipality, now: datetime) -> int:
    """Empty what is past its period in one municipality: a portion at once, then one by one what a portion left."""
    people = past(session, office, now)
    if not people:
        return 0
    batch.each(session, batch.portions(people), lambda portion: erasure.erase_idle(session, portion, now))
    left = past(session, office, now)
    singly = batch.each(session, left, lambda number: erasure.erase(session, number, SYSTEM, now))
    return len(people) - len(left) + singly


def past(session: Session, office: Municipality, now: datetime) -> list[int]:
    """Return whose files are past their period in one municipality."""
    before = now - timedelta(days=office.settings.keep_file_days)
    queries = (_newcomers(before), _guides(before), _withdrawn(now), _unconfirmed(now))
    found: set[int] = set()
    for query in queries:
        alive = query.where(Person.municipality_id == office.id, col(Person.erased_at).is_(None))
        found |= {number or 0 for number in session.exec(alive)}
    return sorted(found)


def _newcomers(before: datetime) -> Any:
    """Everybody whose requests were all closed before, and who is no guide."""
    busy = exists().where(
        col(Request.person_id) == Person.id,
        or_(
            col(Request.state) != RequestState.CLOSED, col(Request.closed_at).is_(None), col(Request.closed_at) > before
        ),
    )
    asked = exists().where(col(Request.person_id) == Person.id)
    return select(Person.id).where(asked, ~busy, ~exists().where(col(Guide.person_id) == Person.id))


def _guides(before: datetime) -> Any:
    """Guides without an open pairing of whom nothing was heard or decided since."""
    running = exists().where(col(Pairing.guide_id) == Guide.id, col(Pairing.state).in_(OPEN))
    lately = exists().where(col(Event.guide_id) == Guide.id, col(Event.at) > before)
    return (
        select(Person.id)
        .join(Guide, col(Guide.person_id) == Person.id)
        .where(~running, ~lately, col(Guide.created_at) < before)
    )


def _withdrawn(now: datetime) -> Any:
    old = exists().where(col(Consent.person_id) == Person.id, col(Consent.withdrawn_at) < now - AFTER_WITHDRAWAL)
    given = exists().where(col(Consent.person_id) == Person.id, col(Consent.withdrawn_at).is_(None))
    return select(Person.id).where(old, ~given)


def _unconfirmed(now: datetime) -> Any:
    """Guides who never confirmed their address."""
    before = now - timedelta(days=_days(Period.BRIEF))
    waiting = col(Account.email_confirmed_at).is_(None), Account.role == Role.GUIDE, col(Account.created_at) < before
    people = select(Person.id).join(Account, col(Account.person_id) == Person.id)
    guides = people.join(Guide, col(Guide.person_id) == Person.id)
    return guides.where(*waiting, col(Guide.address_confirmed).is_(False))


def _mails(session: Session, municipality_id: int | None, before: datetime) -> int:
    return _delete(session, Mail, *_old_mails(municipality_id, before))


def _old_mails(municipality_id: int | None, before: datetime) -> tuple[Any, ...]:
    over = col(Mail.state).in_((MailState.SENT, MailState.DEAD))
    written = func.coalesce(col(Mail.sent_at), col(Mail.created_at)) < before
    return col(Mail.municipality_id) == municipality_id, over, written


def past_mails(session: Session, office: Municipality, now: datetime) -> int:
    """Return how many of a municipality's mails are past their period."""
    before = now - timedelta(days=office.settings.keep_mail_days)
    return session.exec(select(func.count(col(Mail.id))).where(*_old_mails(office.id, before))).one()


def _has_parts() -> Any:
    part = MatchRun.__table__.alias("part")  # type: ignore[attr-defined]
    return exists(select(part.c.id).where(part.c.part_of_id == col(MatchRun.id)))


def _brief(session: Session, model: type[SQLModel], now: datetime) -> int:
    """Delete a table's rows that are good for a short time only: when they end, or some days after they began."""
    if {each.period for each in purpose.declared(model)} != {Period.BRIEF}:
        return 0
    columns = purpose.table_of(model).columns
    if "expires_at" in columns:
        return _delete(session, model, columns["expires_at"] < now)
    return _delete(session, model, columns["created_at"] < now - timedelta(days=_days(Period.BRIEF)))


def _delete(session: Session, model: type[SQLModel], *conditions: Any) -> int:
    result: Any = session.execute(delete(purpose.table_of(model)).where(*conditions))
    return int(result.rowcount)


def _days(period: Period) -> int:
    days = PERIODS[period].days
    if isinstance(days, int):
        return days
    return int(getattr(Settings(), str(days)))
