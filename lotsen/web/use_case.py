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

    `g.along`, where something has set it, is called with the session after the use case: what it writes down of the
    change is kept together with it. `g.refused` tells whoever writes down what was done that nothing was.

    `NotFound` is not caught: foreign and missing objects answer 404 (`web.errors`).
    """
    along: Callable[[Session], None] | None = g.get("along")

    def whole(session: Session) -> Result:
        result = use_case(session)
        if along:
            along(session)
        return result

    try:
        result = db.run(whole)
    except NotFound:
        raise
    except DomainError as error:
        flash(refusal(error.code, error.details), "danger")
        g.refused = True
        return None
    if success:
        flash(success, "success")
    return result
