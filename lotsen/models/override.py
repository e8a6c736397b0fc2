"""Where the office decided otherwise than the matcher: what it did and why, beside the matcher's opinion then."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import EncryptedText, UTCDateTime, coded
from lotsen.rules.pairing import Action
from lotsen.rules.privacy import Basis, Period


class Override(SQLModel, table=True):
    """A pairing made by hand, or a suggestion of the matcher that the office dismissed or rejected."""

    __table_args__ = (Index("override_of_office", "municipality_id", "at"),)

    __declares__ = (
        about(
            "id pairing_id municipality_id account_id at action reason",
            "learn where the matcher is wrong",
            Basis.TASK,
            Period.COUNT,
        ),
        about("score rank candidates", "compare with the matcher's opinion", Basis.TASK, Period.COUNT),
        about("because reasons", "explain a decision of the office", Basis.TASK, Period.FILE),
    )

    id: int | None = Field(default=None, primary_key=True)
    pairing_id: int = Field(foreign_key="pairing.id", index=True)
    municipality_id: int = Field(foreign_key="municipality.id")
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    at: datetime = Field(sa_type=UTCDateTime)
    #: What the office did; None: paired by hand.
    action: Action | None = coded(Action, default=None)
    #: Its reason: a code of the action's list, or words.
    reason: str | None = Field(default=None, max_length=40)
    because: str | None = Field(default=None, sa_type=EncryptedText)
    #: The matcher's opinion at that moment: the chance (0 to 1), the rank among the candidates (None: not among those
    #: who fit), how many candidates there were, and the main reasons as codes.
    score: float | None = None
    rank: int | None = None
    candidates: int = 0
    reasons: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
