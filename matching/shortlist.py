"""The best guides for one newcomer at once: many guides kept ready, and kept fresh as they change."""

from collections.abc import Iterable, Mapping
from typing import Any

from matching.matcher import Matcher
from matching.profiles import Guides, Newcomers
from matching.suggestion import Pair

#: Changes collected before the whole list is made ready again.
_MANY_CHANGES = 256


class Shortlist:
    """Guides made ready for questions about single newcomers.

    A changed guide is kept beside the others until there are many of them, so that a change costs no more than a
    question does. Not safe for several threads at once without a lock.

    Args:
        guides: Rows with the columns of the guides' file.
        matcher: What to score by.
    """

    def __init__(self, guides: Iterable[Mapping[str, Any]], matcher: Matcher | None = None) -> None:
        self._matcher = matcher or Matcher()
        self._rows = {str(row["id"]): row for row in guides}
        self._make_ready()

    def put(self, guide: Mapping[str, Any]) -> None:
        """Add a guide, or replace what was known of one.

        Raises:
            InputError: The row cannot be used; nothing changes.
        """
        Guides.read([guide])
        self._rows[str(guide["id"])] = guide
        self._change(str(guide["id"]))

    def remove(self, guide_id: str) -> None:
        """Forget a guide.

        Raises:
            KeyError: There is none with that id.
        """
        del self._rows[guide_id]
        self._change(guide_id)

    def top(
        self, newcomer: Mapping[str, Any], count: int = 5, *, excluded: Iterable[tuple[str, str]] = ()
    ) -> list[Pair]:
        """List the best feasible guides for a newcomer; rank counts from 1 by score."""
        person = Newcomers.read([newcomer])
        found = [
            pair
            for guides in (self._ready, self._fresh)
            if len(guides)
            for pair in self._matcher.best(person, guides, count, excluded=excluded)
        ]
        found.sort(key=lambda pair: (-pair.score, pair.guide_id))
        return [pair._replace(rank=rank) for rank, pair in enumerate(found[:count], 1)]

    def _change(self, guide_id: str) -> None:
        self._changed.add(guide_id)
        if guide_id in self._ready.position:
            self._ready.free_places[self._ready.position[guide_id]] = 0
        if len(self._changed) > _MANY_CHANGES:
            self._make_ready()
        else:
            self._fresh = Guides.read([self._rows[changed] for changed in self._changed if changed in self._rows])

    def _make_ready(self) -> None:
        self._ready = Guides.read(list(self._rows.values()))
        self._fresh = Guides.read([])
        self._changed: set[str] = set()
        self._ready.prepare()
