"""The blueprint of the settings' pages, and who may do what there."""

from flask import Blueprint, abort
from flask_login import current_user

from lotsen import db
from lotsen.models import Account, Municipality
from lotsen.services import colleagues, settings

bp = Blueprint("settings", __name__, url_prefix="/settings")


def me() -> Account:
    """Return who is signed in."""
    account: Account = current_user._get_current_object()
    return account


def office(municipality_id: int) -> Municipality:
    """Return the municipality, where whoever is signed in may read its settings."""
    return settings.seen(db.reading(), me(), municipality_id)


def to_change(municipality_id: int) -> Municipality:
    """Return the municipality, where whoever is signed in may change it; to others there is nothing here."""
    return office(municipality_id) if may_change() else abort(404)


def may_change() -> bool:
    """Whether whoever is signed in changes settings, or only reads them."""
    return colleagues.may_manage(me())
