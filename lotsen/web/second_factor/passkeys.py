"""The WebAuthn ceremonies: options out, the browser's answer in; the library checks it."""

import json
from typing import Any, Final
from urllib.parse import urlsplit

from flask import current_app, session

from lotsen.config import Config
from lotsen.models import Account, Passkey
from lotsen.services.second_factor import WrongCode

_CHALLENGE: Final = "passkey_challenge"


def domain() -> str | None:
    """Return the name that passkeys are bound to; None where we have an address instead of one: browsers refuse it."""
    host = urlsplit(_config().base_url).hostname or ""
    return None if host.replace(".", "").isdecimal() or ":" in host else host


def registration(account: Account, known: list[Passkey]) -> str:
    """Return the options for making a passkey, as JSON."""
    options = _library().generate_registration_options(
        rp_id=domain() or "",
        rp_name="Lotsen",
        user_name=account.email or "",
        user_id=str(account.id).encode(),
        exclude_credentials=_descriptors(known),
    )
    return _asked(options)


def registered(answer: str) -> tuple[str, str, int]:
    """Return a new passkey's id, public key and counter. Raises `WrongCode`."""
    found = _checked(_library().verify_registration_response, credential=answer)
    written = _library().helpers.bytes_to_base64url
    return written(found.credential_id), written(found.credential_public_key), found.sign_count


def authentication(known: list[Passkey]) -> str:
    """Return the options for using a passkey, as JSON."""
    return _asked(
        _library().generate_authentication_options(rp_id=domain() or "", allow_credentials=_descriptors(known))
    )


def authenticated(answer: str, known: list[Passkey]) -> tuple[str, int]:
    """Return the id and the counter of the passkey that was used. Raises `WrongCode`."""
    key = next((each for each in known if each.credential_id == _credential_id(answer)), None)
    if key is None:
        raise WrongCode
    found = _checked(
        _library().verify_authentication_response,
        credential=answer,
        credential_public_key=_library().base64url_to_bytes(key.public_key),
        credential_current_sign_count=key.sign_count,
    )
    return key.credential_id, found.new_sign_count


def _asked(options: Any) -> str:
    """Keep the challenge that the browser has to answer, and return the options as JSON."""
    session[_CHALLENGE] = _library().helpers.bytes_to_base64url(options.challenge)
    written: str = _library().options_to_json(options)
    return written


def _checked(verify: Any, **answer: Any) -> Any:
    challenge = session.pop(_CHALLENGE, None)
    if challenge is None:
        raise WrongCode
    library = _library()
    try:
        return verify(
            expected_challenge=library.base64url_to_bytes(challenge), expected_rp_id=domain() or "",
            expected_origin=_origin(), **answer,
        )  # fmt: skip
    except (library.helpers.exceptions.WebAuthnException, ValueError, KeyError, TypeError) as error:
        raise WrongCode from error


def _credential_id(answer: str) -> str:
    try:
        found = json.loads(answer)
    except ValueError:
        return ""
    return str(found.get("id", "")) if isinstance(found, dict) else ""


def _descriptors(known: list[Passkey]) -> list[Any]:
    library = _library()
    named = library.helpers.structs.PublicKeyCredentialDescriptor
    return [named(id=library.base64url_to_bytes(key.credential_id)) for key in known]


def _origin() -> str:
    parts = urlsplit(_config().base_url)
    return f"{parts.scheme}://{parts.netloc}"


def _library() -> Any:
    import webauthn  # noqa: PLC0415 -- slow to import, and staff alone have passkeys

    return webauthn


def _config() -> Config:
    found: Config = current_app.extensions["lotsen_config"]
    return found
