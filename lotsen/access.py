"""Who may open which page: deny unless allowed.

Each view declares its audience; an application with an undeclared view does not start. Whoever is not signed in is
led to the sign-in page; whoever is somebody else sees that there is nothing.
"""

from collections.abc import Callable
from typing import Final, TypeVar

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user
from sqlalchemy.exc import OperationalError
from sqlmodel import Session
from werkzeug.datastructures import WWWAuthenticate

from lotsen import db
from lotsen.clock import now
from lotsen.models import Account, SignIn
from lotsen.rules.vocabulary import Role
from lotsen.services import api_tokens, sessions

#: Views for everybody.
PUBLIC: Final = "public"
_AUDIENCE: Final = "lotsen_audience"
#: Views for whoever is signed in.
SIGNED_IN: Final = "signed_in"
#: Views also for staff who still have to set up their second factor.
ENROLLING: Final = "enrolling"
#: Views for other systems, which bring a token and no cookie.
SYSTEM: Final = "system"
#: Where the session cookie keeps the key of the signed-in device.
KEY: Final = "signed_in_by"

#: Endpoints of libraries, each public for a reason: files in static/, and nothing else.
_LIBRARY_ENDPOINTS: Final = frozenset({"static"})


class UndeclaredAudience(Exception):
    """A view says not for whom it is."""


View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def audience(*who: Role | str) -> Callable[[View], View]:
    """Declare for whom a view is: roles, `PUBLIC`, `SIGNED_IN` or `SYSTEM`."""

    def declare(view: View) -> View:
        setattr(view, _AUDIENCE, frozenset(who))
        return view

    return declare


def init_app(app: Flask) -> None:
    """Load accounts for flask-login and guard every request."""
    manager = LoginManager(app)
    manager.session_protection = None  # the row below ends sessions; addresses of phones change all the time
    manager.user_loader(load_account)
    app.before_request(guard)


def load_account(account_id: str) -> Account | None:
    """Return who is signed in: re-read on every request, so that a removed colleague is out at once."""
    found = sessions.find(db.reading(), session.get(KEY, ""), now())
    if found is None or str(found.account.id) != account_id:
        return None
    g.signed_in = found  # all of it: a session forgets what nobody holds, and would ask for office and person again
    return found.account


def sign_in() -> SignIn | None:
    """Return the signed-in device of this request."""
    return g.signed_in.device if current_user.is_authenticated and "signed_in" in g else None


def guard() -> ResponseReturnValue | None:
    """Let the declared audience pass."""
    if request.endpoint is None or request.endpoint in _LIBRARY_ENDPOINTS:
        return None  # an unknown address answers 404 by itself
    who = audience_of(request.endpoint)
    if PUBLIC in who:
        return None
    if SYSTEM in who:
        admit_system()
        return None
    device = sign_in()
    if device is None:
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("account.login", next=wanted))
    if SIGNED_IN not in who and current_user.role not in who:
        abort(404)
    note_use(device)
    if device.must_enrol and ENROLLING not in who:
        return redirect(url_for("second_factor.overview"))
    return None


def admit_system() -> None:
    """Let in whoever brings a token in use; `g.api_token` is that token. Whoever is signed in here does not count."""
    brought = request.authorization
    secret = brought.token if brought is not None and brought.type == "bearer" else None
    token = api_tokens.find(db.reading(), secret) if secret else None
    if token is None:
        abort(401, www_authenticate=WWWAuthenticate("bearer"))
    g.api_token = token
    moment = now()
    if token.used_at is None or moment - token.used_at >= api_tokens.GRAIN:
        note(lambda writing: api_tokens.note_use(writing, token.id or 0, moment))


def note_use(device: SignIn) -> None:
    """Note now and then that a device is in use: the idle limit counts from there."""
    moment = now()
    if moment - device.seen_at < sessions.GRAIN:
        return
    note(lambda writing: sessions.touch(writing, device.id or 0, moment))


def note(use: Callable[[Session], None]) -> None:
    """Write down a use; what can be read must not fail because nothing can be written."""
    try:
        db.run(use)
    except OperationalError:
        current_app.logger.warning("use of a session or token was not noted")


def audience_of(endpoint: str) -> frozenset[str]:
    """Return the declared audience of `endpoint`."""
    found: frozenset[str] = getattr(current_app.view_functions[endpoint], _AUDIENCE)
    return found


def check(app: Flask) -> None:
    """Raise `UndeclaredAudience` where a view has no audience."""
    missing = [
        endpoint
        for endpoint, view in app.view_functions.items()
        if endpoint not in _LIBRARY_ENDPOINTS and not getattr(view, _AUDIENCE, None)
    ]
    if missing:
        raise UndeclaredAudience(", ".join(sorted(missing)))
