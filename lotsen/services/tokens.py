"""Links in mails: signed, never stored, made when the mail is rendered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from itsdangerous import BadData, URLSafeTimedSerializer

_CONFIRM: Final = "confirm-address"


@dataclass(frozen=True, slots=True)
class Confirmation:
    """What a confirmation link says, once its signature holds."""

    account_id: int
    signed_at: datetime


def confirm_address(secret_key: str, account_id: int) -> str:
    """Return the token by which the owner of an account's address confirms it."""
    return str(URLSafeTimedSerializer(secret_key, salt=_CONFIRM).dumps(account_id))


def read_confirmation(secret_key: str, token: str) -> Confirmation | None:
    """Return what `token` says and since when, however old it is; None where we did not sign it."""
    try:
        account_id, signed_at = URLSafeTimedSerializer(secret_key, salt=_CONFIRM).loads(token, return_timestamp=True)
    except BadData:
        return None
    return Confirmation(account_id, signed_at) if isinstance(account_id, int) else None
