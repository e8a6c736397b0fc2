"""What is hidden cannot be calculated: a linear program plays the curious reader of two quarters.

The reader knows every published figure, how wholes and parts belong together within a quarter, and how two quarters
follow from each other; what is never published is free for them, but not negative.
"""

from functools import cache, cached_property
from itertools import product
from random import Random
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import linprog
from scipy.sparse import csr_array

from lotsen.rules.figures import (
    BESIDES,
    CASE,
    CLOSINGS,
    ENDINGS,
    ENOUGH,
    GROUPS,
    RATED,
    By,
    Case,
    Figure,
    Measure,
    Tally,
    duration,
    groups_of,
    publish,
)
from lotsen.rules.suppression import THRESHOLD
from lotsen.rules.vocabulary import TOPICS, Household, Mood

M = Measure
RATINGS = frozenset(RATED.values())
PLACES = ("03351006", "03403", "03103", "03454")
LANGUAGES = ("ar", "uk", "fa", "ti", "zh")
#: Broken down, but by what overlaps: parts do not add up to the whole.
COVERS = {(measure, By.TOPIC) for measure in Measure} | {(M.GUIDES, by) for by in CASE}
#: Of these, each part is told within each group, too.
DETAILS = [(measure, by, within) for measure, parts in BESIDES.items() for by, within in product(parts, CASE)]


