"""Where a newcomer's request stands, as the status page shows it: only what the state allows.

A guide's last name, address, number and mail never get here; a pairing that the guide has not said yes to does not
exist for the newcomer.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from flask import url_for
from flask_babel import gettext
from sqlmodel import Session

from lotsen import words
from lotsen.clock import now
from lotsen.models import CheckIn, Guide, Municipality, Pairing, Person, Request
from lotsen.rules.errors import NotFound
from lotsen.rules.following import Next, Question, soonest
from lotsen.rules.pairing import ASKING, IN_CONTACT, LIVE, RUNNING, Action, Side, State, allowed_actions, find
from lotsen.rules.vocabulary import RequestState
from lotsen.services import agreements, checkins, nextstep, requests
from lotsen.services.conversation import shown_by
from lotsen.web import newcomer_words as say
from lotsen.web.contact import summary
from lotsen.web.contact.summary import Summary
from lotsen.web.guide.say import MAY_READ
from lotsen.web.written import phone

Row = tuple[Pairing, Guide, Person]

#: Until the two are parted, the newcomer sees who the guide is.
_SHOWN = IN_CONTACT | {State.ACCEPTED, State.AGREED}


@dataclass(frozen=True, slots=True)
class Button:
    """Something that the newcomer may do: by one tap, or after a page that explains it."""

    label: str
    url: str
    kind: str
    direct: bool


@dataclass(frozen=True, slots=True)
class Companion:
    """One pairing as its newcomer sees it."""

    title: str
    text: str
    #: Key and value of what may be known about the guide.
    facts: list[dict[str, Any]]
    first_meeting: list[dict[str, Any]]
    buttons: list[Button]
    #: While the two are in contact.
    contact: Summary | None = None
    #: The guide's number or address, where they share it.
    shared: dict[str, str] = field(default_factory=dict)
    #: Where the agreement is, once there is one.
    agreement: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """A question of ours that one tap answers."""

    title: str
    text: str
    until: str
    buttons: list[Button]


@dataclass(frozen=True, slots=True)
class Standing:
    """The whole status page."""

    office: Municipality
    title: str
    text: str
    #: What the person asked for.
    answers: list[dict[str, Any]]
    timeline: list[dict[str, Any]] = field(default_factory=list)
    companions: list[Companion] = field(default_factory=list)
    #: Why nobody fits yet, in kind words.
    hints: list[str] = field(default_factory=list)
    #: What the person is asked now.
    questions: list[Asked] = field(default_factory=list)
    #: Whose turn it is, and until when.
    turn: str = ""
    closable: bool = False
    #: Whether to ask how it goes on after a parting.
    asks_on: bool = False
    closed: bool = False
    #: Whether mails can reach the person, so that there is something to choose.
    has_email: bool = False


def of_person(session: Session, person_id: int | None) -> Standing:
    """Return where somebody's newest request stands. Raises `NotFound` where there is none."""
    request = requests.of_person(session, person_id or 0)
    if request is None:
        raise NotFound
    person = session.get_one(Person, request.person_id)
    office = session.get_one(Municipality, request.municipality_id)
    rows = requests.pairings_of(session, request)
    if request.state is RequestState.CLOSED:
        told = say.FINISHED if request.close_reason == "goal_reached" else say.CLOSED
        return Standing(office, str(told.title), str(told.text), own_answers(request, person), closed=True)
    known = [row for row in rows if row[0].state in RUNNING]
    title, text = headline(request, rows, known)
    pairings = [row[0] for row in known]
    questions = checkins.open_of(session, pairings)
    asked = checkins.put_to(Side.NEWCOMER, pairings, questions)
    return Standing(
        office,
        title,
        text,
        own_answers(request, person),
        timeline(request, known),
        companions(session, known, asked),
        [] if known else hints(request),
        [question(asked[row[0].id or 0]) for row in known if row[0].id in asked],
        words.turn(whose_turn(session, request, pairings, questions), Side.NEWCOMER),
        asks_on=not known and requests.asks_whether_to_look_on(session, request),
        closable=all(find(row[0].state, Action.WITHDRAW) for row in rows if row[0].state in LIVE),
        has_email=bool(person.email),
    )


