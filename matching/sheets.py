"""The pairs and the reasons of a run as CSV text.

Half a million lines are put together column by column: written row by row they would take as long as finding the
pairs does.
"""

from collections.abc import Iterable
from itertools import chain
from operator import add

import numpy as np
import numpy.typing as npt

from matching.reasons import Column, Reason, pair_columns
from matching.suggestion import Pair, Suggestion
from matching.tables import csv_lines


def pairs_csv(suggestion: Suggestion) -> str:
    """The pairs file: see :class:`matching.suggestion.Pair`; scores with their six decimal places."""
    listed = suggestion.listed
    ids = _at(suggestion.newcomers.ids, listed.newcomers()), _at(suggestion.guides.ids, listed.guides)
    columns = zip(*ids, suggestion.scores.tolist(), suggestion.ranks.tolist(), strict=True)
    rows = [f"{newcomer},{guide},0.{score:06},{rank}\n" for newcomer, guide, score, rank in columns]
    return csv_lines([Pair._fields]) + "".join(rows)


def reasons_csv(suggestion: Suggestion) -> str:
    """The reasons file: see :class:`matching.reasons.Reason`."""
    met, parts = suggestion.reasons_of_chosen
    ids = _at(suggestion.newcomers.ids, met.newcomer), _at(suggestion.guides.ids, met.guide)
    pair = list(map("{},{}".format, *ids))
    by_criterion = [map(add, pair, _ends(column)) for column in pair_columns(met, parts)]
    text = "".join(chain.from_iterable(zip(*by_criterion, strict=True)))
    return csv_lines([Reason._fields]) + text + csv_lines(suggestion.reasons_of_nobody)


def _ends(column: Column) -> Iterable[str]:
    """What follows the ids in the lines of one criterion; most pairs share it with many others.

    Codes and values hold neither commas nor quotation marks.
    """
    said = list(zip(column.values, column.contributions, column.codes, strict=True))
    ends = {each: ",{},{},{},{}\n".format(column.criterion, *each) for each in set(said)}
    return map(ends.__getitem__, said)


def _at(ids: tuple[str, ...], positions: npt.NDArray[np.integer]) -> Iterable[str]:
    """The ids at some positions, as cells."""
    cells, all_of_them = ids, "".join(ids)
    if any(sign in all_of_them for sign in ',"\r\n'):
        cells = tuple(csv_lines([(name,)]).removesuffix("\n") for name in ids)
    return map(cells.__getitem__, positions.tolist())
