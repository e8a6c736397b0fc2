"""How the office's pages say numbers: days until, days since, chances, what speaks for a pair."""

from datetime import date, datetime
from typing import Any, Final

from babel.dates import get_day_names
from babel.lists import format_list
from flask_babel import format_decimal, format_percent, get_locale, ngettext
from flask_babel import gettext as _

from lotsen import words
from lotsen.clock import now
from lotsen.rules.calendar import local_date
from lotsen.rules.following import Next
from lotsen.rules.pairing import IN_CONTACT, TERMINAL, State
from lotsen.rules.vocabulary import DAYS

#: Contributions (log-odds) are drawn up to this size.
STRONG: Final = 1.5


def today() -> date:
    """Return the day on the office's calendar."""
    return local_date(now())


def due(on: date) -> str:
    """Return a due date as staff think of it: overdue since, today, tomorrow, in some days."""
    days = (on - today()).days
    if days < 0:
        return ngettext("%(num)d day overdue", "%(num)d days overdue", -days)
    if days <= 1:
        return _("Today") if days == 0 else _("Tomorrow")
    return ngettext("In %(num)d day", "In %(num)d days", days)


def next_step(step: Next) -> str:
    """Return whose turn it is and until when; of what is overdue, when it goes or went to the office's lead."""
    if step.lead_on is not None and step.on < today():
        days = {"day": words.day(step.on), "lead": words.day(step.lead_on)}
        if step.lead_on <= today():
            return _("Was due on %(day)s, with the office’s lead since %(lead)s", **days)
        return _("Was due on %(day)s, goes to the office’s lead on %(lead)s", **days)
    who = [str(words.word(side, "side")) for side in (step.owner, step.other) if side]
    return _("Next: %(who)s, by %(day)s", who=format_list(who, locale=get_locale()), day=words.day(step.on))


def since(moment: datetime | date | None) -> str:
    """Return how long ago something was, in days."""
    if moment is None:
        return ""
    day = local_date(moment) if isinstance(moment, datetime) else moment
    days = (today() - day).days
    if days <= 0:
        return _("today")
    return ngettext("%(num)d day", "%(num)d days", days)


def short_day(code: str) -> str:
    """Return `mon` in two or three letters."""
    return str(get_day_names("abbreviated", locale=get_locale())[DAYS.index(code)])


def percent(score: float | None) -> str:
    """Return a score (0 to 1) as a whole percentage."""
    return "" if score is None else str(format_percent(round(score, 2)))


def brief(reasons: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return what fits one line: language, distance and topics."""
    told = ("language_", "distance_", "topics_")
    return [reason for reason in reasons if str(reason.get("code", "")).startswith(told)]


def strength(contribution: float | None) -> dict[str, str | float]:
    """Return a contribution as a signed number and as the bar that shows it: start and width in 0 to 100."""
    value = contribution or 0.0
    share = min(abs(value) / STRONG, 1) * 50
    text = format_decimal(round(abs(value), 1))
    sign = "" if text == "0" else "−" if value < 0 else "+"
    start = 50 - share if value < 0 else 50
    return {
        "text": sign + text,
        "start": round(start, 1),
        "width": round(share, 1),
        "side": "against" if value < 0 else "for",
    }


def tone(subject: State | date) -> str:
    """Return the badge's colour of a state or a due date."""
    if isinstance(subject, State):
        return _state_tone(subject)
    days = (subject - today()).days
    return "danger" if days < 0 else "warning" if days == 0 else "neutral"


def _state_tone(state: State) -> str:
    if state is State.SUSPENDED:
        return "danger"
    if state is State.AGREED:
        return "warning"
    if state in IN_CONTACT or state is State.COMPLETED:
        return "success"
    return "neutral" if state in TERMINAL else "info"
