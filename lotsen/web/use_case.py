"""How a view runs a use case: one transaction, and a refusal becomes a sentence instead of an error page."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from flask import flash, g
from flask_login import current_user
from sqlmodel import Session

from lotsen import db, words
from lotsen.rules.errors import DomainError, NotFound
from lotsen.services.actor import Actor, actor_of

Result = TypeVar("Result")


def actor() -> Actor:
    """Return who is signed in, as services know them."""
    return actor_of(current_user._get_current_object())


def attempt(
    use_case: Callable[[Session], Result],
    success: str | None = None,
    refusal: Callable[[str, Mapping[str, Any]], str] = words.error_text,
) -> Result | None:
    """Run `use_case` in one transaction and flash `success`; flash the `refusal` and return None where it refuses.

    `g.refused` tells who writes down what was done that nothing was.

    `NotFound` is not caught: foreign and missing objects answer 404 (`web.errors`).
    """
    try:
        result = db.run(use_case)
    except NotFound:
        raise
    except DomainError as error:
        flash(refusal(error.code, error.details), "danger")
        g.refused = True
        return None
    if success:
        flash(success, "success")
    return result
