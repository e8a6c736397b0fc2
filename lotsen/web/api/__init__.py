"""The interface for other systems: referrals in, three words back. JSON, described by itself; see docs/api.md."""

from lotsen.web.api import referrals
from lotsen.web.api.blueprint import bp

__all__ = ["bp", "referrals"]
