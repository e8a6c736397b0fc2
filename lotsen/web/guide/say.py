"""Sentences for guides only: what they do, what they agree to, what comes next. Plain, short and warm."""

from typing import Any, Final

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from lotsen import words
from lotsen.rules.eligibility import Step
from lotsen.rules.following import Question
from lotsen.rules.pairing import Action, State
from lotsen.rules.vocabulary import DECLINE_REASONS, END_REASONS, Household
from lotsen.services.offers import Seen

#: Change with every change of the two texts below.
CONSENT_VERSION: Final = "2026-1"
CONFIDENTIALITY_VERSION: Final = "2026-1"


def consent_text(office: str) -> list[str]:
    """Return the paragraphs that a guide agrees to."""
    return [
        gettext(
            "%(office)s stores what I entered here, to find people whom I can accompany and to stay in touch with me.",
            office=office,
        ),
        gettext(
            "Newcomers learn my first name, my languages, my town and my topics, and only after I have said yes to "
            "them. Nobody sees my e-mail address or telephone number unless I share it."
        ),
        gettext(
            "I do this of my own free will. I can take my consent back at any time: the office then deletes my data. "
            "What was done until then stays lawful."
        ),
    ]


def confidentiality_text() -> list[str]:
    """Return the paragraphs of the confidentiality declaration."""
    return [
        gettext("What people tell me stays with me. I pass nothing on, and I do not write about them anywhere."),
        gettext("I take no copies of letters or documents home, and I send no photographs of them."),
        gettext("If I worry about somebody’s safety, I tell the coordination office. That is allowed."),
        gettext("This also holds when I am no longer a guide."),
    ]


#: What each step before the first pairing means.
STEP_TEXT: Final[dict[Step, Any]] = {
    Step.CONFIRM_ADDRESS: _("You receive our mails."),
    Step.INTERVIEW: _("The office invites you to a talk, in person or by phone. You get to know each other."),
    Step.CONDUCT_CHECK: _(
        "You need the extended certificate of conduct before you accompany families with children. The office gives "
        "you a letter, so that it costs nothing. You only show it: nobody keeps a copy."
    ),
    Step.TRAINING: _("You learn about the law, other cultures and your own limits. The office tells you the dates."),
    Step.CLEARANCE: _("The office notes that you may begin. From then on we look for people who fit you."),
}

#: What happens next in a pairing, said to the guide.
NEXT: Final[dict[State, Any]] = {
    State.ACCEPTED: _(
        "Thank you for your yes! Now we ask the other person. This usually takes up to a week; we write to you."
    ),
    State.AGREED: _("You both said yes. The coordination office looks at it and then arranges the first meeting."),
    State.APPROVED: _("The coordination office arranges the first meeting and will be there."),
    State.TRIAL: _("Get to know each other. After the trial, each of you says whether you go on."),
    State.ACTIVE: _("You are on your way together. If anything is difficult, the coordination office helps."),
    State.PAUSED: _("You are taking a break. Go on whenever it suits you both."),
    State.SUSPENDED: _(
        "This pairing rests. Please have no contact for now. The coordination office talks with both of you."
    ),
}
#: While a report is decided.
MAY_READ: Final = _("To find out what happened, the office may read what you wrote to each other.")
SAID_YES: Final = _("You said yes to going on. Now we wait for the other person’s answer.")

#: How a badge looks in each state.
TONE: Final[dict[State, str]] = {
    State.ACCEPTED: "neutral", State.AGREED: "info", State.APPROVED: "info", State.TRIAL: "info",
    State.ACTIVE: "success", State.PAUSED: "neutral", State.SUSPENDED: "warning",
}  # fmt: skip

#: Said once it is done.
DONE: Final[dict[Action, Any]] = {
    Action.ACCEPT: _("Thank you! Now we ask the other person."),
    Action.DECLINE: _("Thank you for telling us. We ask somebody else. Nobody thinks badly of a no."),
    Action.WITHDRAW: _("You have stepped back. We tell the other person and ask whether to look for somebody else."),
    Action.MEET: _("How good that you have met! The trial begins today."),
    Action.CONFIRM: _("Thank you! As soon as both of you have said yes, you go on together."),
    Action.PAUSE: _("You are taking a break now. We tell the other person."),
    Action.RESUME: _("Good to have you back. We tell the other person."),
    Action.SUSPEND: _("Thank you for telling us. The pairing rests from now on. The office gets in touch with you."),
    Action.COMPLETE: _("Thank you for all that you did! The pairing is finished."),
    Action.END: _(
        "The pairing is ended, without blame. We tell the other person and ask whether to look for somebody else."
    ),
}

