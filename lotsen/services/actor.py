"""Who acts: an account on one of four sides."""

from dataclasses import dataclass

from lotsen.models import Account
from lotsen.rules.pairing import Side
from lotsen.rules.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Actor:
    """Somebody who does something, and what they may touch."""

    side: Side
    account_id: int | None = None
    #: The office's own municipality.
    municipality_id: int | None = None
    #: The newcomer or guide themselves.
    person_id: int | None = None


SYSTEM = Actor(Side.SYSTEM)

_SIDES = {Role.NEWCOMER: Side.NEWCOMER, Role.GUIDE: Side.GUIDE, Role.COORDINATOR: Side.OFFICE}


def actor_of(account: Account) -> Actor:
    """Return the actor behind a newcomer's, guide's or coordinator's account. Raises `KeyError` for other roles."""
    return Actor(_SIDES[account.role], account.id, account.municipality_id, account.person_id)
