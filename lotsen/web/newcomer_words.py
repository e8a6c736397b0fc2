"""Sentences for newcomers only: consent, where a request stands, what a button does, why nobody fits yet.

Short and kind; they are read on small screens, in a second or third language, by people who wait.
"""

from collections.abc import Mapping
from datetime import date
from typing import Any, Final, NamedTuple

from flask_babel import gettext
from flask_babel import lazy_gettext as _

from lotsen import words
from lotsen.rules.pairing import Action, State
from lotsen.rules.vocabulary import RequestKind

#: Changes with every change of the text below.
CONSENT_VERSION: Final = "2026-1"


def consent_text(office: str) -> list[str]:
    """Return the paragraphs that somebody agrees to."""
    return [
        gettext(
            "%(office)s stores my answers to find a guide for me. Only the people in this office see all of them.",
            office=office,
        ),
        gettext(
            "Guides are asked without my name. They see my languages, my town, what I need, my times and who needs "
            "help."
        ),
        gettext(
            "My guide learns my first name when I have said yes and the office agrees. I decide about everything else."
        ),
        gettext(
            "If an office, a school or a course sent me here, they only learn whether my request is open, placed or "
            "closed. My answers do not go to the immigration office."
        ),
        gettext(
            "I do this of my own free will. I can take my consent back at any time: the coordination office then "
            "deletes "
            "my data. What was done until then stays lawful."
        ),
    ]


#: Changes with every change of the text below.
COUNSELLING_VERSION: Final = "2026-1"


def counselling_text(office: str) -> list[str]:
    """Return the paragraphs that somebody agrees to who is passed on to professional counselling."""
    return [
        gettext(
            "%(office)s may pass this on to a counselling service for people who are new in Germany (MBE or JMD): my "
            "first name, my languages, my place, what I need help with, and how I can be reached.",
            office=office,
        ),
        gettext("The counselling is free of charge. What I say there stays there."),
        gettext("I do this of my own free will. A no changes nothing about my request for a guide."),
    ]


#: Changes with every change of the text below.
MOVE_VERSION: Final = "2026-1"


def move_text(office: str, other: str) -> list[str]:
    """Return the paragraphs that somebody agrees to who moves and is handed over to another office."""
    return [
        gettext(
            "I am moving. %(office)s may give my file to %(other)s: my answers and how I can be reached.",
            office=office, other=other,
        ),
        gettext("I do this of my own free will. I can change my mind until %(other)s has said yes.", other=other),
    ]  # fmt: skip


def how_long(asked: Mapping[str, Any]) -> list[str]:
    """Return that one appointment is wanted, and when; nothing for the usual, lasting company."""
    if asked.get("kind") != RequestKind.ONE_OFF:
        return []
    wanted = [asked[key] for key in ("wanted_from", "wanted_until") if asked.get(key)]
    days = " – ".join(words.day(date.fromisoformat(str(each))) for each in wanted)
    said = words.word(RequestKind.ONE_OFF, "request_kind")
    return [f"{said}: {days}" if days else said]


class Standing(NamedTuple):
    """Where something stands, and what happens next."""

    title: Any
    text: Any


LOOKING: Final = Standing(
    _("We are looking for your guide"), _("We look again every night. You need to do nothing. We tell you here.")
)
ASKING: Final = Standing(
    _("We are asking a guide"), _("A guide could fit you, and we have asked. The answer usually comes within a week.")
)
NOBODY: Final = Standing(
    _("We have not found anybody yet"),
    _("Your request stays open and keeps its place. We look again every night, and new guides join all the time."),
)
CLOSED: Final = Standing(
    _("Your request is closed"),
    _("We are not looking any more. If you need a guide again, you are welcome to ask again."),
)
FINISHED: Final = Standing(
    _("You have reached your goal"), _("The time with your guide is finished. We wish you all the best!")
)
AGAIN: Final = _(
    "It did not work out with one guide. That is nobody’s fault: your request keeps its place, and we look on."
)

#: What a newcomer reads about a pairing; %(day)s is the first meeting or the trial's end.
PAIRING: Final = {
    State.ACCEPTED: Standing(
        _("A guide would like to meet you"), _("Would you like to meet this person, too? Both answers are fine.")
    ),
    State.AGREED: Standing(
        _("You have both said yes"),
        _("The coordination office looks at it now and then invites you both. We tell you here."),
    ),
    State.APPROVED: Standing(
        _("You have a guide"), _("The coordination office will invite you both to a first meeting.")
    ),
    State.TRIAL: Standing(
        _("You are getting to know each other"),
        _("Take your time until %(day)s. Then both of you say whether you want to go on."),
    ),
    State.ACTIVE: Standing(
        _("Your guide accompanies you"), _("You arrange your meetings together. If something is not right, tell us.")
    ),
    State.PAUSED: Standing(
        _("You are taking a break"), _("Nobody expects anything from you now. Go on when you are ready.")
    ),
    State.SUSPENDED: Standing(
        _("We have stopped the contact"),
        _(
            "A problem was reported. Two people in the coordination office look at it and will talk with you. You "
            "need to do nothing."
        ),
    ),
}
FIRST_MEETING: Final = _("You meet for the first time on %(day)s. Somebody from the coordination office is there, too.")
CONFIRMED: Final = _("You said yes. We are waiting for your guide’s answer.")

