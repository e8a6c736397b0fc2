"""Error pages: what happened, that nothing is lost, and a way on. No traceback ever reaches a person."""

from http import HTTPStatus
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import structlog
from flask import Flask, Response, current_app, make_response, redirect, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import lazy_gettext as _
from flask_wtf.csrf import CSRFError
from sqlalchemy.exc import OperationalError
from werkzeug.exceptions import HTTPException, MethodNotAllowed, SecurityError
from werkzeug.routing import RequestRedirect

from lotsen import i18n, logs, words
from lotsen.rules.errors import DomainError, NotFound
from lotsen.web.api import problems

TITLES: Final = {
    400: _("This request did not arrive as it should"),
    403: _("This is not possible"),
    404: _("We did not find this page"),
    405: _("This is not possible"),
    413: _("That was too much at once"),
    429: _("Too many tries"),
    500: _("Something went wrong on our side"),
}
TEXTS: Final = {
    400: _("Please go back and try again."),
    404: _("The address may be mistyped, or the page may no longer exist."),
    413: _("Please shorten what you entered and try again."),
    429: _("Please wait a minute, then try again."),
    500: _("Nothing was changed. Please try again in a moment. If it happens again, tell the coordination office."),
}
#: A database that is locked, full or away is no fault of what was asked: to people the same words.
TITLES[503], TEXTS[503] = TITLES[500], TEXTS[500]
#: Seconds after which it is worth trying again; whoever holds the lock is done, or a restart is over.
RETRY_AFTER: Final = "30"


def init_app(app: Flask) -> None:
    """Give every error its page."""
    app.register_error_handler(HTTPException, show)
    app.register_error_handler(CSRFError, show_csrf)
    app.register_error_handler(NotFound, lambda _error: page(404))
    app.register_error_handler(DomainError, refuse)
    app.register_error_handler(Exception, lambda error: fail(app, error))


def page(code: int, title: str | None = None, text: str | None = None) -> ResponseReturnValue:
    """Return the page for an HTTP status; to a program the same in JSON."""
    if problems.ours():
        return problems.problem(code)
    if text is None:  # a refusal of a use case stands in the language of its page
        i18n.in_every_language()
    return render_template(
        "pages/error.html", title=title or TITLES.get(code, TITLES[400]), text=text or TEXTS.get(code, TEXTS[400])
    ), code


def show(error: HTTPException) -> ResponseReturnValue:
    """Show an HTTP error; redirects raised as exceptions pass."""
    if error.code is None or error.code < 400:
        return error.get_response()
    if isinstance(error, SecurityError):  # under a foreign name no page of ours can be built, and none is owed
        return Response("Bad request", 400, mimetype="text/plain")
    if problems.ours():
        return problems.of_http(error)
    asked = isinstance(error, MethodNotAllowed) and request.method in {"GET", "HEAD"}
    if asked and (above := page_above(request.path)):
        return redirect(above)
    return page(error.code)


def page_above(path: str) -> str | None:
    """Return the nearest page that `path` lies under.

    A refused form's page stands at the address that the form was sent to. Whoever loads that address anew, or
    switches the language there, is led to the page that the form belongs to.
    """
    addresses = current_app.create_url_adapter(request)
    while addresses is not None and (path := path.rpartition("/")[0]):
        try:
            addresses.match(path, method="GET")
        except RequestRedirect as moved:
            return urlsplit(moved.new_url).path
        except HTTPException:
            continue
        return path
    return None


def show_csrf(_error: CSRFError) -> ResponseReturnValue:
    """Explain an expired page."""
    return page(
        400, str(_("This page was open for too long")), str(_("Please go back, reload the page and try again."))
    )


def refuse(error: DomainError) -> ResponseReturnValue:
    """Show a use case's refusal that no view caught."""
    return page(409, str(_("This is not possible any more")), words.error_text(error.code, error.details))


def fail(app: Flask, error: Exception) -> ResponseReturnValue:
    """Log an unexpected error, without what people typed, and say that nothing was changed."""
    structlog.get_logger().error("unexpected", kind=type(error).__name__, places=logs.places(error))
    if app.debug or app.testing:
        app.logger.error("unexpected", exc_info=error)
    try:
        answer = make_response(page(503 if isinstance(error, OperationalError) else 500))
    except Exception:  # the page's frame asks the database who is signed in, and that may be what is broken
        answer = make_response((Path(str(app.static_folder)) / "unavailable.html").read_text(encoding="utf-8"), 503)
    if answer.status_code == HTTPStatus.SERVICE_UNAVAILABLE:
        answer.headers["Retry-After"] = RETRY_AFTER
    return answer
