"""Somebody moves: their file goes from one coordination office to another, with their recorded consent."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import EncryptedText, UTCDateTime, coded, one_of
from lotsen.rules.privacy import Basis, Period


class MoveState(StrEnum):
    """Where it stands."""

    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    #: The office that proposed it took it back.
    CALLED_OFF = "called_off"


class Move(SQLModel, table=True):
    """One office proposes, the other accepts or declines with a reason."""

    __table_args__ = (
        one_of("state", MoveState, "move_state"),
        CheckConstraint("from_id <> to_id", name="move_leads_elsewhere"),
        Index("move_open", "person_id", unique=True,
              sqlite_where=text("state = 'asked'"), postgresql_where=text("state = 'asked'")),
    )  # fmt: skip

    __declares__ = (
        about(
            "id person_id from_id to_id consent_id state asked_at asked_by_id answered_at answered_by_id",
            "hand a file over with the person's consent",
            Basis.CONSENT,
            Period.FILE,
        ),
        about("postcode keeps_pairings word reason", "go on at the new place", Basis.CONSENT, Period.FILE),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    from_id: int = Field(foreign_key="municipality.id")
    to_id: int = Field(foreign_key="municipality.id")
    consent_id: int = Field(foreign_key="consent.id", index=True)
    #: The new postal code.
    postcode: str = Field(max_length=5)
    #: Running pairings go on; otherwise they end with the move.
    keeps_pairings: bool
    #: For the colleagues there.
    word: str | None = Field(default=None, sa_type=EncryptedText)
    state: MoveState = coded(MoveState, default=MoveState.ASKED)
    asked_at: datetime = Field(sa_type=UTCDateTime)
    asked_by_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    answered_by_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    #: Why the other office declined.
    reason: str | None = Field(default=None, sa_type=EncryptedText)
