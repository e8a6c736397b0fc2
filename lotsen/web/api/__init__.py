"""The interface for other systems: referrals in, three words back; the Land's statistics out. See docs/api.md."""

from lotsen.web.api import referrals, statistics
from lotsen.web.api.blueprint import bp

__all__ = ["bp", "referrals", "statistics"]
