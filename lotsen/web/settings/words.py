"""What each setting is called, what it does, and what is due because of it; in which group it stands.

A setting of `rules.settings.Settings` without words still has its field, under "Further settings" and by its bare name;
tests/web/test_settings.py fails until it has words here.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from flask_babel import format_decimal, gettext, ngettext
from flask_babel import lazy_gettext as _

from lotsen import words
from lotsen.rules.settings import Settings, Weighing
from lotsen.services.effects import Effect


class Words(NamedTuple):
    """A setting's group, label and effect; `due` names what is counted in the preview (`services.effects.DUE`)."""

    group: str
    label: Any
    effect: Any
    due: Any = ""


GROUPS: Final = {
    "offers": _("Offers and answers"),
    "office": _("The office’s own time"),
    "company": _("Trial and company"),
    "newcomers": _("Newcomers who wait"),
    "guides": _("Guides"),
    "data": _("How long data are kept"),
    "other": _("Further settings"),
}
SETTING: Final = {
    "release": Words(
        "offers",
        _("Who asks the guide?"),
        _(
            "By hand: a suggestion waits until somebody of the office asks the guide. Automatic: the guide is asked as "
            "soon as a pair is suggested; pairs that need an interpreter still wait for the office."
        ),
    ),
    "remind_after_days": Words(
        "offers",
        _("Days until a reminder"),
        _("A guide or newcomer who has not answered yet gets one reminder."),
        _("Reminders that go out"),
    ),
    "expire_after_days": Words(
        "offers",
        _("Days until an offer runs out"),
        _("Without an answer the place is free again, and the next candidate is looked for."),
        _("Offers and questions that run out"),
    ),
    "expiries_until_pause": Words(
        "offers",
        _("Unanswered offers in a row until a break"),
        _("Then the guide gets no more offers, and the office a task."),
        _("Guides whose next unanswered offer means a break"),
    ),
    "declined_pair_days": Words(
        "offers",
        _("Days until a declined pair may be suggested again"),
        _("A year at least. A pair that was suspended is never suggested again."),
        _("Declined pairs that are kept apart"),
    ),
    "release_working_days": Words(
        "office",
        _("Working days to decide on a suggestion"),
        _("After them it counts as overdue in the worklist."),
        _("Suggestions that are overdue"),
    ),
    "escalate_after_working_days": Words(
        "office",
        _("Working days to approve a pairing"),
        _("After them the lead gets a mail and the task."),
        _("Approvals that go to the lead"),
    ),
    "first_meeting_working_days": Words(
        "office",
        _("Working days to date the first meeting"),
        _("After them the worklist has a task for it."),
        _("First meetings without a date that become a task"),
    ),
    "overdue_working_days": Words(
        "office",
        _("Working days that a task may be overdue"),
        _("After them it goes to the lead."),
        _("Tasks that go to the lead"),
    ),
    "long_break_days": Words(
        "office",
        _("Days until a break is long"),
        _("Then the office gets the task to ask whether the two go on."),
        _("Breaks that become a task"),
    ),
    "trial_days": Words(
        "company",
        _("Days of the trial"),
        _("At its end both say whether they go on. Trials that run keep their end."),
    ),
    "trial_notice_days": Words(
        "company",
        _("Days before a trial’s end on which both are asked"),
        _("On the last day whoever has not answered is asked again. With 0 both are asked on the last day alone."),
        _("Trials whose two are asked"),
    ),
    "check_in_days": Words(
        "company",
        _("Days without a meeting until both are asked, and asked again"),
        _("Counted from the last meeting that was logged. One tap is the answer."),
        _("Pairings that are asked how it goes"),
    ),
    "check_in_every_days": Words(
        "company",
        _("Days between regular questions"),
        _("Both are asked how it goes, however often they meet."),
        _("Pairings that are asked how it goes"),
    ),
    "answer_days": Words(
        "company",
        _("Days to answer a question"),
        _("Without an answer the office gets a task. Questions that are asked already keep their day."),
    ),
    "unmatched_after_days": Words(
        "newcomers",
        _("Days until an honest word"),
        _("A newcomer without a guide is told so, and the office gets a task with the reasons."),
        _("Newcomers who are told that nobody is found"),
    ),
    "appointment_working_days": Words(
        "newcomers",
        _("Working days before the end of a single appointment’s days"),
        _("So early are newcomer and office told that nobody is found for it."),
        _("Single appointments of which that is told"),
    ),
    "conduct_notice_days": Words(
        "guides",
        _("Days before a certificate of conduct ends: first and second notice"),
        _("Guide and office are told. Once it has ended, the guide gets no new offers with children."),
        _("Notices that go out"),
    ),
    "training_lessons": Words(
        "guides",
        _("Lessons of the training"),
        _("With fewer, the guide’s file and page say that the training is not complete."),
        _("Guides whose training is not complete"),
    ),
    "default_radius_km": Words(
        "guides",
        _("Usual distance in kilometres"),
        _("Stands in the form of new guides. Each chooses their own."),
    ),
    "confirm_link_hours": Words(
        "guides",
        _("Hours that the link to confirm an address works"),
        _("After them a new guide has to ask for another mail."),
    ),
    "keep_file_days": Words(
        "data",
        _("Days that a closed file is kept"),
        _("Then name, address and notes are deleted for good. Counts without a person stay."),
        _("Files that are emptied"),
    ),
    "keep_mail_days": Words(
        "data",
        _("Days that a sent mail is kept"),
        _("Then its text is deleted for good."),
        _("Mails that are deleted"),
    ),
}
#: What a setting's codes are called.
CHOICE: Final = {"manual": _("By hand"), "automatic": _("Automatic")}
#: How people reach an office, as it is called in the list of changes.
CONTACT: Final = {
    "office_name": _("Name of the office"),
    "office_email": _("E-mail address"),
    "office_phone": _("Telephone"),
    "office_address": _("Address"),
    "office_hours": _("Opening hours"),
    "website": _("The municipality’s site"),
}
#: An office's own words.
TEXT: Final = {"opening": _("Opening"), "closing": _("Closing"), "hours": _("Opening hours")}
#: How a border stands.
BORDER: Final = {
    "open": _("open"),
    "offered": _("offered by you"),
    "asked": _("offered by them"),
    "shut": _("closed"),
}
WRONG: Final = {
    "too_long": _("This is too long."),
    "html": _("Please leave out < and >: this is plain text."),
    "link": _("Links lead to the municipality’s site alone. Is this none? Then leave a space after each full stop."),
    "links_elsewhere": _("Your own words in mails and letters lead to the old site. Please change them first."),
    "logo_unreadable": _("This is no PNG or JPEG picture. Please save it as one and try again."),
    "logo_too_big": _("This file is too big: at most 200 kB."),
    "logo_size": _("This picture is too large or too narrow: 16 to 2,000 pixels each way are fine."),
    "reminded_too_late": _("The reminder must come before the offer runs out."),
    "asked_too_early": _("The question must come after the trial has begun."),
    "not_rising": _("The second number must be greater than the first."),
    "not_falling": _("The second number must be smaller than the first."),
}


