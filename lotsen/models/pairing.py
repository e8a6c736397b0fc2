"""A pairing and everything that happened to it."""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import JSON, Column, Index, text
from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import EncryptedText, UTCDateTime, coded, one_of
from lotsen.rules.pairing import OPEN, Action, Side, State
from lotsen.rules.privacy import Basis, Period

_OPEN = "state IN (" + ", ".join(f"'{state}'" for state in sorted(OPEN)) + ")"


class Pairing(SQLModel, table=True):
    """One newcomer's request and one guide. Only `services.pairing` assigns `state`."""

    __table_args__ = (
        one_of("state", State, "pairing_state"),
        # The same two people have one open pairing at most.
        Index(
            "pairing_open_pair", "request_id", "guide_id", unique=True,
            sqlite_where=text(_OPEN), postgresql_where=text(_OPEN),
        ),
        Index("pairing_worklist", "municipality_id", "state", "state_since"),
    )  # fmt: skip

    __declares__ = (
        about(
            "id request_id guide_id municipality_id state state_since created_at score needs_interpreter chosen_by_id",
            "count pairings and how they go",
            Basis.TASK,
            Period.COUNT,
        ),
        about("end_reason ended_by decision decision_by_id", "count how pairings end", Basis.TASK, Period.COUNT),
        about("reasons chosen_because", "explain the proposal", Basis.CONSENT, Period.FILE),
        about(
            "reminded_at escalated_at first_meeting_at first_meeting_place trial_until",
            "follow up in time",
            Basis.CONSENT,
            Period.FILE,
        ),
        about(
            "guide_shares_phone guide_shares_email newcomer_shares_phone newcomer_shares_email",
            "show the other what its owner allows",
            Basis.CONSENT,
            Period.FILE,
        ),
        about("guide_confirmed_at newcomer_confirmed_at", "know both sides' answer", Basis.CONSENT, Period.FILE),
    )

    id: int | None = Field(default=None, primary_key=True)
    request_id: int = Field(foreign_key="request.id", index=True)
    guide_id: int = Field(foreign_key="guide.id", index=True)
    #: The request's municipality: its office decides.
    municipality_id: int = Field(foreign_key="municipality.id")
    state: State = coded(State)
    state_since: datetime = Field(sa_type=UTCDateTime)
    created_at: datetime = Field(sa_type=UTCDateTime)
    #: The matcher's estimate (0 to 1) that the pairing is accepted and lasts, and why: reasons as codes.
    score: float | None = None
    reasons: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    #: No shared language at B1: only the office releases it (hard rule 4).
    needs_interpreter: bool = False
    #: Paired by hand: by whom and why.
    chosen_by_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    chosen_because: str | None = Field(default=None, sa_type=EncryptedText)
    reminded_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    escalated_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    first_meeting_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    first_meeting_place: str | None = Field(default=None, sa_type=EncryptedText)
    trial_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    #: Each side's yes after the trial.
    guide_confirmed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    newcomer_confirmed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    #: What each side shows the other while they are in contact; nothing unless its owner says so.
    guide_shares_phone: bool = False
    guide_shares_email: bool = False
    newcomer_shares_phone: bool = False
    newcomer_shares_email: bool = False
    #: A suspended pairing needs two members of staff: what the first one wants.
    decision: Action | None = coded(Action, default=None)
    decision_by_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    #: How it ended: coded reason, by whom.
    end_reason: str | None = Field(default=None, max_length=40)
    ended_by: Side | None = coded(Side, default=None)


#: Which events are steps of a pairing: its beginning, and whatever led from one state to another (SQL, for an index).
STEP: Final = "what = 'suggest' OR to_state <> from_state"


class Event(SQLModel, table=True):
    """What happened, when, by whom: written in the same transaction as the change itself, never altered."""

    __table_args__ = (
        Index("event_request", "request_id", "at"),
        Index("event_guide", "guide_id", "at"),
        # Of a pairing one asks when it was approved; of an office what was done to its settings, and how often;
        # of all pairings which were approved by some day.
        Index("event_of_pairing", "pairing_id", "what", "at"),
        Index("event_of_office", "municipality_id", "what", "at", "pairing_id"),
        Index(
            "event_step",
            "at",
            "pairing_id",
            "from_state",
            "to_state",
            sqlite_where=text(STEP),
            postgresql_where=text(STEP),
        ),
    )

    __declares__ = (
        about(
            "id at municipality_id pairing_id request_id guide_id what from_state to_state side account_id reason",
            "count what happened; say who decided what",
            Basis.TASK,
            Period.COUNT,
        ),
        about("note", "explain a step", Basis.TASK, Period.FILE),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UTCDateTime)
    municipality_id: int = Field(foreign_key="municipality.id")
    pairing_id: int | None = Field(default=None, foreign_key="pairing.id")
    request_id: int | None = Field(default=None, foreign_key="request.id")
    guide_id: int | None = Field(default=None, foreign_key="guide.id")
    #: A pairing's action, or "request_received", "guide_cleared" and the like.
    what: str = Field(max_length=40)
    from_state: State | None = coded(State, default=None)
    to_state: State | None = coded(State, default=None)
    side: Side = coded(Side)
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    reason: str | None = Field(default=None, max_length=40)
    note: str | None = Field(default=None, sa_type=EncryptedText)
