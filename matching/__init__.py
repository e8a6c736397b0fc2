"""Matches newcomers with volunteer guides: exact and explained; a library of its own.

``Matcher().suggest(newcomers, guides)`` proposes; ``assign(scores, capacity)`` solves an assignment alone.
"""

from matching.constraints import VIOLATIONS
from matching.matcher import Explanation, Matcher
from matching.model import ModelError
from matching.prices import assign
from matching.profiles import Guides, Newcomers
from matching.reasons import CODES, Reason
from matching.suggestion import Pair, Suggestion
from matching.tables import InputError, UnknownColumnWarning

__all__ = [
    "CODES",
    "VIOLATIONS",
    "Explanation",
    "Guides",
    "InputError",
    "Matcher",
    "ModelError",
    "Newcomers",
    "Pair",
    "Reason",
    "Suggestion",
    "UnknownColumnWarning",
    "assign",
]
