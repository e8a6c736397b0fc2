"""Made-up data to look around in: nine offices, their people, a year of pairings. Never in production."""

from lotsen.demo.logins import listing
from lotsen.demo.seed import seed

__all__ = ["listing", "seed"]
