"""Other ways to do what the matcher does, to be measured beside it."""

import sqlite3
from typing import Any

import numpy as np
import numpy.typing as npt
import scipy.sparse
from scipy.optimize import linear_sum_assignment
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from matching.assignment import Problem, solve
from matching.profiles import Guides, Newcomers

Rows = list[dict[str, Any]]


def all_pairs_at_once(problem: Problem) -> int:
    """OR-Tools' min-cost flow on the full graph; the total gain."""
    return int(problem.gains[solve(problem)].sum())


def dense(problem: Problem) -> npt.NDArray[np.int64]:
    """Gains as a matrix with one column a place, and one for everybody to stay behind."""
    gains = np.zeros((len(problem.places), len(problem.capacity)), dtype=np.int64)
    gains[problem.newcomers, problem.guides] = problem.gains
    behind = np.zeros((len(problem.places), len(problem.places)), dtype=np.int64)
    return np.hstack([np.repeat(gains, problem.capacity, axis=1), behind])


def scipys_solver(problem: Problem) -> int:
    """SciPy's Jonker-Volgenant on the dense matrix; the total gain."""
    gains = dense(problem)
    return int(gains[linear_sum_assignment(gains, maximize=True)].sum())


def scipys_sparse_solver(problem: Problem) -> int:
    """SciPy's LAPJVsp on the sparse matrix, everybody beside a column of their own to stay behind; the total gain."""
    places, newcomers = problem.capacity[problem.guides], len(problem.places)
    first = np.concatenate([[0], np.cumsum(problem.capacity)])
    row = np.concatenate([np.repeat(problem.newcomers, places), np.arange(newcomers)])
    within = np.arange(places.sum()) - np.repeat(np.cumsum(places) - places, places)
    column = np.concatenate([np.repeat(first[problem.guides], places) + within, first[-1] + np.arange(newcomers)])
    # Weights must not be 0: everybody's are raised by the same 1, so that the best choice stays the best.
    gain = np.concatenate([np.repeat(problem.gains, places), np.zeros(newcomers, dtype=np.int64)]) + 1.0
    matrix = scipy.sparse.csr_array((gain, (row, column)), shape=(newcomers, first[-1] + newcomers))
    return round(matrix[min_weight_full_bipartite_matching(matrix, maximize=True)].sum()) - newcomers


def munkres(problem: Problem) -> int:
    """Kuhn and Munkres in plain Python, as other projects use it; the total gain."""
    gains = dense(problem).tolist()
    rows, columns = len(gains), len(gains[0])
    row_price, column_price = [0] * (rows + 1), [0] * (columns + 1)
    matched, way = [0] * (columns + 1), [0] * (columns + 1)
    for row in range(1, rows + 1):
        matched[0], column = row, 0
        least, seen = [1 << 62] * (columns + 1), [False] * (columns + 1)
        while matched[column]:
            seen[column] = True
            tree_row, delta, following = matched[column], 1 << 62, 0
            for other in range(1, columns + 1):
                if not seen[other]:
                    reduced = -gains[tree_row - 1][other - 1] - row_price[tree_row] - column_price[other]
                    if reduced < least[other]:
                        least[other], way[other] = reduced, column
                    if least[other] < delta:
                        delta, following = least[other], other
            for other in range(columns + 1):
                if seen[other]:
                    row_price[matched[other]] += delta
                    column_price[other] -= delta
                else:
                    least[other] -= delta
            column = following
        while column:
            matched[column] = matched[way[column]]
            column = way[column]
    return sum(gains[matched[column] - 1][column - 1] for column in range(1, columns + 1) if matched[column])


def a_query_a_person(newcomers: Newcomers, guides: Guides) -> int:
    """Feasible pairs but for language and neighbours, one SQL query a newcomer; how many were found."""
    database = sqlite3.connect(":memory:")
    database.execute("CREATE TABLE guide (home, topics, slots, gender, wish, radius, x, y, z, children)")
    database.execute("CREATE INDEX guide_home ON guide (home)")
    ready = np.flatnonzero(guides.cleared & (guides.free_places > 0)).tolist()
    columns = (guides.topics, guides.slots, guides.gender, guides.newcomer_gender, guides.radius_km, *guides.xyz.T)
    values = [column.tolist() for column in (*columns, guides.children_cleared)]
    rows = [(guides.municipality[guide], *(column[guide] for column in values)) for guide in ready]
    database.executemany(f"INSERT INTO guide VALUES ({', '.join('?' * 10)})", rows)  # noqa: S608 - no input in it
    query = (
        "SELECT count(*) FROM guide WHERE home = ? AND topics & ? AND slots & ? AND (wish = 0 OR wish = ?)"
        " AND (? = 0 OR gender = ?) AND (? = 0 OR children)"
        " AND (x - ?) * (x - ?) + (y - ?) * (y - ?) + (z - ?) * (z - ?) <= radius * radius / 40589641"
    )
    found = 0
    own = (newcomers.topics, newcomers.slots, newcomers.gender, newcomers.guide_gender, newcomers.children)
    for home, topics, slots, gender, wish, children, (x, y, z) in zip(
        newcomers.municipality, *(column.tolist() for column in own), newcomers.xyz.tolist(), strict=True
    ):
        asked = (home, topics, slots, gender, wish, wish, children, x, x, y, y, z, z)
        found += database.execute(query, asked).fetchone()[0]
    database.close()
    return found
