"""The list kept ready gives what a fresh run over all guides gives, also after changes."""

import random

import pytest

from matching import InputError, Matcher
from matching.made_up import made_up
from matching.shortlist import Shortlist
from tests.matching.people import guide, newcomer


def test_it_stays_fresh_while_guides_come_change_and_go() -> None:
    ones, others = made_up(30, 900, districts=2, seed=4)
    rng, known = random.Random(4), {row["id"]: row for row in others[:500]}
    shortlist = Shortlist(known.values())
    for step in range(600):
        row = rng.choice(others) | {"free_places": rng.randint(0, 2), "radius_km": rng.choice([5, 20, 50])}
        if row["id"] in known and rng.random() < 0.5:  # only what is changed in place
            row = known[row["id"]] | {
                "free_places": rng.randint(0, 2),
                "cleared": rng.random() < 0.8,
                "completed": step,
            }
        if row["id"] in known and rng.random() < 0.3:
            del known[row["id"]]
            shortlist.remove(row["id"])
        else:
            known[row["id"]] = row
            shortlist.put(row)
        if step % 40 == 0:
            one = ones[step // 40]
            assert shortlist.top(one) == Matcher().best([one], list(known.values()))


def test_excluded_guides_are_not_listed_and_bad_rows_change_nothing() -> None:
    shortlist = Shortlist([guide(), guide(id="g2", completed=9)])
    assert [(pair.guide_id, pair.rank) for pair in shortlist.top(newcomer())] == [("g2", 1), ("g1", 2)]
    assert [pair.guide_id for pair in shortlist.top(newcomer(), 1)] == ["g2"]
    assert [pair.guide_id for pair in shortlist.top(newcomer(), excluded=[("n1", "g2")])] == ["g1"]
    with pytest.raises(InputError):
        shortlist.put(guide(latitude=99))
    assert len(shortlist.top(newcomer())) == 2
    with pytest.raises(KeyError):
        shortlist.remove("g3")