def headline(request: Request, rows: Sequence[Row], known: Sequence[Row]) -> tuple[str, str]:
    """Return the page's heading and one honest sentence."""
    if known:
        furthest = max(known, key=lambda row: say.STEP_OF.get(row[0].state, len(say.STEPS)))[0]
        return str(say.PAIRING[furthest.state].title), next_step(furthest)
    told = say.LOOKING
    if any(pairing.state in ASKING for pairing, _guide, _person in rows):
        told = say.ASKING
    elif request.nobody:
        told = say.NOBODY
    # A parting or a refusal is the only ending that the newcomer has heard of.
    parted = bool(rows) and rows[0][0].state in {State.ENDED, State.REJECTED}
    return str(told.title), str(say.AGAIN if parted else told.text)


def next_step(pairing: Pairing) -> str:
    """Return what happens next with `pairing`, in a sentence."""
    if pairing.state is State.TRIAL and pairing.newcomer_confirmed_at:
        return str(say.CONFIRMED)
    if pairing.state is State.APPROVED and pairing.first_meeting_at:
        return str(say.FIRST_MEETING) % {"day": when(pairing.first_meeting_at)}
    text = str(say.PAIRING[pairing.state].text)
    if pairing.state is State.SUSPENDED:
        return f"{text} {MAY_READ}"
    return text % {"day": words.day(pairing.trial_until, "long")} if "%(day)" in text else text


def timeline(request: Request, known: Sequence[Row]) -> list[dict[str, Any]]:
    """Return the steps with what is done, current and to come; nothing while the contact is stopped."""
    if any(pairing.state not in say.STEP_OF for pairing, _guide, _person in known):
        return []
    current = max((say.STEP_OF[pairing.state] for pairing, _guide, _person in known), default=say.LOOKING_STEP)
    items: list[dict[str, Any]] = [
        {"title": str(title), "progress": "done" if at < current else "current" if at == current else "upcoming"}
        for at, title in enumerate(say.STEPS)
    ]
    items[0]["when"] = words.day(request.created_at, "long")
    for pairing, _guide, _person in known:
        if pairing.first_meeting_at and pairing.state in IN_CONTACT:
            items[say.STEP_OF[State.APPROVED]]["when"] = when(pairing.first_meeting_at)
    return items


def when(moment: datetime) -> str:
    """Return day of the week, date and time: an appointment."""
    return words.listed((words.day(moment, "full"), words.clock(moment)))


def whose_turn(
    session: Session, request: Request, known: Sequence[Pairing], questions: Sequence[CheckIn]
) -> Next | None:
    """Return the next step that the newcomer may know of: their pairings', else the request's own."""
    steps = nextstep.of_pairings(session, known, Side.NEWCOMER, questions).values()
    return soonest(steps) if steps else nextstep.of_request(session, request)


def question(asked: checkins.Asked) -> Asked:
    """Return a question with the buttons that answer it."""
    if asked.kind is Question.TRIAL_END:
        act = partial(url_for, "newcomer.act", pairing_id=asked.pairing_id)
        buttons = [
            Button(words.word(Action.CONFIRM, "action"), act(action=Action.CONFIRM.value), "primary", direct=True),
            Button(gettext("No, we stop here"), act(action=Action.END.value), "secondary", direct=False),
        ]
    else:
        tap = partial(url_for, "newcomer.answer", checkin_id=asked.id)
        buttons = [
            Button(
                words.word(each, "answer"), tap(name=each), "primary" if each == "good" else "secondary", direct=True
            )
            for each in asked.answers
        ]
    until = gettext("Please answer by %(day)s.", day=words.day(asked.answer_until, "long"))
    title, why = words.word(asked.kind, "question"), words.word(asked.kind, "question_why")
    return Asked(title, why, until, buttons)


def companions(session: Session, known: Sequence[Row], asked: dict[int, checkins.Asked]) -> list[Companion]:
    """Return the pairings as their newcomer may see them."""
    met = [pairing.id or 0 for pairing, _guide, _person in known if pairing.state in IN_CONTACT]
    contacts = summary.of(session, Side.NEWCOMER, met, now())
    return [companion(row, contacts.get(row[0].id or 0), asked.get(row[0].id or 0)) for row in known]


