"""The second factor of staff: asked for at sign-in, set up and changed on pages of their own."""

from lotsen.web.second_factor import challenge, setup
from lotsen.web.second_factor.blueprint import bp

__all__ = ["bp", "challenge", "setup"]
