"""Links in mails: signed, never stored, made when the mail is rendered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from itsdangerous import BadData, URLSafeSerializer, URLSafeTimedSerializer

from lotsen.rules.mail_kinds import OPTIONAL, MailKind
from lotsen.services.mail_choices import Subscription

_CONFIRM: Final = "confirm-address"
_STOP: Final = "stop-mails"


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


def stop_mails(secret_key: str, about: Subscription) -> str:
    """Return the token of the link that stops one kind of mails. It holds as long as the mail may lie in a mailbox."""
    return str(URLSafeSerializer(secret_key, salt=_STOP).dumps([about.table, about.number, about.kind]))


def read_stop(secret_key: str, token: str) -> Subscription | None:
    """Return what `token` may stop; None where we did not sign it, or that kind is needed by now."""
    try:
        table, number, kind = URLSafeSerializer(secret_key, salt=_STOP).loads(token)
        about = Subscription(table, number, MailKind(kind))
    except (BadData, ValueError):
        return None
    return about if about.kind in OPTIONAL else None
