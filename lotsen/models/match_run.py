"""A run of the matcher: who asked, how far it is, what came of it."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import UTCDateTime, coded, one_of
from lotsen.rules.privacy import Basis, Period


class Stage(StrEnum):
    """How far a run is."""

    QUEUED = "queued"
    READING = "reading"
    MATCHING = "matching"
    WRITING = "writing"
    REPORTING = "reporting"
    DONE = "done"
    FAILED = "failed"


def _json(default: type[Any]) -> Any:
    return Field(default_factory=default, sa_column=Column(JSON, nullable=False))


class MatchRun(SQLModel, table=True):
    """A run for one municipality or for all; a run for all leaves one more row for each municipality."""

    __table_args__ = (
        one_of("stage", Stage, "matchrun_stage"),
        Index("matchrun_of_office", "municipality_id", "queued_at"),
        Index("matchrun_open", "stage"),
    )

    __declares__ = (
        about(
            "id municipality_id part_of_id asked_by_id", "know which run it is and who asked", Basis.TASK, Period.RUN
        ),
        about(
            "queued_at started_at seen_at finished_at stage progress error",
            "run the matcher once, and see faults",
            Basis.NOBODY,
            Period.RUN,
        ),
        about("figures changes fairness shortage", "show what a run did, in counts", Basis.NOBODY, Period.RUN),
    )

    id: int | None = Field(default=None, primary_key=True)
    #: None: all municipalities together.
    municipality_id: int | None = Field(default=None, foreign_key="municipality.id")
    #: The run for all that this is a part of.
    part_of_id: int | None = Field(default=None, foreign_key="matchrun.id", index=True)
    #: None: the nightly run.
    asked_by_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    queued_at: datetime = Field(sa_type=UTCDateTime)
    started_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    #: When the process that runs it last said how far it is; after a silence another process starts it again.
    seen_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    stage: Stage = coded(Stage, default=Stage.QUEUED)
    #: 0 to 100.
    progress: int = 0
    #: newcomers, guides, feasible_pairs, placed, chosen, total_score, seconds, model.
    figures: dict[str, Any] = _json(dict)
    #: kept, new, dropped: the matcher's own suggestions.
    changes: dict[str, int] = _json(dict)
    #: Figures by grouping and group; groups under five are folded (`matching/fairness.py`).
    fairness: dict[str, dict[str, dict[str, Any]]] = _json(dict)
    #: Where one more guide would help most: language, municipality, time, asking, placed.
    shortage: list[dict[str, Any]] = _json(list)
    #: The kind of the error that ended it; never its text, which may name somebody.
    error: str | None = Field(default=None, max_length=120)