#: Actions that ask first, on a page of their own: title and explanation.
ASK: Final[dict[Action, tuple[Any, Any]]] = {
    Action.DECLINE: (
        _("Why does it not suit you?"),
        _("Your answer helps us to ask you better next time. The other person never learns of it."),
    ),
    Action.WITHDRAW: (
        _("Why do you step back?"),
        _("We tell the other person that it did not work out, but not why."),
    ),
    Action.END: (
        _("Why does this pairing end?"),
        _("Endings are part of it. We tell the other person kindly that it ends, but not why."),
    ),
    Action.COMPLETE: (
        _("Have you reached your goal together?"),
        _("The pairing is finished then. Your place becomes free for somebody else."),
    ),
    Action.SUSPEND: (
        _("Report a problem"),
        _("Something has happened, or somebody does not feel safe? Contact then stops at once. The coordination "
          "office talks with both of you. Two members of staff decide how it goes on."),
    ),
}  # fmt: skip
#: What the button of such a page says.
SUBMIT: Final[dict[Action, Any]] = {
    Action.DECLINE: _("Send my answer"),
    Action.WITHDRAW: _("Step back"),
    Action.END: _("End the pairing"),
    Action.COMPLETE: _("Yes, finish"),
    Action.SUSPEND: _("Stop contact and tell the office"),
}

#: What is likely next is a button; all else, which asks first, is a quiet link.
KIND: Final[dict[Action, str]] = {
    Action.ACCEPT: "primary", Action.DECLINE: "secondary", Action.MEET: "primary", Action.CONFIRM: "secondary",
    Action.RESUME: "primary", Action.PAUSE: "secondary",
}  # fmt: skip
ICON: Final[dict[Action, str]] = {Action.ACCEPT: "check", Action.MEET: "check", Action.CONFIRM: "check"}

#: Who asks, as guides read it.
HOUSEHOLD: Final[dict[Household, Any]] = {
    Household.ALONE: _("One person"),
    Household.ADULTS: _("Several adults"),
    Household.CHILDREN: _("Family with children"),
    Household.LARGE_FAMILY: _("Large family; another guide may join you"),
}

#: Steps that answer a question; they stand beside it, not below.
ANSWERS: Final[dict[Question, tuple[Action, ...]]] = {
    Question.TRIAL_END: (Action.CONFIRM, Action.END), Question.FIRST_MEETING: (Action.MEET,), Question.CHECK_IN: (),
}  # fmt: skip

REASONS: Final[dict[Action, tuple[str, ...]]] = {
    Action.DECLINE: DECLINE_REASONS,
    Action.WITHDRAW: DECLINE_REASONS,
    Action.END: END_REASONS,
}


def lessons(had: int, wanted: int) -> str:
    """Return how far the training is."""
    return str(gettext("%(had)d of %(wanted)d lessons", had=had, wanted=wanted))


def level(code: str) -> str:
    """Return how well somebody else speaks a language."""
    return str(gettext("first language")) if code == "C2" else words.word(code, "level")


def week(slots: list[str]) -> list[str]:
    """Return times by day: "Monday: in the morning, in the evening"."""
    days: dict[str, list[str]] = {}
    for slot in slots:
        day, _sep, part = slot.partition("-")
        days.setdefault(day, []).append(words.word(part, "part"))
    return [f"{words.word(day, 'day')}: {words.listed(parts)}" for day, parts in days.items()]


def between(seen: Seen) -> str:
    """Return the days between which one appointment is wanted: ": 1 March 2026 – 5 March 2026"."""
    days = " – ".join(words.day(each) for each in (seen.wanted_from, seen.wanted_until) if each)
    return f": {days}" if days else ""


def fits(seen: Seen) -> list[str]:
    """Return why the two may fit, a sentence each."""
    languages = words.listed(words.language_name(code) for code in seen.shared_languages)
    topics = words.listed(words.word(code, "topic") for code in seen.shared_topics)
    times = words.listed(words.slot(code) for code in seen.shared_slots[:3])
    told = {
        languages: gettext("You can talk with each other: %(languages)s", languages=languages),
        topics: gettext("You help with what is needed: %(topics)s", topics=topics),
        times: gettext("You both have time: %(times)s", times=times),
    }
    return [sentence for values, sentence in told.items() if values]


def next_step(seen: Seen) -> str:
    """Return what happens next in a pairing."""
    if seen.confirmed and seen.state is State.TRIAL:
        return str(SAID_YES)
    if seen.state is State.APPROVED and seen.first_meeting_at:
        return str(gettext("Your first meeting is arranged. The coordination office will be there."))
    if seen.state is State.TRIAL and seen.trial_until:
        until = words.day(seen.trial_until, "long")
        told = gettext("Get to know each other until %(day)s. Then each of you says whether you go on.", day=until)
        return str(told)
    return f"{NEXT[seen.state]} {MAY_READ}" if seen.state is State.SUSPENDED else str(NEXT[seen.state])
