"""A file of people that an office brings: it waits encrypted, is tried, confirmed, taken over row by row, or undone."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import EncryptedText, UTCDateTime, coded, one_of
from lotsen.rules.privacy import Basis, Period


class ImportKind(StrEnum):
    """Who stands in the file."""

    GUIDES = "guides"
    NEWCOMERS = "newcomers"


class ImportStage(StrEnum):
    """Where a file stands: what the office decides next, or what is being done."""

    SHEET = "sheet"
    COLUMNS = "columns"
    CHECKING = "checking"
    CHECKED = "checked"
    STORING = "storing"
    STORED = "stored"
    UNDOING = "undoing"
    UNDONE = "undone"


class ImportBatch(SQLModel, table=True):
    """One file. Its rows go as soon as they are stored or given up, the rest after a week (`expires_at`)."""

    __table_args__ = (one_of("kind", ImportKind, "importbatch_kind"), one_of("stage", ImportStage, "importbatch_stage"))

    __declares__ = (
        about(
            "id municipality_id account_id kind stage created_at expires_at content findings columns dates consent "
            "position total skipped stored remaining",
            "take over people from an office's list, and undo it",
            Basis.TASK,
            Period.BRIEF,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    municipality_id: int = Field(foreign_key="municipality.id", index=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    kind: ImportKind = coded(ImportKind)
    stage: ImportStage = coded(ImportStage)
    created_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    #: JSON: the sheets that were read, {name: [[cell, …], …]}; after the choice of a sheet that one.
    content: str | None = Field(default=None, sa_type=EncryptedText)
    #: JSON: what the dry run found, one entry a row that has something.
    findings: str | None = Field(default=None, sa_type=EncryptedText)
    #: Column number (as text) -> the field that it holds.
    columns: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    #: The office vouches for the dates of interviews, certificates and clearances in the file.
    dates: bool = False
    #: The sentence with which the office vouches for consent; without it each row's own column counts.
    consent: str | None = None
    #: Rows done in this stage, and all rows.
    position: int = 0
    total: int = 0
    #: Numbers of rows that the office leaves out.
    skipped: list[int] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    #: [row, person] of what was stored and not undone.
    stored: list[list[int]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    #: [row, person, why] of what an undoing left.
    remaining: list[list[Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
