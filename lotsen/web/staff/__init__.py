"""For leads and administrators: who works here, and how the office signs in. A module a matter, one blueprint."""

from lotsen.web.staff import codes, colleagues, lists, organisations, provider
from lotsen.web.staff.blueprint import bp

__all__ = ["bp", "colleagues", "lists", "organisations", "provider"]

codes.register()
