"""The end of a trial: both are asked some days before and on the day; silence is handed over after a week."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from sqlmodel import Session, col, select, update

from lotsen.models import CheckIn, Municipality, Pairing
from lotsen.rules.calendar import local_date
from lotsen.rules.errors import Conflict
from lotsen.rules.following import Question, midnight
from lotsen.rules.pairing import State
from lotsen.services import checkins, offices


def to_ask(session: Session, now: datetime, tried: Municipality | None = None) -> Iterator[Pairing]:
    """Return the trials that end within their office's notice or ended in an outage, their people not yet asked."""
    asked = select(CheckIn.id).where(
        CheckIn.pairing_id == Pairing.id, CheckIn.kind == Question.TRIAL_END, col(CheckIn.closed_at).is_(None)
    )
    for office in offices.each(session, tried):
        noticed = local_date(now) + timedelta(days=office.settings.trial_notice_days)
        query = select(Pairing).where(
            Pairing.municipality_id == office.id,
            Pairing.state == State.TRIAL,
            col(Pairing.trial_until) < midnight(noticed + timedelta(days=1)),
            ~asked.exists(),
        )
        yield from session.exec(query.order_by(col(Pairing.id))).all()


def ask(session: Session, pairing: Pairing, now: datetime) -> None:
    """Ask both for a yes or a no: they may say it at once, or take the days that are left."""
    assert pairing.trial_until is not None
    end, today = local_date(pairing.trial_until), local_date(now)
    days = session.get_one(Municipality, pairing.municipality_id).settings.answer_days
    checkins.close(session, pairing, now, [Question.CHECK_IN])  # one question at a time
    soon = end > today
    asked = checkins.ask(
        session, pairing, Question.TRIAL_END, now,
        until=max(end, today) + timedelta(days=days), mail="trial_ends" if soon else "trial_question",
    )  # fmt: skip
    asked.reminded_at = None if soon else now
    session.add(asked)


def to_ask_again(session: Session, now: datetime) -> Iterable[tuple[CheckIn, Pairing]]:
    """Return the questions put before a trial's end whose day has come."""
    query = select(CheckIn, Pairing).join(Pairing, col(Pairing.id) == CheckIn.pairing_id)
    due = query.where(
        CheckIn.kind == Question.TRIAL_END,
        col(CheckIn.closed_at).is_(None),
        col(CheckIn.reminded_at).is_(None),
        col(Pairing.trial_until) < midnight(local_date(now) + timedelta(days=1)),
    )
    return session.exec(due.order_by(col(CheckIn.id))).all()


def ask_again(session: Session, asked: CheckIn, pairing: Pairing, now: datetime) -> None:
    """Ask on the day itself whoever has not answered."""
    once = update(CheckIn).where(col(CheckIn.id) == asked.id, col(CheckIn.reminded_at).is_(None))
    if session.exec(once.values(reminded_at=now)).rowcount != 1:
        raise Conflict
    checkins.write(session, pairing, asked, "trial_question", now)
