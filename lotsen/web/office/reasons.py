"""The matcher's reasons in sentences for staff: why this pair, why nobody. Codes and values: `matching/reasons.py`."""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, Final

from flask_babel import format_decimal, ngettext
from flask_babel import gettext as _

from lotsen import words

Sentence = Callable[[str], str]


def reason_text(reason: dict[str, Any]) -> str:
    """Return one reason as a sentence; the code itself where it is unknown."""
    code, value = str(reason.get("code", "")), str(reason.get("value") or "")
    if code in _PAIR or code in _TASK:
        return (_PAIR | _TASK)[code](value)
    if code in _NOBODY:
        return _NOBODY[code](_pairs(value))
    if code.startswith("but_for_"):
        return _but_for(code.removeprefix("but_for_"), _pairs(value))
    return code.replace("_", " ")


def event_reason(code: str) -> str:
    """Return why something happened; a notice on a certificate keeps until when that holds (`services/conduct.py`)."""
    until, notice, _days = code.partition(":")
    return reason_text({"code": "conduct_until", "value": until}) if notice else words.word(code, "staff_reason")


def why_waits(kind: str, why: list[dict[str, Any]]) -> list[str]:
    """Return why a matter waits: its own reasons, or what its kind says; why it was put off stands last."""
    told = [reason_text(reason) for reason in why]
    of_its_own = any(reason.get("code") != "postponed" for reason in why)
    return told if of_its_own else [words.word(kind, "matter_why"), *told]


def criterion(reason: dict[str, Any]) -> str:
    """Return what a pair's reason is about: `distance_near` is about the distance."""
    return words.word(str(reason.get("code", "")).partition("_")[0], "criterion")


def listed(codes: Iterable[str], kind: str) -> str:
    """Return codes in words, separated by commas."""
    return ", ".join(words.word(code, kind) for code in codes if code)


def _times(value: str) -> str:
    slots = [slot for slot in value.split(";") if slot]
    told = ", ".join(words.slot(slot) for slot in slots[:3])
    if len(slots) > 3:
        return _("%(count)d shared times: %(times)s and more", count=len(slots), times=told)
    return ngettext("%(num)d shared time: %(times)s", "%(num)d shared times: %(times)s", len(slots), times=told)


def _language(value: str) -> str:
    code, _sep, level = value.partition(":")
    return _("Both speak %(language)s, at least at %(level)s", language=words.language_name(code), level=level)


def kilometres(value: str | float) -> str:
    """Return a distance rounded to whole kilometres."""
    whole = round(float(value or 0))
    return _("%(number)s km", number=format_decimal(whole)) if whole >= 1 else _("less than 1 km")


def _load(value: str) -> str:
    free, _sep, places = value.partition("/")
    return _("%(free)s of %(places)s places are free", free=free, places=places)


def _completed(value: str) -> str:
    return ngettext("%(num)d pairing completed", "%(num)d pairings completed", int(value or 0))


def _waiting(value: str) -> str:
    days = int(float(value or 0))
    return ngettext("Waiting for %(num)d day", "Waiting for %(num)d days", days) if days else _("Waiting since today")


def _topics(value: str) -> str:
    return listed(value.split(";"), "topic")


_PAIR: Final[dict[str, Sentence]] = {
    "base": lambda _value: _("Where every pair starts"),
    **dict.fromkeys(("language_fluent", "language_good", "language_enough"), _language),
    "language_none": lambda _value: _("No shared language: an interpreter is needed"),
    "distance_near": lambda value: _("%(km)s apart", km=kilometres(value)),
    "distance_middle": lambda value: _("%(km)s apart, within the guide’s way", km=kilometres(value)),
    "distance_far": lambda value: _("%(km)s apart, near the end of the guide’s way", km=kilometres(value)),
    "topics_all": lambda value: _("All topics covered: %(topics)s", topics=_topics(value)),
    "topics_most": lambda value: _("Most topics covered: %(topics)s", topics=_topics(value)),
    "topics_some": lambda value: _("Some topics covered: %(topics)s", topics=_topics(value)),
    **dict.fromkeys(("times_many", "times_some", "times_few"), _times),
    **dict.fromkeys(("experience_much", "experience_some"), _completed),
    "experience_none": lambda _value: _("Would be the guide’s first pairing"),
    "household_experienced": lambda _value: _("Children in the household, and an experienced guide"),
    "household_children": lambda _value: _("Children in the household, and the guide’s first pairing"),
    "household_adults": lambda _value: _("No children in the household"),
    **dict.fromkeys(("load_light", "load_heavy"), _load),
    **dict.fromkeys(("waiting_long", "waiting_some", "waiting_short"), _waiting),
}
#: Why a task was handed over (`services/followup.py`, `services/outbox.py`).
_TASK: Final[dict[str, Sentence]] = {
    "offers_unanswered": lambda value: ngettext(
        "%(num)d offer ran out unanswered; the guide is paused",
        "%(num)d offers ran out unanswered; the guide is paused",
        int(value or 0),
    ),
    "said_difficult": lambda value: _("%(who)s says: it is difficult", who=words.word(value, "side")),
    "said_no_contact": lambda value: _("%(who)s says: we have no contact", who=words.word(value, "side")),
    "said_not_met": lambda value: _("%(who)s says: it did not take place", who=words.word(value, "side")),
    "no_answer": lambda value: _("%(who)s has not answered", who=words.word(value, "side")),
    "no_answer_no_mail": lambda value: _(
        "%(who)s has not answered and has no e-mail: please ask by telephone", who=words.word(value, "side")
    ),
    "break_since": lambda value: _("Break since %(day)s", day=words.day(date.fromisoformat(value))),
    "conduct_until": lambda value: _(
        "Certificate of conduct valid until %(day)s", day=words.day(date.fromisoformat(value))
    ),
    "postponed": lambda value: _("Put off: %(reason)s", reason=words.word(value, "postpone_reason")),
    "waited": _waiting,
    "window_ends": lambda value: _(
        "The appointment is wanted by %(day)s, and nobody is found yet", day=words.day(date.fromisoformat(value))
    ),
    "window_over": lambda value: _(
        "The days of the appointment ended on %(day)s: please agree on new days, or close the request",
        day=words.day(date.fromisoformat(value)),
    ),
    "would_help": lambda value: _HELP[value]() if value in _HELP else _("What would help: talk about the wishes"),
    "help_release": lambda _value: _("What would help: a suggestion waits, please decide whether the guide is asked"),
    "help_choose": lambda value: ngettext(
        "What would help: %(num)d guide fits, please choose on the request’s page",
        "What would help: %(num)d guides fit, please choose on the request’s page",
        int(value or 0),
    ),
    "tell_by_phone": lambda _value: _("No e-mail: please tell the person by telephone or letter"),
    "counselling_agreed": lambda _value: _("The newcomer agrees to be passed on to counselling"),
    "counselling_refused": lambda _value: _("The newcomer does not want to be passed on to counselling"),
    "move_declined": lambda _value: _("The other office declined: please read why, and close the task"),
    "mail_refused": lambda value: _("A mail could not be delivered (%(error)s): please check the address", error=value),
    "difficult_meeting": lambda value: (
        _("The guide says that a meeting was difficult")
        if value == "guide"
        else _("The newcomer says that a meeting was difficult")
    ),
}


