"""The copy of one's own data in words, to read and print: every answer, text and day.

What people never see (numbers of rows, counters, places on the map) is left to the file, which has everything.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from functools import partial
from typing import Any, Final

from flask import current_app
from flask_babel import LazyString
from flask_babel import lazy_gettext as _

from lotsen import words
from lotsen.documents import Document
from lotsen.i18n import tag
from lotsen.mail_samples import TEMPLATES
from lotsen.models import Municipality
from lotsen.services.own_data import WITHHELD
from lotsen.web import newcomer_words
from lotsen.web.certificates import hours
from lotsen.web.written import decimal, phone

FACTS: Final = newcomer_words.FACTS
#: A value in words; empty where there is nothing to say.
Say = Callable[[Any], str]
Columns = Mapping[str, tuple[LazyString, Say]]


def _coded(kind: str) -> Say:
    return partial(words.word, kind=kind)


def _each(say: Say) -> Say:
    return lambda values: words.listed(say(value) for value in values)


def _languages(levels: Mapping[str, str]) -> str:
    return words.listed(f"{words.language_name(code)} ({words.word(level, 'level')})" for code, level in levels.items())


def _day(value: str) -> str:
    at = datetime.fromisoformat(value)
    return words.day(at if at.tzinfo else at.date(), "long")


def _moment(value: str) -> str:
    return words.moment(datetime.fromisoformat(value))


#: What is told of an event that moved no pairing.
_EVENTS: Final = {
    "request_received": _("We have your request"),
    "request_closed": _("Your request is closed"),
    "guide_registered": _("Register"),
    "guide_changed": _("Your offer is saved."),
    "guide_interviewed": words.STEP["interview"],
    "guide_trained": words.STEP["training"],
    "guide_cleared": words.STEP["clearance"],
    "guide_paused": _("You are taking a break"),
    "guide_resumed": _("Welcome back"),
    "ask_check_in": words.QUESTION["check_in"],
    "ask_trial_end": words.QUESTION["trial_end"],
    "ask_first_meeting": words.QUESTION["first_meeting"],
}
_WHEN: Final = _("When")
_WHAT: Final = _("What")
_SIDES: Final = {"guide": _("Guide"), "newcomer": _("Newcomer")}
_NOTE: Final = (_("Note"), str)
_FROM_UNTIL: Final = (_("From"), _day), (_("Until"), _day)
_HOW_LONG: Final = (_("How long"), hours)
_REASON: Final = (_("Reason"), lambda code: str(words.REASON.get(code, "")))

#: The heading of each table and what is told of its rows, in this order.
TABLES: Final[dict[str, tuple[LazyString, Columns]]] = {
    "person": (
        _("About you"),
        {
            "first_name": (FACTS["first_name"], str), "last_name": (_("Last name"), str),
            "email": (_("E-mail address"), str), "phone": (_("Telephone"), phone),
            "gender": (FACTS["gender"], _coded("gender")), "postcode": (_("Postal code"), str),
            "town": (FACTS["postcode"], str), "languages": (FACTS["languages"], _languages),
            "locale": (_("Language"), words.language_name), "restricted_at": (_("Stop using my data"), _moment),
        },
    ),
    "account": (_("How you sign in"), {"email": (_("E-mail address"), str)}),
    "signin": (
        _("Where you are signed in"),
        {"device": (_("Device"), str), "created_at": (_("Signed in"), _moment), "seen_at": (_("Last used"), _moment)},
    ),
    "consent": (
        _("What you agreed to"),
        {
            "given_at": (_WHEN, _moment), "text": (_("Text"), str), "locale": (_("Language"), words.language_name),
            "withdrawn_at": (_("Withdrawn"), _moment),
        },
    ),
    "request": (
        _("Your request"),
        {
            "created_at": (_WHEN, _moment), "state": (_("Now"), _coded("request_state")),
            "topics": (FACTS["needs"], _each(_coded("topic"))), "slots": (FACTS["times"], _each(words.slot)),
            "household": (FACTS["household"], _coded("household")),
            "kind": (_("For how long"), _coded("request_kind")),
            "wanted_from": _FROM_UNTIL[0], "wanted_until": _FROM_UNTIL[1],
            "guide_gender": (FACTS["guide_gender"], _coded("wish")), "note": _NOTE,
            "closed_at": (_("Your request is closed"), _moment),
        },
    ),
    "guide": (
        _("Your offer"),
        {
            "topics": (FACTS["topics"], _each(_coded("topic"))), "slots": (FACTS["times"], _each(words.slot)),
            "radius_km": (_("How far would you go, in kilometres?"), lambda km: decimal(km, 0)),
            "capacity": (_("How many people or families at the same time?"), str),
            "takes": (_("For how long"), _coded("takes")),
            "newcomer_gender": (_("Whom would you like to accompany?"), _coded("wish")),
            "paused_until": (_("Last day of your break"), _day),
            "interview_on": (words.STEP["interview"], _day), "interview_note": _NOTE,
            "conduct_seen_on": (words.STEP["conduct_check"], _day),
            "training_lessons": (_("Lessons of training"), str),
            "confidentiality_on": (_("Confidentiality"), _day), "cleared_on": (words.STEP["clearance"], _day),
        },
    ),
    "cover": (words.STEP["clearance"], {"begins_on": _FROM_UNTIL[0], "ends_on": _FROM_UNTIL[1]}),
    "certificate": (
        _("Your certificates"),
        {
            "name": (_("Name"), str), "since": _FROM_UNTIL[0], "until": _FROM_UNTIL[1],
            "minutes": (_("Time given"), hours), "meetings": (_("Meetings"), str),
            "issued_at": (_("Issued on"), _moment), "code": (_("Code on the certificate"), str),
        },
    ),
    "pairing": (
        _("Who was proposed"),
        {
            "created_at": (_WHEN, _moment), "state": (_("Now"), _coded("pairing_state")),
            "chosen_because": (_("Decisions of the office"), str),
            "first_meeting_at": (FACTS["first_meeting"], _moment), "first_meeting_place": (FACTS["meeting_place"], str),
            "trial_until": (words.PAIRING_STATE["trial"], _day), "end_reason": _REASON,
        },
    ),
    "event": (
        _("What happened"),
        {"at": (_WHEN, _moment), "told": (_WHAT, str), "reason": _REASON, "note": _NOTE},
    ),
    "checkin": (
        _("We ask you"),
        {
            "asked_at": (_WHEN, _moment), "kind": (_WHAT, _coded("question")),
            "guide_answer": (_("Guide"), _coded("answer")), "newcomer_answer": (_("Newcomer"), _coded("answer")),
        },
    ),
    "task": (_("What the office had to do"), {"opened_at": (_WHEN, _moment), "due_on": _FROM_UNTIL[1], "note": _NOTE}),
    "move": (
        _("You move to another office"),
        {
            "asked_at": (_WHEN, _moment), "postcode": (_("Postal code"), str), "word": _NOTE,
            "reason": (_("Reason"), str),
        },
    ),
    "note": (_("Note"), {"written_at": (_WHEN, _moment), "text": (_("Text"), str)}),
    "override": (_("Decisions of the office"), {"at": (_WHEN, _moment), "because": (_("Reason"), str)}),
    "message": (
        _("Messages"),
        {
            "sent_at": (_WHEN, _moment), "sender": (_("Person"), lambda side: str(_SIDES[side])),
            "phrase": (_("Text"), _coded("phrase")), "text": (_("Text"), str),
        },
    ),
    "meeting": (
        _("Meetings"),
        {
            "held_on": (_("Day"), _day), "kind": (_WHAT, _coded("meeting_kind")), "minutes": _HOW_LONG,
            "mood": (_("How was it?"), _coded("mood")),
            "metres": (_("Kilometres, there and back"), lambda metres: decimal(metres / 1000)),
            "expenses_cents": (_("Expenses in euros"), lambda cents: decimal(cents / 100, 2)), "note": _NOTE,
        },
    ),
    "appointment": (
        _("Appointments"),
        {
            "at": (_WHEN, _moment), "kind": (_WHAT, _coded("meeting_kind")), "minutes": _HOW_LONG,
            "place": (FACTS["meeting_place"], str), "state": (_("Now"), _coded("appointment_state")),
        },
    ),
    "referral": (_("Who sent you"), {"referred_at": (_WHEN, _moment), "reference": _NOTE}),
    "mail": (_("Mails to you"), {"created_at": (_WHEN, _moment), "told": (_WHAT, str)}),
    "calendarfeed": (_("My calendar"), {"opened_at": (_("Last used"), _moment)}),
}  # fmt: skip
#: Where a moment alone says nothing.
_ALONE: Final = {"event", "mail", "override", "checkin"}


def document(copy: Mapping[str, Any], office: Municipality) -> Document:
    """Return the copy on paper."""
    return Document(
        template="copy", title=_("Copy of my data"), locales=(tag(),), office=office, values={"tables": tables(copy)}
    )


def tables(copy: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return the copy as headings and rows of names and values; what has nothing to say is left out."""
    told = [
        {"title": title, "rows": list(_rows(name, columns, copy["data"].get(name, ())))}
        for name, (title, columns) in TABLES.items()
    ]
    return [table for table in told if table["rows"]]


def _rows(name: str, columns: Columns, rows: Iterable[Mapping[str, Any]]) -> Iterable[list[tuple[str, str]]]:
    for row in rows:
        full = {**row, "told": _told(name, row)}
        said = [(str(label), _value(say, full[key])) for key, (label, say) in columns.items() if full.get(key)]
        said = [(label, value) for label, value in said if value]
        if len(said) > 1 or (said and name not in _ALONE):
            yield said


def _value(say: Say, value: Any) -> str:
    return str(_("Not shown: it concerns another person, too.")) if value == WITHHELD else str(say(value))


def _told(name: str, row: Mapping[str, Any]) -> str:
    """Return what an event or a mail was, in words."""
    if name == "mail":
        return subject(row.get("template", ""))
    state = row.get("to_state")
    return words.word(state, "pairing_state") if state else str(_EVENTS.get(row.get("what", ""), ""))


def subject(template: str) -> str:
    """Return the subject of the mail `template`: the same for all who get it."""
    if template not in TEMPLATES:
        return ""
    mail = current_app.jinja_env.get_template(f"mail/{template}/mail.txt")
    return " ".join("".join(mail.blocks["subject"](mail.new_context())).split())
