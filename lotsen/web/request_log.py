"""Each request once measured: its time in the metrics, one line in the log, its number in the answer.

The line tells what the server did, never for whom: the endpoint instead of the address (which holds numbers of people's
files), no network address, nothing that was typed. Its `request` is in the answer's X-Request-ID, too, and in all other
lines that were written meanwhile, so that one report finds its lines.
"""

import re
import secrets
import time
from typing import Final

import structlog
from flask import Flask, Response, current_app, g, request, request_started

from lotsen.config import Config
from lotsen.web import metrics

HEADER: Final = "X-Request-ID"
#: What reverse proxies number requests with; anything else could carry text of somebody's into the log.
_NUMBER: Final = re.compile(r"[0-9a-f-]{16,36}")
_log = structlog.get_logger()


def init_app(app: Flask) -> None:
    """Measure every request of `app`."""
    request_started.connect(_start, app)  # before everything else, also before a guard that answers by itself
    app.after_request(_end)


def _start(_app: Flask, **_extra: object) -> None:
    g.started = time.perf_counter()
    g.request_number = _number()
    structlog.contextvars.clear_contextvars()
    structlog.contextvars.bind_contextvars(request=g.request_number)


def _number() -> str:
    """Return the number that our proxy gave the request, or a fresh one."""
    config: Config = current_app.extensions["lotsen_config"]
    given = request.headers.get(HEADER, "") if int(config.proxies) else ""
    return given if _NUMBER.fullmatch(given) else secrets.token_hex(16)


def _end(response: Response) -> Response:
    started = g.pop("started", None)
    if started is not None:
        seconds, endpoint = time.perf_counter() - started, request.endpoint or "none"
        metrics.SECONDS.labels(endpoint, request.method, str(response.status_code)).observe(seconds)
        response.headers[HEADER] = g.request_number
        config: Config = current_app.extensions["lotsen_config"]
        if config.production and endpoint != "static":
            milliseconds = round(seconds * 1000, 1)
            _log.info("request", endpoint=endpoint, method=request.method, status=response.status_code, ms=milliseconds)
    return response
