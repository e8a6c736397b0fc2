"""The recruitment list: what it promises is what happens."""

import numpy as np

from matching import Matcher
from matching.made_up import made_up
from matching.shortage import imagined_guides, shortages
from tests.matching.people import Row, guide, newcomer


def test_the_missing_language_place_and_time_are_found() -> None:
    tigrinya = {"languages": {"ti": "C2"}, "slots": ["sat-evening", "sun-evening"], "municipality": "03241"}
    rows = [newcomer(), newcomer(id="n2", languages={"uk": "C2"})]
    rows += [newcomer(id=f"t{number}", **tigrinya) for number in range(3)]
    first = shortages(Matcher().suggest(rows, [guide()]))[0]
    assert first == ("ti", "03241", "weekend-evening", 3, 2)


def test_a_chain_of_moves_counts() -> None:
    """Somebody with a guide moves to the new one, and the old guide takes the one who was left."""
    arabic = newcomer(id="n1", languages={"ar": "C2", "uk": "C2"})
    left = newcomer(id="n2", languages={"ar": "C2"}, guide_gender="f", waiting_days=0)
    found = shortages(Matcher().suggest([arabic, left], [guide(languages={"ar": "C2"})]))
    assert [shortage.placed for shortage in found] == [1]
    assert found[0].asking == 0


def test_as_many_people_more_are_placed_as_promised() -> None:
    ones, others = made_up(250, 60, districts=2, seed=3)
    suggestion = Matcher().suggest(ones, others)
    unplaced = np.array(
        [
            name not in {pair[0] for pair in suggestion.pairs if pair.rank == 1}
            for name in sorted(row["id"] for row in ones)
        ]
    )
    guides = dict(zip(*imagined_guides(suggestion.newcomers, unplaced), strict=True))
    found = shortages(suggestion, top=4)
    assert len({shortage[:2] for shortage in found}) == len(found) == 4
    assert found == sorted(found, key=lambda shortage: -shortage.placed)
    for shortage in found:
        enlarged = Matcher().suggest(ones, [*others, guides[shortage[:3]]]).report
        assert enlarged["placed"] - suggestion.report["placed"] == shortage.placed > 0


def test_where_everybody_is_placed_or_nobody_asks_nothing_is_missing() -> None:
    nobody: list[Row] = []
    assert shortages(Matcher().suggest([newcomer()], [guide()])) == []
    assert shortages(Matcher().suggest(nobody, [guide()])) == []