def refusal(code: str, details: Mapping[str, Any]) -> str:
    """Return the sentence for a domain error on these pages."""
    return str(WRONG[code]) if code in WRONG else words.error_text(code, details)


def of_setting(name: str) -> Words:
    """Return a setting's words; its bare name where it has none yet."""
    return SETTING.get(name, Words("other", name, ""))


def groups() -> dict[str, list[str]]:
    """Return the settings of each group, in their order; the matcher's weights have a page of their own."""
    plain = [name for name, field in Settings.model_fields.items() if field.annotation is not Weighing]
    found = {group: [name for name in SETTING if name in plain and SETTING[name].group == group] for group in GROUPS}
    found["other"] += [name for name in plain if name not in SETTING]
    return {group: names for group, names in found.items() if names}


def value(given: Any) -> str:
    """Return a setting's value as people read it."""
    if isinstance(given, bool):
        return str(_("Yes") if given else _("No"))
    if isinstance(given, int | float):
        return str(format_decimal(given))
    if isinstance(given, list | tuple):
        return words.listed(value(each) for each in given)
    return str(CHOICE.get(given) or given)


def listed(settings: Settings, group: str) -> list[dict[str, str]]:
    """Return a group's settings for a list: what each is, and what is usual where it differs."""
    rows, usual = [], Settings()
    for name in groups()[group]:
        used, default = getattr(settings, name), getattr(usual, name)
        text = value(used)
        if used != default:
            text = gettext("%(value)s (usual: %(usual)s)", value=text, usual=value(default))
        rows.append({"key": str(of_setting(name).label), "value": text})
    return rows


def due(effect: Effect) -> str:
    """Return what a changed setting does by tomorrow, in a sentence."""
    what = of_setting(effect.name).due
    if effect.due_after is None or effect.due_before is None:
        return str(gettext("Counts for what begins from now on."))
    if effect.due_after == effect.due_before:
        return str(gettext("%(what)s: %(now)d, as with the settings in use.", what=what, now=effect.due_before))
    sentence = ngettext(
        "%(what)s: %(num)d instead of %(now)d.",
        "%(what)s: %(num)d instead of %(now)d.",
        effect.due_after,
        what=what,
        now=effect.due_before,
    )
    return str(sentence)
