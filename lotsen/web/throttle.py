"""Doors that may be tried a few times: counted per account and network, per network, and per account.

A try is counted before it is checked, so that a thousand at the same time are no more than a thousand in a row; a
right one is forgotten. Windows are short: whoever forgot a password waits minutes. Somebody who tries another person's
account from elsewhere slows down their own network; if many networks do, the owner still comes in by a link from the
mail, which these counts do not touch.
"""

from dataclasses import dataclass

from flask import abort
from limits import RateLimitItem, parse_many

from lotsen.security import limiter, network


@dataclass(frozen=True, slots=True)
class Door:
    """What can be tried, and how often: limits in the words of the library `limits`, empty for none."""

    name: str
    #: The same account from the same network.
    both: str = ""
    #: One network, whatever the account.
    network: str = ""
    #: One account, wherever from.
    account: str = ""


def attempt(door: Door, account: str = "") -> None:
    """Count a try at `door`. Ends the request with 429 where there were too many."""
    if not admitted(door, account):
        abort(429)


def admitted(door: Door, account: str = "") -> bool:
    """Count a try at `door`; whether it may go on."""
    passed = [limiter.limiter.hit(limit, *who) for limit, who in _counted(door, account)]
    return all(passed)


def succeeded(door: Door, account: str = "") -> None:
    """Take the right try back, and forget the wrong ones for its account; others' tries from this network stay."""
    for limit, who in _counted(door, account):
        if who[1] == "network":
            limiter.limiter.hit(limit, *who, cost=-1)
        else:
            limiter.limiter.clear(limit, *who)


def _counted(door: Door, account: str) -> list[tuple[RateLimitItem, tuple[str, ...]]]:
    account, here = account.strip().lower(), network()
    named = [
        (door.both, (door.name, "both", account, here)),
        (door.network, (door.name, "network", here)),
        (door.account, (door.name, "account", account)),
    ]
    return [(limit, who) for limits, who in named if limits for limit in parse_many(limits)]
