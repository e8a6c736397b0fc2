"""A newcomer's answers until they are sent: in the signed session cookie on the person's own device, nowhere else."""

from typing import Any

from flask import session

from lotsen import crypto
from lotsen.rules.answers import RequestAnswers
from lotsen.web import typed
from lotsen.web.forms.request import Draft

_KEY = "request"
_NOT_ANSWERS = {"code"}


def current() -> Draft:
    """Return what was answered so far."""
    draft: Draft = session.get(_KEY, {})
    return draft


def keep(draft: Draft) -> None:
    """Keep the answers for a day; with the first one the status code is drawn, so that sending twice is once."""
    typed.forget()
    session[_KEY] = {"code": crypto.new_status_code()} | draft
    session.permanent = True


def discard() -> None:
    """Forget the answers."""
    typed.forget()
    session.pop(_KEY, None)
    session.permanent = False


def answers(draft: Draft) -> RequestAnswers:
    """Return a complete draft as the service takes it. Raises `pydantic.ValidationError` where it is not complete."""
    values: dict[str, Any] = {key: value for key, value in draft.items() if key not in _NOT_ANSWERS}
    return RequestAnswers(**values)
