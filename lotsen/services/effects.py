"""What other settings would do by tomorrow: the jobs' own questions, asked with the settings in use and with others."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final, NamedTuple

from sqlmodel import Session, col, func, select

from lotsen.models import Guide, Municipality, Pairing, Person
from lotsen.rules.calendar import add_working_days, local_date
from lotsen.rules.pairing import State
from lotsen.rules.settings import Settings
from lotsen.services import conduct, first_meetings, followup, retention, silence, trials, unmatched


class Effect(NamedTuple):
    """One changed setting, and how much is due by tomorrow with either; None where nothing running hangs on it."""

    name: str
    before: Any
    after: Any
    due_before: int | None = None
    due_after: int | None = None


def preview(session: Session, office: Municipality, values: dict[str, Any], now: datetime) -> list[Effect]:
    """Return what changes with other `values`, by setting; nothing is stored."""
    after = Settings.model_validate(office.settings.model_dump() | values)
    used, tried = (_with(office, settings) for settings in (office.settings, after))
    tomorrow = now + timedelta(days=1)
    found = []
    for name in values:
        old, new = getattr(office.settings, name), getattr(after, name)
        count = DUE.get(name)
        due = [count(session, each, tomorrow) for each in (used, tried)] if count and old != new else []
        if old != new:
            found.append(Effect(name, old, new, *due))
    return found


def _with(office: Municipality, settings: Settings) -> Municipality:
    """An office like this one that the database knows nothing of."""
    changes = settings.model_dump(mode="json", exclude_defaults=True)
    return Municipality(**office.model_dump() | {"settings_changes": changes})


def _counting(query: Callable[[Session, datetime, Municipality], Iterable[Any]]) -> Callable[..., int]:
    return lambda session, office, at: sum(1 for _each in query(session, at, office))


def _overdue_suggestions(session: Session, office: Municipality, at: datetime) -> int:
    days, today = office.settings.release_working_days, local_date(at)
    query = select(Pairing.created_at).where(
        Pairing.municipality_id == office.id, Pairing.state == State.SUGGESTED, Pairing.created_at <= at
    )
    made_on = [local_date(since) for since in session.exec(query)]
    late = {day for day in set(made_on) if add_working_days(day, days) < today}
    return sum(day in late for day in made_on)


def _guides(session: Session, office: Municipality, *conditions: Any) -> int:
    query = select(func.count(col(Guide.id))).join(Person, col(Person.id) == Guide.person_id)
    own = Guide.municipality_id == office.id, col(Person.erased_at).is_(None)
    return session.exec(query.where(*own, *conditions)).one()


def _near_a_break(session: Session, office: Municipality, at: datetime) -> int:
    limit = office.settings.expiries_until_pause
    return _guides(session, office, col(Guide.paused).is_(False), col(Guide.expiries) >= limit - 1)


def _untrained(session: Session, office: Municipality, at: datetime) -> int:
    return _guides(session, office, col(Guide.training_lessons) < office.settings.training_lessons)


def _kept_apart(session: Session, office: Municipality, at: datetime) -> int:
    since = at - timedelta(days=office.settings.declined_pair_days)
    query = select(func.count(col(Pairing.id))).where(
        Pairing.municipality_id == office.id, Pairing.state == State.DECLINED, Pairing.state_since > since
    )
    return session.exec(query).one()


#: How much is due at some moment, by the setting that decides it. What is missing here counts for what begins later.
DUE: Final[dict[str, Callable[[Session, Municipality, datetime], int]]] = {
    "remind_after_days": _counting(followup.to_remind),
    "expire_after_days": _counting(followup.to_expire),
    "expiries_until_pause": _near_a_break,
    "declined_pair_days": _kept_apart,
    "release_working_days": _overdue_suggestions,
    "escalate_after_working_days": _counting(followup.to_escalate),
    "first_meeting_working_days": _counting(first_meetings.undated),
    "overdue_working_days": lambda session, office, at: len(followup.overdue_tasks(session, office, at)),
    "trial_notice_days": _counting(trials.to_ask),
    "long_break_days": _counting(silence.long_breaks),
    "check_in_days": _counting(silence.to_ask),
    "check_in_every_days": _counting(silence.to_ask),
    "unmatched_after_days": _counting(unmatched.to_tell),
    "appointment_working_days": _counting(unmatched.windows_to_tell),
    "conduct_notice_days": _counting(conduct.to_notify),
    "training_lessons": _untrained,
    "keep_file_days": lambda session, office, at: len(retention.past(session, office, at)),
    "keep_mail_days": retention.past_mails,
}
