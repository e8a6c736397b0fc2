"""Between the two steps of signing in: the password was right, the second factor is still to come."""

from datetime import datetime, timedelta
from typing import Final

from flask import current_app, redirect, session, url_for
from flask.typing import ResponseReturnValue

from lotsen import db
from lotsen.clock import now
from lotsen.config import Config
from lotsen.models import Account, Method
from lotsen.services import second_factor
from lotsen.web.navigation import home
from lotsen.web.visits import enter, leave

#: Who is half signed in, in the signed cookie: account, method, instant.
_PENDING: Final = "half_signed_in"
#: So long may the second step take.
PATIENCE: Final = timedelta(minutes=10)


def admit(account: Account, method: Method, target: str | None) -> ResponseReturnValue:
    """Let `account` in, or ask for its second factor first; `target` is a path of ours or nothing."""
    if method is not Method.SINGLE_SIGN_ON and second_factor.present(db.reading(), account.id or 0):
        leave()
        session[_PENDING] = [account.id, method.value, now().isoformat()]
        return redirect(url_for("second_factor.challenge", next=target))
    enter(account, method, must_enrol=method is not Method.SINGLE_SIGN_ON and must_have(account))
    return redirect(target or home())


def must_have(account: Account) -> bool:
    """Whether somebody must have a second factor."""
    config: Config = current_app.extensions["lotsen_config"]
    return second_factor.required(db.reading(), account, production=config.production)


def who() -> Account | None:
    """Return who is half signed in; None where nobody is, or it took too long."""
    if _PENDING not in session:
        return None
    account_id, _method, since = session[_PENDING]
    account = db.reading().get(Account, account_id)
    fresh = now() - datetime.fromisoformat(since) < PATIENCE
    return account if account and account.active and fresh else None


def complete(account: Account, target: str | None) -> ResponseReturnValue:
    """Let in who has shown the second factor."""
    enter(account, Method(session[_PENDING][1]))
    return redirect(target or home())
