"""The blueprint that this package's modules add their pages to."""

from flask import Blueprint

bp = Blueprint("second_factor", __name__)
