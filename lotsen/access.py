"""Who may open which page: deny unless allowed.

Each view declares its audience; an application with an undeclared view does not start. Whoever is not signed in is
led to the sign-in page; whoever is somebody else sees that there is nothing.
"""

from collections.abc import Callable
from typing import Final, TypeVar

from flask import Flask, abort, current_app, redirect, request, url_for
from flask.typing import ResponseReturnValue
from flask_login import LoginManager, current_user

from lotsen import db
from lotsen.models import Account
from lotsen.rules.vocabulary import Role

#: Views for everybody.
PUBLIC: Final = "public"
_AUDIENCE: Final = "lotsen_audience"
#: Views for whoever is signed in.
SIGNED_IN: Final = "signed_in"

#: Endpoints of libraries, each public for a reason: files in static/, and nothing else.
_LIBRARY_ENDPOINTS: Final = frozenset({"static"})


class UndeclaredAudience(Exception):
    """A view says not for whom it is."""


View = TypeVar("View", bound=Callable[..., ResponseReturnValue])


def audience(*who: Role | str) -> Callable[[View], View]:
    """Declare for whom a view is: roles, `PUBLIC` or `SIGNED_IN`."""

    def declare(view: View) -> View:
        setattr(view, _AUDIENCE, frozenset(who))
        return view

    return declare


def init_app(app: Flask) -> None:
    """Load accounts for flask-login and guard every request."""
    manager = LoginManager(app)
    manager.session_protection = None  # the session key below ends sessions; addresses of phones change all the time
    manager.user_loader(load_account)
    app.before_request(guard)


def load_account(session_id: str) -> Account | None:
    """Return the account behind a session: re-read on every request, so that a removed colleague is out at once."""
    number, _, key = session_id.partition(":")
    account = db.reading().get(Account, int(number)) if number.isdecimal() else None
    return account if account and account.active and account.session_key == key else None


def guard() -> ResponseReturnValue | None:
    """Let the declared audience pass."""
    if request.endpoint is None or request.endpoint in _LIBRARY_ENDPOINTS:
        return None  # an unknown address answers 404 by itself
    who = audience_of(request.endpoint)
    if PUBLIC in who:
        return None
    if not current_user.is_authenticated:
        wanted = request.full_path.rstrip("?") if request.method == "GET" else None
        return redirect(url_for("account.login", next=wanted))
    if SIGNED_IN not in who and current_user.role not in who:
        abort(404)
    return None


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