#: The steps that everybody goes through, and where each state stands among them.
STEPS: Final = (
    _("We have your request"),
    _("We look for a guide"),
    _("A guide says yes"),
    _("You say yes or no"),
    _("The coordination office agrees"),
    _("First meeting, together with the office"),
    _("You get to know each other"),
    _("Your guide accompanies you"),
)
LOOKING_STEP: Final = 1
STEP_OF: Final = {
    State.ACCEPTED: 3,
    State.AGREED: 4,
    State.APPROVED: 5,
    State.TRIAL: 6,
    State.ACTIVE: 7,
    State.PAUSED: 7,
}


class Ask(NamedTuple):
    """A button's confirmation page: heading, what happens then, what is said afterwards."""

    title: Any
    text: Any
    done: Any


ASKS: Final = {
    Action.AGREE: Ask(
        _("Would you like to meet this guide?"),
        _("The coordination office looks at it and then invites you both to a first meeting."),
        _("Thank you! The coordination office looks at it now."),
    ),
    Action.DECLINE: Ask(
        _("You do not want to meet this guide?"),
        _(
            "That is fine. You need not say why. The guide only hears that it did not work out, and we look for "
            "somebody else."
        ),
        _("That is fine. We look for somebody else."),
    ),
    Action.WITHDRAW: Ask(
        _("Do you want to step back?"),
        _("You need not say why. Your guide is told kindly. We look for somebody else if you wish."),
        _("You have stepped back. We look for somebody else."),
    ),
    Action.CONFIRM: Ask(
        _("Do you want to go on with this guide?"),
        _("If your guide says yes, too, you go on together."),
        _("Thank you for your answer!"),
    ),
    Action.PAUSE: Ask(
        _("Do you want to take a break?"),
        _("Your guide is told. You can go on whenever you like."),
        _("You are taking a break now."),
    ),
    Action.RESUME: Ask(
        _("Do you want to go on?"),
        _("Your guide is told, and you can meet again."),
        _("Welcome back! You go on together."),
    ),
    Action.END: Ask(
        _("Do you want to end it?"),
        _("You need not say why. Your guide is told kindly. We look for somebody else if you wish."),
        _("It is ended. Your request is open again, with its old place."),
    ),
    Action.SUSPEND: Ask(
        _("Do you want to report a problem?"),
        _(
            "The contact stops at once. Two people in the coordination office look at it and talk with you. Nothing "
            "happens to your request."
        ),
        _("Thank you for telling us. The contact is stopped, and the coordination office has been told."),
    ),
}
CLOSE: Final = Ask(
    _("Do you want to close your request?"),
    _("We stop looking for a guide. You can ask again at any time."),
    _("Your request is closed."),
)
#: Asks as well whether somebody else shall be looked for.
PARTING: Final = frozenset({Action.WITHDRAW, Action.END})
#: Buttons in this order: what goes on first, what ends something last.
ORDER: Final = (
    Action.AGREE, Action.CONFIRM, Action.RESUME, Action.DECLINE,
    Action.PAUSE, Action.WITHDRAW, Action.END, Action.SUSPEND,
)  # fmt: skip
#: A yes needs one tap; the others are explained first.
DIRECT: Final = frozenset({Action.AGREE, Action.CONFIRM, Action.RESUME})
#: What is next while nothing is asked; going on after a trial is loud only when it is asked.
LOUD: Final = DIRECT - {Action.CONFIRM}

FACTS: Final = {
    "first_name": _("First name"),
    "languages": _("Languages"),
    "topics": _("Helps with"),
    "town": _("Lives in or near"),
    "first_meeting": _("First meeting"),
    "meeting_place": _("Where you meet"),
    "postcode": _("Place"),
    "office": _("Coordination office"),
    "needs": _("You need help with"),
    "times": _("You have time"),
    "household": _("Who needs a guide"),
    "guide_gender": _("Your guide should be"),
    "gender": _("You are"),
    "contact": _("How we reach you"),
}

#: When guides have time who fit but for the times.
THEIR_TIMES: Final = _("Guides have time then: %(times)s.")

#: The matcher's reasons why nobody fits, as something that one can hear.
WHY_NOBODY: Final = {
    "others_chosen": _("Guides would fit, but somebody who has waited longer was first."),
    "no_guides": _("There are no free guides near you at the moment."),
    "no_shared_slot": _("Guides have time at other hours. If you have more free times, tell the coordination office."),
    "too_far": _("The guides who fit live too far away."),
    "no_shared_topic": _("The guides near you help with other things."),
    "other_municipality": _("The guides who fit live in another municipality."),
    "guide_gender": _(
        "No guide fits your wish for a woman or a man at the moment. If anybody is fine, tell the office."
    ),
    "newcomer_gender": _("The free guides would like to accompany other people at the moment."),
    "no_conduct_check": _("Guides for families need a certificate first. Some are waiting for theirs."),
    "guide_not_cleared": _("New guides are still getting ready."),
    "no_shared_language": _(
        "No free guide near you speaks your languages yet. With an interpreter it may be possible."
    ),
    "no_free_place": _("All guides who fit are accompanying somebody already."),
    "excluded": _("The guides who fit have been asked already."),
    "other_kind": _("The guides who fit help only for one appointment, or only for some time."),
    "no_single_change": _("Several things together make it hard at the moment. The coordination office knows."),
}
