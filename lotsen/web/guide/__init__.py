"""The guide: registers, answers offers, keeps an eye on pairings and the own offer."""

from lotsen.web.guide import dashboard, hours, pairing, papers, profile, volunteer
from lotsen.web.guide.blueprint import bp

__all__ = ["bp", "dashboard", "hours", "pairing", "papers", "profile", "volunteer"]
