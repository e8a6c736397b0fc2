"""How long a signed-in device stays signed in: unused, and at most."""

from datetime import datetime, timedelta
from typing import Final

from lotsen.rules.vocabulary import Role

_STAFF: Final = (timedelta(hours=2), timedelta(hours=12))
#: Unused, and altogether. A newcomer's phone may be somebody else's too; a working day is a working day.
LIMITS: Final[dict[Role, tuple[timedelta, timedelta]]] = {
    Role.NEWCOMER: (timedelta(hours=1), timedelta(hours=12)),
    Role.GUIDE: (timedelta(hours=12), timedelta(days=7)),
    Role.COORDINATOR: _STAFF,
    Role.REFERRER: _STAFF,
    Role.EVALUATOR: _STAFF,
    Role.REVIEWER: _STAFF,
    Role.ADMIN: (timedelta(hours=1), timedelta(hours=12)),
}
#: Longer than any of them: what is older can be forgotten.
LONGEST: Final = max(absolute for _idle, absolute in LIMITS.values())
#: Roles that sign in with a second factor.
STAFF: Final = frozenset({Role.COORDINATOR, Role.REFERRER, Role.EVALUATOR, Role.REVIEWER, Role.ADMIN})
#: So long ago may somebody have signed in who changes what they sign in with.
FRESH: Final = timedelta(minutes=10)


def alive(role: Role, created_at: datetime, seen_at: datetime, now: datetime) -> bool:
    """Whether a device of somebody in `role` is still signed in."""
    idle, absolute = LIMITS[role]
    return now - seen_at < idle and now - created_at < absolute
