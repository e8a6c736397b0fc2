"""Headers, CSRF tokens and rate limits for every answer."""

import re
from collections.abc import Callable
from ipaddress import ip_address, ip_network
from typing import Any, Final, TypeVar

from flask import Flask, Response, abort, request
from flask_limiter import Limiter
from flask_talisman import Talisman
from flask_wtf import CSRFProtect

from lotsen import ratelimits
from lotsen.config import Config


def network() -> str:
    """Return the network that asks: an IPv4 address, or the part of an IPv6 address that a household is given."""
    address = ip_address(request.remote_addr or "127.0.0.1")
    return str(ip_network((address, 64), strict=False) if address.version == 6 else address)


csrf: Final = CSRFProtect()
limiter: Final = Limiter(network, default_limits=[])

#: Nothing from elsewhere, nothing inline.
CONTENT_SECURITY_POLICY: Final = {
    "default-src": "'self'",
    "base-uri": "'self'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
    "object-src": "'none'",
}


def init_app(app: Flask, config: Config) -> None:
    """Harden every answer of `app`."""
    app.before_request(allow_files)
    csrf.init_app(app)
    app.config["RATELIMIT_STORAGE_URI"] = config.ratelimit_url or ratelimits.URL
    if not config.ratelimit_url:
        app.config["RATELIMIT_STORAGE_OPTIONS"] = {"database": app.extensions["lotsen_db"]}
    app.config["RATELIMIT_HEADERS_ENABLED"] = False
    limiter.init_app(app)
    Talisman(
        app,
        force_https=config.secure,
        strict_transport_security=config.secure,
        session_cookie_secure=config.secure,
        session_cookie_http_only=True,
        content_security_policy=CONTENT_SECURITY_POLICY,
        frame_options="DENY",
        referrer_policy="no-referrer",
        permissions_policy={"geolocation": "()", "camera": "()", "microphone": "()"},
    )
    app.before_request(refuse_deep_json)
    app.after_request(forbid_storing)


View = TypeVar("View", bound=Callable[..., Any])


def also_without_tls(view: View) -> View:
    """Let `view` answer http, too: for what this machine asks itself, past the reverse proxy."""
    setattr(view, "talisman_view_options", {"force_https": False})  # noqa: B010 -- Talisman's own mark
    return view


#: The one page that takes files, and how much it takes: the file of `intake.MAX_BYTES` and what is around it.
_FILES: Final = {"office.import_file": 5_100_000}


def allow_files() -> None:
    """Let a page that takes files read more than all others; before anything reads the form."""
    if request.endpoint in _FILES:
        request.max_content_length = _FILES[request.endpoint]


#: So deep may a JSON body be: nothing of ours is deeper than five.
JSON_DEPTH: Final = 20
#: A text that nothing closes ends with the body. Were it none, each quotation mark in it would be tried as a beginning.
_JSON_STRING: Final = re.compile(rb'"(?:[^"\\]|\\.)*"?', re.DOTALL)


def refuse_deep_json() -> None:
    """Refuse JSON that is nested so deep that parsing it alone would do harm."""
    if request.is_json and depth(request.get_data(cache=True)) > JSON_DEPTH:
        abort(400)


def depth(body: bytes) -> int:
    """Return how deep the brackets of `body` are nested, those in its texts aside; one pass, whatever it holds."""
    deepest = here = 0
    for sign in _JSON_STRING.sub(b"", body):
        here += (sign in b"[{") - (sign in b"]}")
        deepest = max(deepest, here)
    return deepest


def forbid_storing(response: Response) -> Response:
    """Keep pages out of caches: on a shared phone nothing stays behind. Files in static/ never pass here."""
    if request.endpoint != "static":
        response.headers["Cache-Control"] = "no-store"
    return response
