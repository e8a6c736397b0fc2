"""The Land's figures of one quarter: what is counted, by what, and what of it may be published.

Nothing that is published adds up with anything else but a whole with its own parts, so that suppression by parts
(`rules.suppression`) is enough: `tests/rules/test_figures.py` tries to calculate what is hidden.

- Counts are of a quarter, or of its last day; nothing is counted since the beginning of time but ratings.
- Ratings bear no date, so that nobody is recognised by it: they are running totals. Published are whole fives of each,
  and nothing that they add up to: between two quarters there lie none, or five people.
- Between two quarters there lie ways in and out that are never published (requests that wait again, pairings that are
  withdrawn before the first meeting): the difference of two quarters says nothing about either.
- Topics overlap: their figures are no parts of the whole.
- Reasons, states and durations are told of each group, too, where both the group's total and the Land's are published.
  Each such table hides so much that its small cells could be five without any total changing (`hidden_cells`): so
  tables that share totals tell nothing about each other. Nothing is told by place and language at once.
- Ratings know neither language, topic nor household: whoever gives one stays anonymous.
- Times are published with their count alone, and only where at least five people waited longer, and five less.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import product
from math import ceil
from statistics import median
from typing import Final, NamedTuple

from lotsen.rules.pairing import State
from lotsen.rules.suppression import THRESHOLD, hidden_cells, hidden_parts, hidden_where_columns_overlap, small
from lotsen.rules.vocabulary import COMMON_LANGUAGES, TOPICS, Household, Mood


class Measure(StrEnum):
    """What is counted."""

    #: Requests that came in the quarter.
    RECEIVED = "received"
    #: Requests of people who were given a guide in the quarter, and how many days they had waited.
    PLACED = "placed"
    MEDIAN_DAYS = "median_days"
    P90_DAYS = "p90_days"
    #: Requests without a guide at the end of the quarter's last day.
    WAITING = "waiting"
    #: Requests that were closed in the quarter without ever having had a guide.
    UNPLACED = "unplaced"
    #: Pairings that are prepared, and those of people who are in contact, at the end of the quarter's last day.
    ARRANGING = "arranging"
    TOGETHER = "together"
    #: Pairings that were completed or ended in the quarter.
    ENDED = "ended"
    #: Whole hours that guides logged in the quarter, and how many guides that were.
    HOURS = "hours"
    GUIDES = "guides"
    #: How often newcomers gave the service of the office that referred them each face, ever since.
    RATED_GOOD = "rated_good"
    RATED_MIXED = "rated_mixed"
    RATED_DIFFICULT = "rated_difficult"


class By(StrEnum):
    """What a figure is broken down by."""

    LAND = "land"
    MUNICIPALITY = "municipality"
    LANGUAGE = "language"
    TOPIC = "topic"
    HOUSEHOLD = "household"
    STATE = "state"
    REASON = "reason"
    DURATION = "duration"


#: What each case is counted by.
CASE: Final = (By.MUNICIPALITY, By.LANGUAGE, By.TOPIC, By.HOUSEHOLD)
#: Broken down besides, over the whole Land and within each group.
BESIDES: Final[dict[Measure, tuple[By, ...]]] = {
    Measure.WAITING: (By.REASON,),
    Measure.UNPLACED: (By.REASON,),
    Measure.ARRANGING: (By.STATE,),
    Measure.TOGETHER: (By.STATE, By.DURATION),
    Measure.ENDED: (By.REASON, By.DURATION),
}
RATED: Final = {
    Mood.GOOD: Measure.RATED_GOOD,
    Mood.MIXED: Measure.RATED_MIXED,
    Mood.DIFFICULT: Measure.RATED_DIFFICULT,
}
OTHER: Final = "other"
#: First languages have a row each where they are common in Germany, whatever the figures are.
LANGUAGES: Final = (*COMMON_LANGUAGES, OTHER)
ARRANGING: Final = (State.SUGGESTED, State.OFFERED, State.ACCEPTED, State.AGREED)
TOGETHER: Final = (State.APPROVED, State.TRIAL, State.ACTIVE, State.PAUSED, State.SUSPENDED)
#: Why somebody waits: what stands in the way by the matcher's last run.
WHY: Final[dict[str, str]] = {
    "no_shared_language": "language",
    "too_far": "distance",
    "other_municipality": "distance",
    "no_shared_slot": "times",
    "no_shared_topic": "topics",
    "guide_gender": "wishes",
    "newcomer_gender": "wishes",
    **dict.fromkeys(
        ("no_free_place", "others_chosen", "no_guides", "paused", "guide_not_cleared", "no_conduct_check"),
        "no_free_guide",
    ),
}
#: Somebody is proposed, or was not looked for yet; several rules stand in the way.
IN_HAND, SEVERAL = "in_hand", "several"
CLOSINGS: Final = ("own_wish", "helped_elsewhere", "moved", "no_contact", OTHER)
COMPLETED: Final = "completed"
ENDINGS: Final = (COMPLETED, "no_contact", "no_time", "moved", "did_not_fit", "not_said", OTHER)
#: Durations: under so many days, and what the group is called.
DURATIONS: Final = ((31, "month"), (92, "quarter"), (183, "half_year"), (366, "year"))
LONGER: Final = "longer"
GROUPS: Final[dict[tuple[Measure | None, By], tuple[str, ...]]] = {
    (None, By.LANGUAGE): LANGUAGES,
    (None, By.TOPIC): TOPICS,
    (None, By.HOUSEHOLD): tuple(Household),
    (None, By.DURATION): (*(name for _days, name in DURATIONS), LONGER),
    (Measure.ARRANGING, By.STATE): ARRANGING,
    (Measure.TOGETHER, By.STATE): TOGETHER,
    (Measure.WAITING, By.REASON): (*dict.fromkeys(WHY.values()), SEVERAL, IN_HAND),
    (Measure.UNPLACED, By.REASON): CLOSINGS,
    (Measure.ENDED, By.REASON): ENDINGS,
}
#: So many must have been placed for a figure about their waiting: five lie on either side of it.
ENOUGH: Final = {Measure.MEDIAN_DAYS: 2 * THRESHOLD, Measure.P90_DAYS: 10 * THRESHOLD}


class Figure(NamedTuple):
    """One figure; the Land's own has an empty group, a figure that is not published no value.

    `within` narrows it further: so many who wait because of `distance`, within the municipality `03403`.
    """

    measure: Measure
    by: By
    group: str
    value: int | None
    within: By = By.LAND
    within_group: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """What a request is counted by."""

    municipality: str
    language: str
    topics: tuple[str, ...]
    household: str

    def groups(self) -> list[tuple[By, str]]:
        """Return every group that the request counts in, the Land first."""
        return [
            (By.LAND, ""),
            (By.MUNICIPALITY, self.municipality),
            (By.LANGUAGE, self.language if self.language in LANGUAGES else OTHER),
            *((By.TOPIC, topic) for topic in self.topics),
            (By.HOUSEHOLD, self.household),
        ]


@dataclass(slots=True)
class Tally:
    """The true figures of one quarter; they are never stored."""

    counts: Counter[tuple[Measure, By, str]] = field(default_factory=Counter)
    #: The same by a reason, state or duration, within a group of cases.
    details: Counter[tuple[Measure, By, str, By, str]] = field(default_factory=Counter)
    days: defaultdict[tuple[By, str], list[int]] = field(default_factory=lambda: defaultdict(list))
    _people: defaultdict[tuple[By, str], tuple[set[int], set[int]]] = field(
        default_factory=lambda: defaultdict(lambda: (set(), set()))
    )
    _minutes: Counter[tuple[By, str]] = field(default_factory=Counter)

    def add(self, measure: Measure, case: Case, besides: Mapping[By, str] | None = None) -> None:
        """Count one case."""
        groups, further = case.groups(), (besides or {}).items()
        for by, group in (*groups, *further):
            self.counts[measure, by, group] += 1
        for (by, group), within in product(further, groups[1:]):
            self.details[measure, by, group, *within] += 1

    def place(self, case: Case, days: int) -> None:
        """Count somebody who was given a guide after so many days."""
        self.add(Measure.PLACED, case)
        for group in case.groups():
            self.days[group].append(days)

    def give(self, case: Case, guide_id: int, request_id: int, minutes: int) -> None:
        """Count the time that a guide gave for a request."""
        for group in case.groups():
            self._minutes[group] += minutes
            guides, requests = self._people[group]
            guides.add(guide_id)
            requests.add(request_id)
            self.counts[Measure.HOURS, *group] = round(self._minutes[group] / 60)
            self.counts[Measure.GUIDES, *group] = len(guides)

    def rate(self, municipality: str, face: Mood, answers: int) -> None:
        """Count how often a face was given in a municipality."""
        self.counts[RATED[face], By.MUNICIPALITY, municipality] += answers

    def size(self, measure: Measure, by: By, group: str) -> int:
        """Return how many people stand behind a figure."""
        if measure in {Measure.HOURS, Measure.GUIDES}:
            return min((len(some) for some in self._people[by, group]), default=0)
        return self.counts[measure, by, group]


def publish(tally: Tally, municipalities: Sequence[str]) -> list[Figure]:
    """Return every figure of a quarter, those without a value that must not be published."""
    found: list[Figure] = []
    for measure in Measure:
        if measure in RATED.values():
            found += _whole_fives(tally, measure, municipalities)
        elif measure not in ENOUGH:
            found += _measure(tally, measure, municipalities)
    shown = {(figure.by, figure.group) for figure in found if figure.measure is Measure.PLACED and figure.value}
    for measure, enough in ENOUGH.items():
        for figure in [each for each in found if each.measure is Measure.PLACED]:
            group = figure.by, figure.group
            days = sorted(tally.days[group])
            told = _typical(measure, days) if group in shown and len(days) >= enough else None
            found.append(Figure(measure, *group, told))
    return found


def _measure(tally: Tally, measure: Measure, municipalities: Sequence[str]) -> list[Figure]:
    def value(by: By, group: str, hidden: bool) -> Figure:
        return Figure(measure, by, group, None if hidden else tally.counts[measure, by, group])

    nothing = tally.size(measure, By.LAND, "") < THRESHOLD
    found = [value(By.LAND, "", nothing)]
    hides: dict[By, set[int]] = {}
    for by in (*CASE, *BESIDES.get(measure, ())):
        groups = groups_of(measure, by, municipalities)
        sizes = [tally.size(measure, by, group) for group in groups]
        hides[by] = small(sizes) if by is By.TOPIC else hidden_parts(sizes)
        found += [value(by, group, nothing or number in hides[by]) for number, group in enumerate(groups)]
    if not nothing:
        for by, within in product(BESIDES.get(measure, ()), CASE):
            found += _details(tally, measure, (by, hides[by]), (within, hides[within]), municipalities)
    return found


def groups_of(measure: Measure, by: By, municipalities: Sequence[str]) -> Sequence[str]:
    """Return the groups that a measure is broken down by."""
    return municipalities if by is By.MUNICIPALITY else GROUPS.get((None, by)) or GROUPS[measure, by]


def _details(
    tally: Tally, measure: Measure, part: tuple[By, set[int]], case: tuple[By, set[int]], municipalities: Sequence[str]
) -> list[Figure]:
    """Return a measure's reasons, states or durations within each group, where both have a published total."""
    (by, rows), (within, columns) = part, case
    parts, groups = (groups_of(measure, each, municipalities) for each in (by, within))
    cells = [[tally.details[measure, by, each, within, group] for group in groups] for each in parts]
    if within is By.TOPIC:
        hidden = hidden_where_columns_overlap(cells, [tally.counts[measure, by, each] for each in parts], rows)
    else:
        hidden = hidden_cells(cells, rows, columns)
    return [
        Figure(measure, by, each, None if (row, column) in hidden else cells[row][column], within, group)
        for (row, each), (column, group) in product(enumerate(parts), enumerate(groups))
        if row not in rows and column not in columns
    ]


def _whole_fives(tally: Tally, measure: Measure, municipalities: Sequence[str]) -> list[Figure]:
    """Round down each municipality's running total; the Land's is the sum of what is published, so it adds nothing."""
    totals = [tally.counts[measure, By.MUNICIPALITY, code] // THRESHOLD * THRESHOLD for code in municipalities]
    parts = [Figure(measure, By.MUNICIPALITY, *told) for told in zip(municipalities, totals, strict=True)]
    return [each._replace(value=each.value or None) for each in (Figure(measure, By.LAND, "", sum(totals)), *parts)]


def _typical(measure: Measure, days: Sequence[int]) -> int:
    """Return the median, or the 90th percentile by nearest rank."""
    return round(median(days)) if measure is Measure.MEDIAN_DAYS else days[ceil(0.9 * len(days)) - 1]


def duration(days: int) -> str:
    """Return what so many days are called."""
    return next((name for under, name in DURATIONS if days < under), LONGER)