#: What would help somebody for whom nobody is found, by what stands in the way.
_HELP: Final[dict[str, Callable[[], str]]] = {
    "no_shared_language": lambda: _("What would help: an interpreter, or a guide who speaks the language"),
    "too_far": lambda: _("What would help: a guide nearer by, or one who goes further"),
    "no_shared_slot": lambda: _("What would help: other times; please ask both sides"),
    "no_shared_topic": lambda: _("What would help: a guide for these topics"),
    "no_free_place": lambda: _("What would help: one more place with a guide who fits"),
    "others_chosen": lambda: _("What would help: one more guide who fits, or one more place"),
    "no_guides": lambda: _("What would help: winning new guides nearby"),
    "guide_gender": lambda: _(
        "What would help: a guide of the wished gender, or a looser wish, by the person’s own word"
    ),
    "newcomer_gender": lambda: _("What would help: guides who accompany anybody"),
    "no_conduct_check": lambda: _("What would help: a certificate of conduct for a guide who fits"),
    "guide_not_cleared": lambda: _("What would help: clearing new guides"),
    "other_municipality": lambda: _("What would help: an agreement with the neighbouring office"),
    "other_kind": lambda: _("What would help: a guide who takes this kind of request, too"),
    "paused": lambda: _("What would help: a guide who comes back from a break"),
}


def _pairs(value: str) -> dict[str, str]:
    """Read `guides=3;nearest_km=12`."""
    return dict(part.split("=", 1) for part in value.split(";") if "=" in part)


def _guides(details: dict[str, str]) -> int:
    return int(details.get("guides") or 0)


def _others_chosen(details: dict[str, str]) -> str:
    return ngettext(
        "%(num)d guide would fit, but was chosen for others",
        "%(num)d guides would fit, but were chosen for others",
        _guides(details),
    )


def _no_single_change(details: dict[str, str]) -> str:
    rules = listed(details.get("rules", "").split("|"), "left_out")
    return _("No single change would help. In the way at once: %(rules)s", rules=rules)


_NOBODY: Final[dict[str, Callable[[dict[str, str]], str]]] = {
    "others_chosen": _others_chosen,
    "no_guides": lambda _details: _("No guide is registered yet"),
    "no_single_change": _no_single_change,
}


def _but_for(rule: str, details: dict[str, str]) -> str:
    sentence = ngettext(
        "%(num)d guide would fit but for this: %(obstacle)s",
        "%(num)d guides would fit but for this: %(obstacle)s",
        _guides(details),
        obstacle=words.word(rule, "left_out"),
    )
    return sentence + _detail(details)


def _detail(details: dict[str, str]) -> str:
    if "nearest_km" in details:
        return " " + _(
            "(the nearest lives %(km)s away, %(more)s beyond the way a guide would go)",
            km=kilometres(details["nearest_km"]), more=kilometres(details.get("beyond_km", "0")),
        )  # fmt: skip
    if "slots" in details:
        times = ", ".join(words.slot(slot) for slot in details["slots"].split("|"))
        return " " + _("(most have time %(times)s)", times=times)
    if "topics" in details:
        return " " + _("(most offer %(topics)s)", topics=listed(details["topics"].split("|"), "topic"))
    return ""
