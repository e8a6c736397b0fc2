"""Numbers in an address's query, as far as a database counts: what lies beyond is nonsense like any other."""

from typing import Final

from flask import request

#: What PostgreSQL's integers hold; SQLite's hold more.
GREATEST: Final = 2**31 - 1


def number(name: str) -> int | None:
    """Return the number that the query names; None where it names none, or none that a row could have."""
    found = request.args.get(name, type=int)
    return found if found is not None and 0 < found <= GREATEST else None


def page() -> int:
    """Return the page that the address asks for, the first where it asks for nonsense."""
    return min(number("page") or 1, 10_000)
