"""Signing in with the account at work: OpenID Connect's code flow with state, nonce and PKCE, by Authlib."""

from typing import Any, Final

import structlog
from flask import Blueprint, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from lotsen import db
from lotsen.access import PUBLIC, audience
from lotsen.models import Method, SingleSignOn
from lotsen.services import single_sign_on
from lotsen.web import throttle
from lotsen.web.second_factor import pending

bp = Blueprint("single_sign_on", __name__)
_log = structlog.get_logger()

#: Whose provider somebody was sent to, until they come back.
_OFFICE: Final = "single_sign_on"
#: Seconds that a provider may take for an answer.
_TIMEOUT: Final = 10
_DOOR: Final = throttle.Door("single-sign-on", network="60 per 10 minutes")


@bp.get("/login/office")
@audience(PUBLIC)
def offices() -> ResponseReturnValue:
    """List the offices whose staff sign in with their account at work."""
    return render_template("pages/staff/offices.html", offices=single_sign_on.offices(db.reading()))


@bp.get("/login/office/<int:municipality_id>")
@audience(PUBLIC)
def begin(municipality_id: int) -> ResponseReturnValue:
    """Lead to the office's provider. The browser alone keeps where it was sent; nothing is stored here."""
    throttle.attempt(_DOOR)
    provider = single_sign_on.in_use(db.reading(), municipality_id)
    try:
        answer = client(provider).authorize_redirect(address())
    except _faults() as error:
        return failed(error)
    session[_OFFICE] = municipality_id
    return answer  # type: ignore[no-any-return]  # Authlib ships no types


@bp.get("/login/office/callback")
@audience(PUBLIC)
def callback() -> ResponseReturnValue:
    """Take the provider's answer, and let in whose active account it names."""
    throttle.attempt(_DOOR)
    provider = single_sign_on.stored(db.reading(), session.pop(_OFFICE, 0))
    if provider is None or not provider.active:
        return failed(None)
    try:
        claims = client(provider).authorize_access_token()["userinfo"]
        email = believed(claims)
    except _faults() as error:
        return failed(error)
    account = single_sign_on.match(db.reading(), provider, email)
    if account is None:
        flash(_("Lotsen has no account for you. Please ask the lead of your coordination office."), "warning")
        return redirect(url_for("account.login"))
    return pending.admit(account, Method.SINGLE_SIGN_ON, None)


def believed(claims: dict[str, Any]) -> str:
    """Return the address in a provider's claims. Raises `ValueError` where it has not checked that one itself."""
    if claims.get("email_verified", True) in {False, "false"}:
        raise ValueError("email not verified")
    return str(claims["email"])


def client(provider: SingleSignOn) -> Any:
    """Return Authlib's client for an office; made for each request, so that changed settings count at once."""
    from authlib.integrations.flask_client import OAuth  # noqa: PLC0415 -- slow to import, and few offices use it

    return OAuth(current_app).register(
        f"office{provider.municipality_id}",
        client_id=provider.client_id,
        client_secret=provider.client_secret,
        server_metadata_url=f"{provider.issuer}/.well-known/openid-configuration",
        client_kwargs={"scope": "openid email", "code_challenge_method": "S256", "default_timeout": _TIMEOUT},
    )


def _faults() -> tuple[type[Exception], ...]:
    """Return whatever a provider may answer wrongly, and whatever may happen on the way to it."""
    from authlib.common.errors import AuthlibBaseError  # noqa: PLC0415 -- see `client`
    from joserfc.errors import JoseError  # noqa: PLC0415
    from requests import RequestException  # noqa: PLC0415

    return (AuthlibBaseError, JoseError, RequestException, ValueError, KeyError, TypeError, RuntimeError)


def address() -> str:
    """Return the address to which the provider sends people back."""
    base: str = current_app.extensions["lotsen_config"].base_url
    return base.rstrip("/") + url_for("single_sign_on.callback")


def failed(error: Exception | None) -> ResponseReturnValue:
    """Say kindly that it did not work; the log knows the kind of fault, never what the provider wrote."""
    _log.warning("single sign-on failed", kind=type(error).__name__, refused="error" in request.args)
    flash(_("Signing in with your account at work did not work. Please try again, or use your password."), "warning")
    return redirect(url_for("account.login"))
