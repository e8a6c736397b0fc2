"""Correcting an answer: the same questions as at the beginning, filled in with what is stored."""

from typing import Any, Final

from flask import session as device
from flask import url_for
from sqlmodel import Session

from lotsen import db, words
from lotsen.clock import now
from lotsen.models import Person, Request
from lotsen.rules.answers import RequestAnswers
from lotsen.rules.errors import NotFound
from lotsen.services import offices, requests, rights
from lotsen.web.forms.request import Draft, Question
from lotsen.web.use_case import actor

#: Another office is a move: the office itself hands the request over.
FIXED: Final = frozenset({"office"})
#: Chosen languages wait here, on the device, until their levels are said.
_LANGUAGES: Final = "corrected_languages"
_OF_PERSON: Final = ("languages", "postcode", "first_name", "gender", "email", "phone")
_OF_REQUEST: Final = ("municipality_id", "topics", "slots", "household", "kind", "guide_gender")


def stored(session: Session, person_id: int) -> tuple[Request, Draft]:
    """Return somebody's newest request and its answers as a draft. Raises `NotFound` where there is none."""
    request = requests.of_person(session, person_id)
    if request is None:
        raise NotFound
    person = session.get_one(Person, person_id)
    draft: dict[str, Any] = {key: getattr(person, key) for key in _OF_PERSON}
    draft |= {key: getattr(request, key) for key in _OF_REQUEST}
    days = {"wanted_from": request.wanted_from, "wanted_until": request.wanted_until}
    draft |= {key: day.isoformat() if day else None for key, day in days.items()}
    if _LANGUAGES in device:
        draft["languages"] = device[_LANGUAGES]
    return request, draft


def save(form: Question, step: str, request: Request, draft: Draft) -> str | None:
    """Save a corrected answer and return the next page; None where the service refused (said beside the field)."""
    answered = form.answered(draft)
    if step == "languages":
        device[_LANGUAGES] = answered["languages"]
        return url_for("own.change", step="levels")
    device.pop(_LANGUAGES, None)
    answers, who = RequestAnswers(**answered), actor()
    try:
        db.run(lambda session: rights.correct(session, request.id or 0, answers, who, now()))
    except offices.UnknownPlace as refusal:
        form["postcode"].errors = [words.error_text(refusal.code, refusal.details)]
        return None
    return url_for("own.overview")
