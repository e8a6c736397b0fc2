"""Statistical tables that tell nothing about single people: small cells are hidden, and so is what would reveal them.

A sum is published with its parts, so whoever reads it can subtract. Small parts are therefore hidden among others: at
least two, and so many people together that any one of them could be all of what is left. Idea: complementary cell
suppression, see Willenborg and de Waal, Elements of Statistical Disclosure Control (2001), chapter 4.
"""

from collections.abc import Sequence
from typing import Final

#: Smaller counts are never published, nor are zeros: "nobody" can tell as much as "one".
THRESHOLD: Final = 5


def hidden_parts(parts: Sequence[int]) -> set[int]:
    """Return the numbers of those parts of one published sum that must not be published.

    The smallest are hidden until there are two of them at least that make up `THRESHOLD` together: what is left of the
    sum could then be any one of them. Where all parts together are fewer, none is published.
    """
    hidden: set[int] = set()
    left = 0
    for number in sorted(range(len(parts)), key=lambda number: parts[number]):
        if parts[number] >= THRESHOLD and (not hidden or (len(hidden) > 1 and left >= THRESHOLD)):
            break
        hidden.add(number)
        left += parts[number]
    return hidden


def small(parts: Sequence[int]) -> set[int]:
    """Return the numbers of the parts that are small: enough where people count in several parts at once."""
    return {number for number, part in enumerate(parts) if part < THRESHOLD}
