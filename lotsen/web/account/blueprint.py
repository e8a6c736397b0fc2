"""The blueprint that this package's modules add their pages to."""

from flask import Blueprint

bp = Blueprint("account", __name__)
