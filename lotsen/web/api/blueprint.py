"""The blueprint of the interface. No cookie opens it, so no form's token is asked for: each request brings its own."""

from typing import Final

from flask import Blueprint, Response, g
from pydantic import BaseModel

from lotsen.models import ApiToken
from lotsen.security import csrf, limiter
from lotsen.web.throttle import Door

bp = Blueprint("api", __name__, url_prefix="/api/v1")
csrf.exempt(bp)
limiter.limit("300 per minute")(bp)

#: Sending referrals: counted by token, wherever from.
SENDING: Final = Door("api-referrals", account="60 per minute")


def token() -> ApiToken:
    """Return the token that this request brought."""
    found: ApiToken = g.api_token
    return found


def said(answer: BaseModel, status: int = 200) -> Response:
    """Return `answer` as JSON."""
    return Response(answer.model_dump_json(), status, mimetype="application/json")
