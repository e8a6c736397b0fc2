"""What a run did."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many things were done, how many failed and stay due, and the kind of the first error."""

    done: int = 0
    failed: int = 0
    error: str | None = None