def made_up(random: Random, cases: int) -> Tally:
    """A quarter with so many cases, most in a few groups; every measure has some."""
    tally = Tally()
    for number in range(cases):
        topics = tuple(random.sample(TOPICS, random.randint(1, 3)))
        place, language = (skewed(random, some) for some in (PLACES, LANGUAGES))
        case = Case(place, language, topics, str(skewed(random, tuple(Household))))
        for measure in random.sample((M.RECEIVED, M.WAITING, M.UNPLACED, M.ARRANGING, M.TOGETHER, M.ENDED), 3):
            further = {by: GROUPS.get((measure, by)) or GROUPS[None, by] for by in BESIDES.get(measure, ())}
            besides = {by: skewed(random, groups) for by, groups in further.items()}
            tally.add(measure, case, besides)
        if number % 3 == 0:
            tally.place(case, random.randint(0, 120))
        if number % 2:
            tally.give(case, random.randint(1, 1 + cases // 4), number, 60 * random.randint(1, 9))
    return tally


def skewed(random: Random, some: tuple) -> str:
    """One of `some`, mostly the first ones."""
    return str(some[int(len(some) * random.random() ** 2.5)])


class Reader:
    """Equations (left = right) and at-most lines over named unknowns, none of which is negative."""

    def __init__(self) -> None:
        self.names: dict[tuple, int] = {}
        self.lines: dict[str, list[tuple[dict[int, float], float]]] = {"eq": [], "ub": []}

    def says(self, kind: str, terms: dict[tuple, float], right: float = 0) -> None:
        numbered = {self.names.setdefault(name, len(self.names)): factor for name, factor in terms.items()}
        self.lines[kind].append((numbered, right))

    def learn(self, quarter: int, figures: list) -> None:
        """Read a quarter's figures, and add up its parts: those of the whole, then each table's rows and columns."""
        known = {(quarter, *named(each)): each.value for each in figures if each.measure not in RATINGS | ENOUGH.keys()}
        for key, value in known.items():
            self.says("ub", {key: -1})  # nothing is negative
            if value is not None:
                self.says("eq", {key: 1}, value)
        for measure, by in {key[1:3] for key in known if len(key) == 4 and key[2] is not By.LAND}:
            parts = [key for key in known if len(key) == 4 and key[1:3] == (measure, by)]
            self.adds_up((quarter, measure, By.LAND, ""), parts, (measure, by) in COVERS)
        for measure, by, within in DETAILS:
            parts, groups = (groups_of(measure, each, PLACES) for each in (by, within))
            for part in parts:
                row = [(quarter, measure, by, part, within, group) for group in groups]
                self.adds_up((quarter, measure, by, part), row, within is By.TOPIC)
            for group in groups:
                column = [(quarter, measure, by, part, within, group) for part in parts]
                self.adds_up((quarter, measure, within, group), column, False)

    def adds_up(self, whole: tuple, parts: list[tuple], overlapping: bool) -> None:
        """Parts make up a whole; those that overlap are none of them more, and together no less."""
        if overlapping:
            self.says("ub", {whole: 1.0, **dict.fromkeys(parts, -1.0)})
            for part in parts:
                self.says("ub", {part: 1, whole: -1})
        else:
            self.says("eq", {whole: -1.0, **dict.fromkeys(parts, 1.0)})

    def follow(self, by: By, group: str) -> None:
        """How the second quarter's last day follows from the first one's, where it is published."""

        def at(quarter: int, measure: Measure) -> tuple:
            return quarter, measure, by, group

        unpublished = ("began", "withdrawn", "found", "again", "left")
        began, withdrawn, found, again, left = ((2, name, by, group) for name in unpublished)
        self.says("eq", {at(2, M.TOGETHER): -1, at(1, M.TOGETHER): 1, began: 1, withdrawn: -1, at(2, M.ENDED): -1})
        self.says("ub", {at(2, M.PLACED): 1, began: -1})
        self.says(
            "eq", {at(2, M.WAITING): -1, at(1, M.WAITING): 1, at(2, M.RECEIVED): 1, found: -1, again: 1, left: -1}
        )
        self.says("ub", {at(2, M.PLACED): 1, found: -1})
        self.says("ub", {left: -1, at(2, M.UNPLACED): 1})

    def reckon(self, name: tuple, sign: int) -> float:
        """The least (1) or the most (-1) that a figure can be."""
        aim = np.zeros(len(self.names))
        aim[self.names[name]] = sign
        answer = linprog(aim, **self.system, bounds=(0, 10_000))
        assert answer.status == 0, answer.message
        return float(sign * answer.fun)

    @cached_property
    def system(self) -> dict[str, Any]:
        """All that the reader knows, as the solver takes it."""
        matrices = {f"A_{kind}": self._matrix(lines) for kind, lines in self.lines.items()}
        return matrices | {f"b_{kind}": [right for _left, right in lines] for kind, lines in self.lines.items()}

    def _matrix(self, lines: list) -> csr_array:
        entries = [(factor, row, name) for row, (left, _right) in enumerate(lines) for name, factor in left.items()]
        factors, rows, names = zip(*entries, strict=True)
        return csr_array((factors, (rows, names)), shape=(len(lines), len(self.names)))


def named(figure: Figure) -> tuple:
    """What a figure is called: two names more where it is narrowed further."""
    return figure[:3] if figure.within is By.LAND else (*figure[:3], *figure[4:])


def true_value(tally: Tally, name: tuple) -> int:
    """The figure that is called so."""
    return tally.counts[name] if len(name) == 3 else tally.details[name]


@pytest.mark.parametrize(("seed", "cases"), [(1, 8), (2, 40), (3, 150), (4, 900)])
def test_no_hidden_figure_of_two_quarters_can_be_calculated(seed, cases):
    random = Random(seed)
    truths = [made_up(random, cases), made_up(random, cases + 5)]
    reader = Reader()
    shown = set()
    for quarter, truth in enumerate(truths, start=1):
        figures = publish(truth, PLACES)
        reader.learn(quarter, figures)
        shown |= {(quarter, *named(each)) for each in figures if each.value is not None}
    hidden = sorted(name for name in reader.names if name not in shown)
    reader.follow(By.LAND, "")
    for by in CASE:
        for group in groups_of(M.RECEIVED, by, PLACES):
            reader.follow(by, group)
    assert len({len(name) for name in hidden}) == 2, "totals and details"
    assert seed == 1 or any(len(name) == 6 for name in shown), "details are told"
    for name in Random(seed).sample(hidden, min(len(hidden), 12)):
        value = true_value(truths[name[0] - 1], name[1:])
        most = reader.reckon(name, -1)
        assert value <= most + 1e-6, "the reader reckons with the true figures"
        if value < THRESHOLD and name[1] is not M.HOURS:
            assert most >= THRESHOLD - 1e-6, f"{name} is recognised as small: {value} of at most {most}"
        else:
            assert most - reader.reckon(name, 1) > 0.5, f"{name} can be calculated: {value}"


@pytest.mark.parametrize("cases", [0, 3, 20, 900])
def test_what_is_published_is_true_and_of_five_people_at_least(cases):
    truth = made_up(Random(cases), cases)
    figures = publish(truth, PLACES)
    assert len({named(figure) for figure in figures}) == len(figures)
    for figure in figures:
        measure, by, group, value, within, _ = figure
        if value is not None and measure not in RATINGS | ENOUGH.keys():
            assert value == true_value(truth, named(figure)) >= (1 if measure is M.HOURS else THRESHOLD)
            assert within is not By.LAND or truth.size(measure, by, group) >= THRESHOLD
    rows = {(figure.measure, figure.by) for figure in figures}
    assert rows >= {(measure, by) for measure in Measure for by in CASE if measure not in RATINGS}
    told = {(each.measure, each.by, each.within) for each in figures if each.value is not None}
    assert cases < 900 or told >= set(DETAILS)


def test_a_time_stands_only_beside_its_count_and_with_five_people_on_either_side():
    tally = Tally()
    for place, counts in (("03351006", 60), ("03403", 10), ("03103", 9), ("03454", 2)):
        for days in range(counts):
            tally.place(Case(place, "ar", ("work",), "alone"), days)
    found = {figure[:3]: figure.value for figure in publish(tally, PLACES)}
    assert [found[M.PLACED, By.MUNICIPALITY, place] for place in PLACES] == [60, 10, None, None]
    assert [found[M.MEDIAN_DAYS, By.MUNICIPALITY, place] for place in PLACES] == [30, 4, None, None]
    assert [found[M.P90_DAYS, By.MUNICIPALITY, place] for place in PLACES] == [53, None, None, None]
    assert found[M.MEDIAN_DAYS, By.LAND, ""] is not None


def test_hours_of_few_guides_are_hidden_however_many_they_are():
    tally = Tally()
    for place, guides in (("03351006", 8), ("03403", 6), ("03103", 2), ("03454", 9)):
        for guide in range(guides):
            tally.give(Case(place, "ar", ("work",), "alone"), hash((place, guide)), hash((place, guide)), 6000)
    found = {figure[:3]: figure.value for figure in publish(tally, PLACES)}
    assert [found[M.HOURS, By.MUNICIPALITY, place] for place in PLACES] == [800, None, None, 900]
    assert found[M.HOURS, By.LAND, ""] == 2500


def rated(*totals: tuple[int, int, int]) -> dict[tuple, int | None]:
    """What is published where each place was given the three faces so often."""
    tally = Tally()
    for place, counts in zip(PLACES, totals, strict=False):
        for face, answers in zip(Mood, counts, strict=True):
            tally.rate(place, face, answers)
    return {figure[:3]: figure.value for figure in publish(tally, PLACES) if figure.measure in RATINGS}


def test_ratings_are_running_totals_in_whole_fives_and_the_lands_are_their_sum():
    told = rated((17, 4, 4), (5, 0, 0), (9, 4, 2))
    assert [told[M.RATED_GOOD, By.MUNICIPALITY, place] for place in PLACES] == [15, 5, 5, None]
    assert [told[measure, By.LAND, ""] for measure in RATED.values()] == [25, None, None]


@given(data=st.data())
def test_no_rating_can_be_calculated_from_two_quarters_of_batches_of_five(data):
    """Whatever is told, each face may have been given by a person more or by one fewer, in either quarter."""

    def batches() -> list[list[int]]:
        one = st.lists(st.integers(0, 2), min_size=5, max_size=5).map(lambda faces: [faces.count(i) for i in range(3)])
        return data.draw(st.lists(one, min_size=1, max_size=6))

    first, then = [[sum(faces) for faces in zip(*batches(), strict=True)] for _quarter in range(2)]
    second = [old + new for old, new in zip(first, then, strict=True)]
    worlds = [
        (start, end)
        for start in around(first)
        for end in around(second)
        if all(old <= new for old, new in zip(start, end, strict=True))
    ]
    assert (tuple(first), tuple(second)) in worlds, "the reader reckons with the true figures"
    for face in range(3):
        assert len({start[face] for start, _end in worlds}) > 1
        assert len({end[face] for _start, end in worlds}) > 1
        assert len({end[face] - start[face] for start, end in worlds}) > 1


def around(truth: list[int]) -> list[tuple[int, ...]]:
    """Every way in which the faces may have been given, by what is published: whole batches of five."""
    ways = product(*([count for count, other in enumerate(shown()) if other == shown()[given]] for given in truth))
    return [way for way in ways if sum(way) % THRESHOLD == 0]


@cache
def shown() -> list[int | None]:
    """What is published of so many answers."""
    tally, places = Tally(), [str(count) for count in range(70)]
    for place in places:
        tally.rate(place, Mood.GOOD, int(place))
    found = {figure[:3]: figure.value for figure in publish(tally, places)}
    return [found[M.RATED_GOOD, By.MUNICIPALITY, place] for place in places]


def test_every_reason_and_duration_has_its_group():
    assert {duration(days) for days in (0, 30, 31, 91, 92, 182, 183, 365, 366, 4000)} == set(GROUPS[None, By.DURATION])
    assert {"other"} <= set(CLOSINGS) & set(ENDINGS)
