"""The blueprint that this package's modules add their pages to."""

from flask import Blueprint, abort
from flask_login import current_user

from lotsen.models import Account
from lotsen.services import colleagues

bp = Blueprint("staff", __name__, url_prefix="/staff")


def manager() -> Account:
    """Return who is signed in, where they look after staff; to others there is nothing here."""
    account: Account = current_user._get_current_object()
    return account if colleagues.may_manage(account) else abort(404)
