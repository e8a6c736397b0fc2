"""How the demo's pairings come about: an agenda in the order of time, and what fate has in store for each pairing.

Everything happens through the real services, with the clock of the story.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Final

from lotsen.rules.pairing import Action, Side

Deed = Callable[[datetime], None]
A, N, G, O, J = Action, Side.NEWCOMER, Side.GUIDE, Side.OFFICE, Side.SYSTEM  # noqa: E741 -- the tables below


@dataclass(slots=True)
class Agenda:
    """What will happen when; deeds may plan further deeds."""

    until: datetime
    _heap: list[tuple[datetime, int, Deed]] = field(default_factory=list)
    _order: "count[int]" = field(default_factory=count)

    def at(self, when: datetime, deed: Deed) -> None:
        """Plan `deed`; what lies after the end of the story never happens."""
        if when <= self.until:
            heapq.heappush(self._heap, (when, next(self._order), deed))

    def play(self) -> None:
        """Let everything happen, in the order of time."""
        while self._heap:
            when, _order, deed = heapq.heappop(self._heap)
            deed(when)


@dataclass(frozen=True, slots=True)
class Step:
    """One action of one side, so many days after the one before; `to_go`: so many days before the story's end."""

    action: Action
    side: Side
    after: float = 1.0
    reason: str | None = None
    to_go: float | None = None

    def when(self, before: datetime, end: datetime) -> datetime:
        """Return the moment of this step; never before the last one."""
        if self.to_go is None:
            return before + timedelta(days=self.after)
        return max(before + timedelta(minutes=5), end - timedelta(days=self.to_go))


Fate = tuple[Step, ...]

_ASKED: Final[Fate] = (Step(A.RELEASE, O, 0.3), Step(A.ACCEPT, G, 1.2))
_AGREED: Final[Fate] = (*_ASKED, Step(A.AGREE, N, 1.5))
_APPROVED: Final[Fate] = (*_AGREED, Step(A.APPROVE, O, 1.1))
_TRIAL: Final[Fate] = (*_APPROVED, Step(A.MEET, G, 4))
_ACTIVE: Final[Fate] = (*_TRIAL, Step(A.CONFIRM, G, 27), Step(A.CONFIRM, N, 1))

#: Fates by how long ago the matcher proposed (days), in turn. Whatever lies after today has not happened yet, so that
#: the same fate shows as a trial where the proposal is recent.
FATES: Final[dict[int, tuple[Fate, ...]]] = {
    100: (
        (*_ACTIVE, Step(A.COMPLETE, G, 50)),
        (*_ACTIVE, Step(A.END, N, 40, "no_contact")),
        _ACTIVE,
        (*_TRIAL, Step(A.END, G, 20, "did_not_fit")),
        (*_ACTIVE, Step(A.COMPLETE, O, 35)),
        (Step(A.RELEASE, O, 0.3), Step(A.DECLINE, G, 2, "no_time")),
        _ACTIVE,
        (*_ACTIVE, Step(A.COMPLETE, G, 60)),
        (*_AGREED, Step(A.REJECT, O, 2, "not_suitable")),
        _ACTIVE,
    ),
    45: (
        _ACTIVE,
        (*_ACTIVE, Step(A.PAUSE, G, to_go=12)),
        (Step(A.RELEASE, O, 0.3), Step(A.EXPIRE, J, 7)),
        _ACTIVE,
        (*_ASKED, Step(A.DECLINE, N, 2)),
        (*_ACTIVE, Step(A.SUSPEND, N, to_go=1.2)),
        _ACTIVE,
        (*_TRIAL, Step(A.END, N, 15, "did_not_fit")),
        (*_ASKED, Step(A.EXPIRE, J, 7)),
        _ACTIVE,
        (*_APPROVED, Step(A.WITHDRAW, G, 2, "personal")),
        (*_ACTIVE, Step(A.END, N, 10, "moved")),
        _ACTIVE,
        (Step(A.RELEASE, O, 0.3), Step(A.DECLINE, G, 2, "no_time")),
        _ACTIVE,
        (Step(A.DISMISS, O, 0.5, "not_suitable"),),
        (*_ACTIVE, Step(A.PAUSE, N, to_go=5)),
        _ACTIVE,
    ),
    16: (
        _TRIAL,
        _TRIAL,
        (Step(A.RELEASE, O, 0.3), Step(A.DECLINE, G, 1, "too_far")),
        _TRIAL,
        (Step(A.DISMISS, O, 0.5, "not_suitable"),),
        (*_AGREED, Step(A.REJECT, O, 2, "conflict_of_interest")),
        _TRIAL,
    ),
    9: (
        _AGREED,
        _TRIAL,
        (*_AGREED, Step(A.APPROVE, O, to_go=1)),
    ),
    1: (
        (*_AGREED, Step(A.APPROVE, O, to_go=0.1)),
        (Step(A.RELEASE, O, to_go=0.3),),
        (Step(A.RELEASE, O, 0.2), Step(A.ACCEPT, G, to_go=0.5)),
        (Step(A.RELEASE, O, 0.2), Step(A.ACCEPT, G, 0.6), Step(A.AGREE, N, to_go=0.2)),
        (Step(A.RELEASE, O, 0.1), Step(A.ACCEPT, G, to_go=1.5)),
        (Step(A.RELEASE, O, to_go=2.2),),
        (*_AGREED, Step(A.APPROVE, O, to_go=0.4)),
    ),
    #: Last night's proposals wait for the office.
    0: ((),),
}

#: Days before the story's end on which the matcher ran.
RUNS: Final = (190, 120, 80, 55, 36, 22, 12, 5, 2.5, 0.2)


def fates(days_ago: float) -> tuple[int, tuple[Fate, ...]]:
    """Return what may become of a proposal made so many days ago, and from how many days on that holds."""
    start = max(start for start in FATES if start <= days_ago)
    return start, FATES[start]
