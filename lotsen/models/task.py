"""A hand-over: something that stalls or needs a person of the coordination office."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, text
from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import EncryptedText, UTCDateTime
from lotsen.rules.privacy import Basis, Period


class Task(SQLModel, table=True):
    """What, why, due when, whose; closed with an outcome."""

    __table_args__ = (
        # The same matter is handed over once, however often its job runs.
        Index("task_open_matter", "matter", unique=True,
              sqlite_where=text("closed_at IS NULL"), postgresql_where=text("closed_at IS NULL")),
        Index("task_worklist", "municipality_id", "closed_at", "due_on"),
    )  # fmt: skip

    __declares__ = (
        about("id municipality_id kind matter", "hand each matter over once", Basis.TASK, Period.FILE),
        about(
            "pairing_id request_id guide_id move_id why note outcome",
            "help where something stalls",
            Basis.TASK,
            Period.FILE,
        ),
        about(
            "due_on opened_at escalated_at closed_at assignee_id closed_by_id",
            "do the office's work in time",
            Basis.TASK,
            Period.FILE,
        ),
        about("consent_asked_at consent_id", "pass somebody on only with their consent", Basis.CONSENT, Period.FILE),
    )

    id: int | None = Field(default=None, primary_key=True)
    municipality_id: int = Field(foreign_key="municipality.id")
    #: What is to be done: a code of `rules.handover.Matter`.
    kind: str = Field(max_length=40)
    #: `kind:noun:id`: what it is about, once.
    matter: str = Field(max_length=80)
    #: Why: a list of {"code": …, "value": …} that web puts into words.
    why: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    due_on: date
    assignee_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    pairing_id: int | None = Field(default=None, foreign_key="pairing.id", index=True)
    request_id: int | None = Field(default=None, foreign_key="request.id", index=True)
    guide_id: int | None = Field(default=None, foreign_key="guide.id", index=True)
    move_id: int | None = Field(default=None, foreign_key="move.id", index=True)
    opened_at: datetime = Field(sa_type=UTCDateTime)
    #: When it went to the office's lead because nobody had done it in time.
    escalated_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    #: The newcomer is asked on their own page whether the office may pass them on to professional counselling.
    consent_asked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    #: Their recorded yes: without it nobody is passed on.
    consent_id: int | None = Field(default=None, foreign_key="consent.id", index=True)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_by_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    outcome: str | None = Field(default=None, max_length=40)
    note: str | None = Field(default=None, sa_type=EncryptedText)
