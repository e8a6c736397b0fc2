"""The best guides for one newcomer at once: many guides kept ready, and kept fresh as they change."""

from collections.abc import Iterable, Mapping
from typing import Any

from matching.matcher import Matcher
from matching.profiles import Guides, Newcomers
from matching.suggestion import Pair

#: What nothing else is worked out from: it is changed where it stands.
_PLAIN = ("capacity", "free_places", "cleared", "children_cleared", "completed", "kinds")
#: The last changes are read anew with each further one; so many of them join the earlier ones.
_LAST_CHANGES = 16
#: Earlier changes collected before the whole list is made ready again.
_MANY_CHANGES = 256


class Shortlist:
    """Guides made ready for questions about single newcomers.

    Who gives or takes a place is changed in place. Guides who change otherwise are kept beside the others until there
    are many of them, the last ones apart, so that a change costs no more than a question does. Not safe for several
    threads at once without a lock.

    Args:
        guides: Rows with the columns of the guides' file.
        matcher: What to score by.
    """

    _ready: Guides
    _earlier: Guides
    _last: Guides
    _ids_earlier: set[str]
    _ids_last: set[str]

    def __init__(self, guides: Iterable[Mapping[str, Any]], matcher: Matcher | None = None) -> None:
        self._matcher = matcher or Matcher()
        self._rows = {str(row["id"]): row for row in guides}
        self._make_ready()

    def put(self, guide: Mapping[str, Any]) -> None:
        """Add a guide, or replace what was known of one.

        Raises:
            InputError: The row cannot be used; nothing changes.
        """
        one, number = Guides.read([guide]), str(guide["id"])
        known = self._rows.get(number)
        self._rows[number] = guide
        if known is None or number in self._ids_last | self._ids_earlier or _without(known) != _without(guide):
            self._change(number)
            return
        place = self._ready.position[number]
        for name in _PLAIN:
            getattr(self._ready, name)[place] = getattr(one, name)[0]

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
            for guides in (self._ready, self._earlier, self._last)
            if len(guides)
            for pair in self._matcher.best(person, guides, count, excluded=excluded)
        ]
        found.sort(key=lambda pair: (-pair.score, pair.guide_id))
        return [pair._replace(rank=rank) for rank, pair in enumerate(found[:count], 1)]

    def _change(self, guide_id: str) -> None:
        for guides in (self._ready, self._earlier):
            if guide_id in guides.position:
                guides.free_places[guides.position[guide_id]] = 0
        self._ids_last.add(guide_id)
        if len(self._ids_last) > _LAST_CHANGES:
            self._ids_earlier |= self._ids_last
            self._ids_last = set()
            self._earlier = self._read(self._ids_earlier)
        if len(self._ids_earlier) > _MANY_CHANGES:
            self._make_ready()
        else:
            self._last = self._read(self._ids_last)

    def _read(self, ids: set[str]) -> Guides:
        return Guides.read([self._rows[guide_id] for guide_id in ids if guide_id in self._rows])

    def _make_ready(self) -> None:
        self._ready = Guides.read(list(self._rows.values()))
        self._earlier = self._last = Guides.read([])
        self._ids_earlier = set()
        self._ids_last = set()
        self._ready.prepare()


def _without(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _PLAIN}
