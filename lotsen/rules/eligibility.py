"""Hard rule 1 and what a guide still lacks before the first pairing. The matcher checks rules 3 to 6."""

from datetime import date
from enum import StrEnum
from typing import Final, Protocol


class Step(StrEnum):
    """What stands between registering and the first offer."""

    CONFIRM_ADDRESS = "confirm_address"
    INTERVIEW = "interview"
    CONDUCT_CHECK = "conduct_check"
    TRAINING = "training"
    CLEARANCE = "clearance"


class GuideFile(Protocol):
    """The part of a guide's file that decides about proposals."""

    address_confirmed: bool
    interview_on: date | None
    interview_children: bool | None
    cleared_on: date | None
    conduct_valid_until: date | None
    training_lessons: int
    paused: bool
    paused_until: date | None


#: Without these nobody is proposed; the others are shown as missing, and the office decides.
REQUIRED: Final = frozenset({Step.INTERVIEW, Step.CLEARANCE})


def missing_steps(guide: GuideFile, lessons: int, today: date) -> list[Step]:
    """Return what the guide still lacks, in the usual order; `lessons` is the office's setting."""
    lacks = {
        Step.CONFIRM_ADDRESS: not guide.address_confirmed,
        Step.INTERVIEW: guide.interview_on is None,
        Step.CONDUCT_CHECK: not conduct_valid(guide, today),
        Step.TRAINING: guide.training_lessons < lessons,
        Step.CLEARANCE: guide.cleared_on is None,
    }
    return [step for step, missing in lacks.items() if missing]


def cleared(guide: GuideFile) -> bool:
    """Hard rule 1, first half: interview finished and cleared by the office."""
    return guide.interview_on is not None and guide.cleared_on is not None


def conduct_valid(guide: GuideFile, today: date) -> bool:
    """Hard rule 1, second half: a conduct check that is valid today."""
    return guide.conduct_valid_until is not None and guide.conduct_valid_until >= today


def children_cleared(guide: GuideFile, today: date) -> bool:
    """Whether the guide may accompany a household with children."""
    return cleared(guide) and for_children(guide, today)


def for_children(guide: GuideFile, today: date) -> bool:
    """Whether nothing speaks against children: neither the conduct check nor the interview."""
    return conduct_valid(guide, today) and guide.interview_children is not False


def paused(guide: GuideFile, today: date) -> bool:
    """Whether the guide takes a break: `paused_until` is its last day, none means until the guide says otherwise."""
    return guide.paused and (guide.paused_until is None or guide.paused_until >= today)


def violations(guide: GuideFile, *, children: bool, today: date) -> list[str]:
    """Return the codes of rule 1 that a pairing with this guide would break; empty where it may be proposed."""
    found = []
    if not cleared(guide):
        found.append("not_cleared")
    if children and not conduct_valid(guide, today):
        found.append("no_conduct_check")
    if children and guide.interview_children is False:
        found.append("not_for_children")
    if paused(guide, today):
        found.append("paused")
    return found
