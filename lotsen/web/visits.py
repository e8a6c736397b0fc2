"""Entering and leaving: a new session at each sign-in, none after leaving."""

import re
from typing import Final

from flask import Response, request, session
from flask_login import login_user, logout_user
from sqlmodel import Session

from lotsen import access, db
from lotsen.clock import now
from lotsen.models import Account, Method
from lotsen.services import sessions

_BROWSERS: Final = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser", "Samsung Internet"), ("Firefox|FxiOS", "Firefox"),
    ("Chrome|CriOS", "Chrome"), ("Safari", "Safari"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("iPhone|iPad", "iOS"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X|Macintosh", "macOS"),
    ("CrOS", "ChromeOS"), ("Linux|X11", "Linux"),
)  # fmt: skip


def device() -> str:
    """Return browser and system by name, without versions: enough to know one's own device again."""
    agent = request.headers.get("User-Agent", "")
    found = (
        next((name for pattern, name in names if re.search(pattern, agent)), "") for names in (_BROWSERS, _SYSTEMS)
    )
    return ", ".join(name for name in found if name)


def enter(account: Account, method: Method, *, must_enrol: bool = False) -> None:
    """Sign `account` in on this device, under a fresh session; the device's earlier one ends."""
    label, earlier = device(), access.sign_in()

    def begin(writing: Session) -> str:
        if earlier is not None:
            sessions.discard(writing, earlier.id or 0)
        return sessions.begin(writing, account, method, now(), device=label, must_enrol=must_enrol)

    key = db.run(begin)
    renew_session()
    session[access.KEY] = key
    login_user(account)


def leave() -> None:
    """Sign this device out: its cookie opens nothing any more, not even a copy of it."""
    here = access.sign_in()
    if here is not None:
        db.run(lambda writing: sessions.discard(writing, here.id or 0))
    logout_user()
    renew_session()


def forget_everything(response: Response) -> Response:
    """Let the browser forget the pages that it kept."""
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
    return response


def renew_session() -> None:
    """Start a new session; only the chosen language stays."""
    language = session.get("lang")
    session.clear()
    if language:
        session["lang"] = language
