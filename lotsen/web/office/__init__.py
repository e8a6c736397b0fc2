"""The coordination office: one module a noun, all on one blueprint."""

from lotsen.web import staff_words
from lotsen.web.office import (
    absences,
    conversation,
    guides,
    help,
    imports,
    insured,
    look_up,
    matching,
    moves,
    new_guide,
    new_request,
    overview,
    pairings,
    papers,
    proof_of_use,
    requests,
    rights,
    sheets,
    story,
    tasks,
    together,
    watched,
    worklist,
)
from lotsen.web.office.blueprint import bp

__all__ = [
    "absences", "bp", "conversation", "guides", "help", "imports", "insured", "look_up", "matching", "moves",
    "new_guide", "new_request", "overview", "pairings", "papers", "proof_of_use", "requests", "rights", "sheets",
    "story", "tasks", "together", "watched", "worklist",
]  # fmt: skip

staff_words.register()
