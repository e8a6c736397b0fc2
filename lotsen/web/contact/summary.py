"""What a person's own page says of each contact: messages that wait, the next date, the way to log a meeting."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from flask_babel import format_decimal
from sqlmodel import Session

from lotsen.models import Appointment
from lotsen.rules.pairing import Side
from lotsen.services import appointments, conversation
from lotsen.web.contact.blueprint import bp


@dataclass(frozen=True, slots=True)
class Summary:
    """One contact in a few words."""

    pairing_id: int
    side: Side
    #: Messages that are not opened yet.
    waiting: int
    #: The next date that stands.
    next: Appointment | None


def of(session: Session, side: Side, pairing_ids: Collection[int], now: datetime) -> dict[int, Summary]:
    """Return the contacts of one person by pairing, in two queries, however many they are."""
    ids = list(pairing_ids)
    waits = conversation.waiting(session, side, ids)
    dates: dict[int, Appointment] = {}
    for date in appointments.ahead(session, ids, now):
        dates.setdefault(date.pairing_id, date)
    return {number: Summary(number, side, waits.get(number, 0), dates.get(number)) for number in ids}


@bp.app_template_filter("amount")
def amount(value: float) -> str:
    """Return a number as it is written in the current language, with two decimals at most."""
    return str(format_decimal(value, "#,##0.##"))
