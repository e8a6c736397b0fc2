"""What goes wrong in the interface, as JSON (RFC 9457): a status, a code for programs, a sentence for people.

English alone: whoever reads it writes programs. What was sent is never repeated.
"""

from collections.abc import Iterable, Mapping
from http import HTTPStatus
from typing import Any, Final, TypeVar

from flask import Response, request
from pydantic import BaseModel, ValidationError
from werkzeug.exceptions import HTTPException

from lotsen.web.api.schemas import Fault, Problem

Model = TypeVar("Model", bound=BaseModel)
ROOT: Final = "/api/"
#: Why an HTTP status comes.
TITLES: Final = {
    400: "This is not JSON, or nested too deeply.",
    401: "Please send a token in use: Authorization: Bearer lotsen_…",
    404: "There is nothing here for this token.",
    405: "This address does not take this method.",
    413: "That was too much at once.",
    415: "Please send JSON: Content-Type: application/json",
    429: "Too many requests. Please wait a minute.",
    500: "Something went wrong on our side. Nothing was changed.",
    503: "The database does not answer. Nothing was changed. Please try again later.",
}
#: Headers of an error that programs read.
_TOLD: Final = frozenset({"Allow", "WWW-Authenticate", "Retry-After"})


def ours() -> bool:
    """Whether a program asks, which cannot read our pages."""
    return request.path.startswith(ROOT)


def problem(status: int, code: str | None = None, title: str | None = None, faults: Iterable[Fault] = ()) -> Response:
    """Return the answer that says what is wrong."""
    named = code or HTTPStatus(status).phrase.lower().replace(" ", "_")
    text = title or TITLES.get(status, HTTPStatus(status).phrase)
    told = Problem(status=status, code=named, title=text, errors=list(faults))
    return Response(told.model_dump_json(), status, mimetype="application/problem+json")


def of_http(error: HTTPException) -> Response:
    """Return what an HTTP error says, with the headers that belong to it."""
    answer = problem(error.code or 500)
    for name, value in error.get_headers():
        if name in _TOLD:
            answer.headers[name] = value
    if error.code == HTTPStatus.TOO_MANY_REQUESTS:
        answer.headers["Retry-After"] = "60"
    return answer


class Invalid(Exception):
    """What was sent is not as it should be."""

    def __init__(self, error: ValidationError) -> None:
        super().__init__()
        self.error = error


def read(model: type[Model], sent: Mapping[str, Any] | bytes) -> Model:
    """Return what was sent, checked: values, or JSON. Raises `Invalid`."""
    try:
        return model.model_validate_json(sent) if isinstance(sent, bytes) else model.model_validate(sent)
    except ValidationError as error:
        raise Invalid(error) from error


def of_fields(invalid: Invalid) -> Response:
    """Return what is wrong with which field."""
    found = invalid.error.errors(include_url=False, include_input=False)
    if any(each["type"] == "json_invalid" for each in found):
        return problem(400)
    return refused([_fault(each) for each in found])


def refused(faults: list[Fault]) -> Response:
    """Return that some fields are not as they should be."""
    return problem(422, "invalid", "Nothing was stored: please look at the errors.", faults)


_NO_CONSENT: Final = ("consent_missing", "Without the person's recorded consent nothing is stored.")
_OUTDATED: Final = ("consent_outdated", "The text has changed: read it at /api/v1/consent and ask the person.")
#: What a wrong value of these fields means.
_MEANT: Final = {
    ("consent", "missing"): _NO_CONSENT,
    ("consent.agreed", "missing"): _NO_CONSENT,
    ("consent.agreed", "bool_type"): _NO_CONSENT,
    ("consent.version", "literal_error"): _OUTDATED,
}


def _fault(error: Any) -> Fault:
    field = ".".join(str(part) for part in error["loc"] if part != "[key]")
    code, message = _MEANT.get((field, error["type"]), (error["type"], error["msg"]))
    return Fault(field=field, code=code, message=message)
