"""What codes are called, in every offered language: topics, slots, levels, states, reasons.

Jinja: `{{ "housing"|word("topic") }}`, `{{ "ar"|language_name }}`. What only staff see stands in `web/staff_words.py`.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any, Final

from babel import Locale
from flask import Flask
from flask_babel import LazyString, format_date, format_datetime, format_time, get_locale
from flask_babel import lazy_gettext as _
from markupsafe import Markup

from lotsen import i18n
from lotsen.clock import now
from lotsen.models import Municipality
from lotsen.rules.calendar import BERLIN, local_date
from lotsen.rules.following import Next
from lotsen.rules.pairing import Side, State
from lotsen.translations import PLAIN

TOPIC: Final = {
    "authorities": _("Offices and forms"),
    "housing": _("Finding a home"),
    "work": _("Finding work"),
    "school": _("School and kindergarten"),
    "health": _("Doctor and health"),
    "language": _("Learning German"),
    "leisure": _("Sport and free time"),
    "childcare": _("Child care"),
    "money": _("Money and contracts"),
    "digital": _("Phone and computer"),
    "mobility": _("Bus, train and driving licence"),
    "training": _("Training and studies"),
}
DAY: Final = {
    "mon": _("Monday"),
    "tue": _("Tuesday"),
    "wed": _("Wednesday"),
    "thu": _("Thursday"),
    "fri": _("Friday"),
    "sat": _("Saturday"),
    "sun": _("Sunday"),
}
PART: Final = {"morning": _("in the morning"), "afternoon": _("in the afternoon"), "evening": _("in the evening")}
LEVEL: Final = {
    "A1": _("a few words"),
    "A2": _("a little"),
    "B1": _("everyday talk"),
    "B2": _("well"),
    "C1": _("very well"),
    "C2": _("my first language"),
}
GENDER: Final = {"f": _("woman"), "m": _("man"), "d": _("non-binary")}
WISH: Final = {"": _("No matter"), "f": _("A woman"), "m": _("A man"), "d": _("A non-binary person")}
HOUSEHOLD: Final = {
    "alone": _("Only me"),
    "adults": _("Several adults"),
    "children": _("Family with children"),
    "large_family": _("Large family (4 children or more)"),
}
REQUEST_STATE: Final = {"open": _("open"), "placed": _("placed"), "closed": _("closed")}
PAIRING_STATE: Final = {
    "suggested": _("Suggested"),
    "offered": _("Guide is asked"),
    "accepted": _("Newcomer is asked"),
    "agreed": _("Both said yes"),
    "approved": _("Approved"),
    "trial": _("Trial"),
    "active": _("Active"),
    "paused": _("Paused"),
    "suspended": _("Suspended"),
    "completed": _("Completed"),
    "ended": _("Ended"),
    "dismissed": _("Dismissed"),
    "declined": _("Declined"),
    "expired": _("Expired"),
    "rejected": _("Not approved"),
    "withdrawn": _("Withdrawn"),
}
ACTION: Final = {
    "accept": _("Yes, I would like to"),
    "decline": _("No, thank you"),
    "agree": _("Yes, I would like to meet"),
    "withdraw": _("Step back"),
    "meet": _("We have met"),
    "confirm": _("Yes, we go on"),
    "pause": _("Take a break"),
    "resume": _("Go on"),
    "suspend": _("Report a problem"),
    "complete": _("Goal reached: finish"),
    "end": _("End the pairing"),
}
REASON: Final = {
    "no_time": _("No time at the moment"),
    "too_far": _("Too far away"),
    "topics": _("The topics do not suit me"),
    "too_much": _("It would be too much"),
    "personal": _("Personal reasons"),
    "goal_reached": _("The goal is reached"),
    "no_contact": _("We lost contact"),
    "moved": _("Somebody moved away"),
    "did_not_fit": _("It did not fit"),
    "other": _("Another reason"),
}
ANSWER: Final = {
    "good": _("Good"),
    "difficult": _("Difficult"),
    "no_contact": _("We have no contact"),
    "not_met": _("It did not take place"),
}
#: What a pairing's two people are asked, and what they read about it.
QUESTION: Final = {
    "check_in": _("How is it going?"),
    "trial_end": _("Do you want to go on together?"),
    "first_meeting": _("Did your first meeting take place?"),
}
QUESTION_WHY: Final = {
    "check_in": _("One tap is enough. If something is difficult, the coordination office helps."),
    "trial_end": _("Each of you says yes or no, separately. A no is fine: nobody is to blame."),
    "first_meeting": _("If not, the coordination office arranges another one."),
}
#: Said after an answer.
ANSWERED: Final = {
    "good": _("Thank you! We are glad."),
    "difficult": _("Thank you for telling us. The coordination office gets in touch with you."),
    "no_contact": _("Thank you for telling us. The coordination office gets in touch with you."),
    "not_met": _("Thank you for telling us. The coordination office arranges another one."),
}
STEP: Final = {
    "confirm_address": _("Confirm your e-mail address"),
    "interview": _("Talk with the coordination office"),
    "conduct_check": _("Show your certificate of conduct"),
    "training": _("Take part in the training"),
    "clearance": _("The coordination office clears you"),
}
PHRASE: Final = {
    "hello": _("Hello! I am glad to get to know you."),
    "late": _("I am running 10 minutes late."),
    "other_day": _("Can we meet on another day?"),
    "where": _("Where do we meet?"),
    "yes": _("Yes, that suits me."),
    "no": _("No, that does not suit me."),
    "ill": _("I am ill today."),
    "call_me": _("Please call me."),
    "thanks": _("Thank you!"),
    "date_proposed": _("I propose a date."),
    "date_confirmed": _("I confirm the date."),
    "date_declined": _("That date does not suit me."),
    "date_cancelled": _("I cannot come: the date is called off."),
}
MEETING_KIND: Final = {
    "talk": _("Talked"),
    "authority": _("At an office"),
    "doctor": _("At the doctor"),
    "school": _("School or kindergarten"),
    "language": _("Practised German"),
    "leisure": _("Free time"),
    "other": _("Something else"),
}
MOOD: Final = {"good": _("good"), "mixed": _("mixed"), "difficult": _("difficult")}
REQUEST_KIND: Final = {"lasting": _("For some time"), "one_off": _("For one appointment")}
TAKES: Final = {
    "both": _("Both"),
    "lasting": _("Only people for some time"),
    "one_off": _("Only single appointments"),
}
APPOINTMENT_STATE: Final = {
    "proposed": _("Proposed"),
    "confirmed": _("Confirmed"),
    "declined": _("Declined"),
    "cancelled": _("Called off"),
}
ERROR: Final = {
    "refused": _("That is not possible now."),
    "not_allowed": _("This is not possible any more: something has changed. Please look at the current state."),
    "conflict": _("Somebody was faster: something has changed. Please look at the current state."),
    "no_free_place": _("There is no free place any more. Thank you for being ready to help!"),
    "not_eligible": _("This pairing is not possible at the moment. The coordination office helps you further."),
    "reason_missing": _("Please choose a reason."),
    "not_found": _("We did not find that."),
    "consent_missing": _("Without your consent we cannot store anything. Please tick the box if you agree."),
    "unknown_place": _("We do not know this postal code. Please choose the office near you."),
    "weak_password": _("Please choose another password: at least %(minimum)d signs, and none that many people use."),
    "link_gone": _("This link does not work any more. It works once, and for a short time."),
    "capacity_in_use": _("You accompany more people at the moment. Take a break instead, or end a pairing first."),
    "end_pairing_first": _("Somebody accompanies you now. Please end that first."),
    "own_pairing": _("Nobody approves a pairing of their own. Please ask a colleague."),
    "second_person": _("You have decided already. A second colleague must decide too."),
    "whose_answer": _("Please say whose answer you record."),
    "already_closed": _("This is closed already."),
    "already_received": _("We have this request already."),
    "contact_stopped": _("You cannot write to each other at the moment."),
    "meeting_day": _("Please choose a day since you were brought together, up to today."),
    "appointment_day": _("Please choose a day and a time that are still to come, within a year."),
    "too_late": _("This entry is too old to be changed. The coordination office can help."),
    "too_many": _("You have written many messages. Please wait a little before you write again."),
    "nothing_logged": _("No meeting is logged in these days. Log your meetings first, then ask again."),
    "interview_first": _("Please record the interview first."),
    "restricted": _("One of the two wants their data to be kept only. Nothing new is decided until they say so."),
    "report_open": _(
        "A report of a problem is being looked at. Your data are deleted afterwards. Please talk with your "
        "coordination office."
    ),
}

KINDS: Final[dict[str, Mapping[str, LazyString]]] = {
    "topic": TOPIC,
    "day": DAY,
    "part": PART,
    "level": LEVEL,
    "gender": GENDER,
    "wish": WISH,
    "household": HOUSEHOLD,
    "request_state": REQUEST_STATE,
    "pairing_state": PAIRING_STATE,
    "action": ACTION,
    "reason": REASON,
    "answer": ANSWER,
    "question": QUESTION,
    "question_why": QUESTION_WHY,
    "step": STEP,
    "phrase": PHRASE,
    "meeting_kind": MEETING_KIND,
    "mood": MOOD,
    "request_kind": REQUEST_KIND,
    "takes": TAKES,
    "appointment_state": APPOINTMENT_STATE,
    "error": ERROR,
}


def word(code: str | None, kind: str) -> str:
    """Return what `code` is called in the current language; the code itself where it is unknown."""
    return str(KINDS[kind].get(code or "", code or ""))


def turn(step: Next | None, reader: str) -> str:
    """Return whose turn it is and until when, as `reader` is told; empty where nothing is next."""
    if step is None:
        return ""
    other = _("your guide") if reader == Side.NEWCOMER else _("the other person")
    who = _("you") if step.owner == reader else _("the coordination office") if step.owner is Side.OFFICE else other
    if step.what == State.OFFERED and reader == Side.NEWCOMER:
        who = _("a guide whom we have asked")
    if step.on < local_date(now()):
        return str(_("Next step: %(who)s", who=who))
    return str(_("Next step: %(who)s, by %(day)s", who=who, day=day(step.on, "long")))


def listed(entries: Iterable[str]) -> str:
    """Return `entries` in one line: "Arabic, German"."""
    # Translators: between the entries of a list, with its space
    return str(_(", ")).join(entries)


def slot(code: str) -> str:
    """Return `mon-morning` in words."""
    day, _sep, part = code.partition("-")
    return f"{word(day, 'day')} {word(part, 'part')}"


#: Where CLDR knows a language by another code in every language, and by ours in some.
_CLDR: Final = {"tl": "fil"}


def language_name(code: str) -> str:
    """Return a language's name in the current language (CLDR); codes that CLDR lacks have their own name here."""
    extra = {"rom": _("Romani"), "ku": _("Kurdish (Kurmanji)"), "ckb": _("Kurdish (Sorani)"), "fa": _("Persian / Dari")}
    if code in extra:
        return str(extra[code])
    locale = get_locale() or Locale.parse("de")
    return str(locale.languages.get(_CLDR.get(code, code), code))


