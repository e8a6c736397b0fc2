"""A municipality's settings, for its coordination office and administrators. A module a matter, one blueprint."""

from lotsen.web.settings import contact, days, neighbours, texts
from lotsen.web.settings.blueprint import bp

__all__ = ["bp", "contact", "days", "neighbours", "texts"]
