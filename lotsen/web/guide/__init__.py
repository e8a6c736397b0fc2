"""The guide: registers, answers offers, keeps an eye on pairings and the own offer."""

from lotsen.web.guide import dashboard, pairing, papers, profile, volunteer
from lotsen.web.guide.blueprint import bp

__all__ = ["bp", "dashboard", "pairing", "papers", "profile", "volunteer"]