#: What CLDR does not say, or says longer than its speakers do.
_NATIVE: Final = {"rom": "Romani", "ku": "Kurmancî", "ckb": "سۆرانی", "fa": "فارسی / دری", "rw": "Ikinyarwanda"}


def native_name(code: str) -> str:
    """Return a language's name in itself: the one word that its speakers surely know."""
    name = _NATIVE.get(code) or Locale.parse(code).get_language_name(code) or code
    return name[:1].upper() + name[1:]


def offered_name(tag: str) -> str:
    """Return an offered language's name in the current language, and in itself: "Arabic – العربية"."""
    own, known = i18n.native_name(tag), language_name(tag.partition("-")[0])
    return own if tag in PLAIN or own == known else f"{known} – {own}"


def day(value: date | datetime | None, form: str = "medium") -> str:
    """Return a date in the current language, in Germany's time zone; empty for nothing."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        value = value.astimezone(BERLIN).date()
    return str(format_date(value, form))


def moment(value: datetime | None) -> str:
    """Return date and time in the current language, in Germany's time zone; empty for nothing."""
    return format_datetime(value, "short") if value else ""


def clock(value: datetime | None) -> str:
    """Return the time of day in the current language, in Germany's time zone."""
    return format_time(value, "short") if value else ""


def error_text(code: str, details: Mapping[str, Any]) -> str:
    """Return the sentence for a domain error."""
    text = str(ERROR.get(code, ERROR["refused"]))
    return text % details if "%(" in text else text


def own_words(office: Municipality, kind: str) -> Markup:
    """Return what an office wrote itself, in the current language or in German, marked as what it is; or nothing."""
    text, language = office.said(kind, i18n.tag())
    return Markup('<bdi lang="{}">{}</bdi>').format(language, text) if text else Markup("")


def init_app(app: Flask) -> None:
    """Give templates the words."""
    app.jinja_env.filters.update(
        word=word, turn=turn, slot=slot, language_name=language_name, native_name=native_name, day=day, moment=moment,
        clock=clock, own_words=own_words,
    )  # fmt: skip
