"""The blueprint that this package's modules add their pages to, and whose pages they are."""

from flask import Blueprint
from flask_login import current_user

from lotsen import db
from lotsen.models import Guide
from lotsen.services import guides

bp = Blueprint("guide", __name__)


def own_file() -> Guide:
    """Return the signed-in guide's file."""
    return guides.of_person(db.reading(), current_user.person_id)