def companion(row: Row, contact: Summary | None, asked: checkins.Asked | None) -> Companion:
    """Return one pairing as its newcomer may see it; what answers a question stands beside the question."""
    pairing, guide, person = row
    facts = about(pairing, guide, person) if pairing.state in _SHOWN else []
    title, shared = str(say.PAIRING[pairing.state].title), shown_by(pairing, person, Side.GUIDE)
    paper = url_for("newcomer.agreement", pairing_id=pairing.id, kind="pdf") if agreements.exists(pairing) else ""
    meeting = first_meeting(pairing)
    return Companion(title, next_step(pairing), facts, meeting, buttons(pairing, asked), contact, shared, paper)


def about(pairing: Pairing, guide: Guide, person: Person) -> list[dict[str, Any]]:
    """Return what the newcomer may know of a guide: first name, languages, topics, town."""
    return [
        {"key": say.FACTS["first_name"], "value": person.first_name},
        {"key": say.FACTS["languages"], "value": [words.language_name(code) for code in person.languages]},
        {"key": say.FACTS["topics"], "value": [words.word(topic, "topic") for topic in guide.topics]},
        {"key": say.FACTS["town"], "value": person.town},
    ]


def first_meeting(pairing: Pairing) -> list[dict[str, Any]]:
    """Return when and where the two first meet, until they have met."""
    if pairing.state is not State.APPROVED or not pairing.first_meeting_at:
        return []
    return [
        {"key": say.FACTS["first_meeting"], "value": when(pairing.first_meeting_at)},
        {"key": say.FACTS["meeting_place"], "value": pairing.first_meeting_place or "–"},
    ]


def buttons(pairing: Pairing, asked: checkins.Asked | None = None) -> list[Button]:
    """Return what the newcomer may do; what ends something comes last."""
    allowed = allowed_actions(pairing.state, Side.NEWCOMER)
    if asked and asked.kind is Question.TRIAL_END:
        allowed = [action for action in allowed if action not in {Action.CONFIRM, Action.END}]
    if pairing.newcomer_confirmed_at:
        allowed = [action for action in allowed if action is not Action.CONFIRM]
    if Action.DECLINE in allowed:
        allowed = [action for action in allowed if action is not Action.WITHDRAW]  # to the newcomer both are a no
    return [
        Button(
            words.word(action, "action"),
            url_for("newcomer.act", pairing_id=pairing.id, action=action.value),
            "primary" if action in say.LOUD else "secondary",
            direct=action in say.DIRECT,
        )
        for action in sorted(allowed, key=say.ORDER.index)
    ]


def hints(request: Request) -> list[str]:
    """Return why nobody fits yet."""
    told = {str(reason.get("code", "")).removeprefix("but_for_"): reason for reason in request.nobody}
    return [
        " ".join([str(say.WHY_NOBODY[code]), *_times(str(reason.get("value") or ""))])
        for code, reason in told.items()
        if code in say.WHY_NOBODY
    ]


def _times(value: str) -> list[str]:
    """Return when the guides have time who fit but for the times: the change that would help."""
    slots = dict(part.split("=", 1) for part in value.split(";") if "=" in part).get("slots", "")
    times = words.listed([words.slot(slot) for slot in slots.split("|") if slot])
    return [str(say.THEIR_TIMES) % {"times": times}] if times else []


def own_answers(request: Request, person: Person) -> list[dict[str, Any]]:
    """Return what the person asked for."""
    return [
        {"key": say.FACTS["languages"], "value": [words.language_name(code) for code in person.languages]},
        {"key": say.FACTS["postcode"], "value": f"{person.postcode} {person.town}"},
        {
            "key": say.FACTS["needs"],
            "value": [words.word(topic, "topic") for topic in request.topics] + say.how_long(request.model_dump()),
        },
        {"key": say.FACTS["times"], "value": [words.slot(slot) for slot in request.slots]},
        {"key": say.FACTS["contact"], "value": person.email or phone(person.phone) or "–"},
    ]
