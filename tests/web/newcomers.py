"""A newcomer in tests: answers the questions as a person would, page by page."""

from typing import Any, Final

from flask import Flask
from werkzeug.test import TestResponse

from tests import factories as make

#: What each page sends, in order.
ANSWERS: Final[dict[str, dict[str, Any]]] = {
    "languages": {"common": ["ar", "de"], "other": "am"},
    "levels": {"level_ar": "C2", "level_de": "A2", "level_am": "B1"},
    "place": {"postcode": "٢٩٢٢١"},
    "office": {"municipality_id": "1"},
    "topics": {"topics": ["housing", "authorities"]},
    "times": {"slots": ["mon-evening", "sat-morning"]},
    "household": {"household": "children"},
    "guide": {"guide_gender": "f"},
    "name": {"first_name": "ليلى"},
    "gender": {"gender": ""},
    "contact": {"contact": "leyla@example.org"},
}


def offices(app: Flask, *names: str) -> None:
    """Store the offices; Celle is the first."""
    with app.app_context(), app.extensions["lotsen_db"].transaction() as session:
        make.municipality(session)
        for number, name in enumerate(names):
            make.municipality(session, f"0340300{number}", name)


def answer(client: Any, step: str, data: dict[str, Any] | None = None, **args: str) -> TestResponse:
    """Open a question and answer it; a refused answer leads back to the question, as a browser follows it."""
    client.get(f"/request/{step}", query_string=args)
    response: TestResponse = client.post(
        f"/request/{step}", data=ANSWERS[step] if data is None else data, query_string=args
    )
    return client.get(response.location) if response.status_code == 303 else response


def answer_all(client: Any, **changed: dict[str, Any]) -> None:
    """Answer every question."""
    for step in ANSWERS:
        response = answer(client, step, changed.get(step))
        assert response.status_code == 302, (step, response.text)


def agree(client: Any) -> TestResponse:
    """Consent and send."""
    page = client.get("/request/check")
    assert page.status_code == 200, page.location
    response: TestResponse = client.post("/request/check", data={"agree": "y", "shown_in": page_language(client)})
    return response


def page_language(client: Any) -> str:
    """The language of the page that is open."""
    return str(client.page.lang)
