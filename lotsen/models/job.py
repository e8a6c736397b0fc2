"""A scheduled job's runs."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import UTCDateTime
from lotsen.rules.privacy import Basis, Period


class JobRun(SQLModel, table=True):
    """One slot of one job: whoever inserts the row runs it, so that each slot runs once."""

    __declares__ = (
        about(
            "job slot started_at finished_at done failed error",
            "run each job once, and see faults",
            Basis.NOBODY,
            Period.RUN,
        ),
    )

    job: str = Field(primary_key=True, max_length=40)
    #: The slot's start, or the moment of a run by hand.
    slot: datetime = Field(primary_key=True, sa_type=UTCDateTime)
    started_at: datetime = Field(sa_type=UTCDateTime)
    finished_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    #: How many things were done, and how many failed and will be tried again.
    done: int = 0
    failed: int = 0
    #: The kind of the first error; never its text, which may name somebody.
    error: str | None = Field(default=None, max_length=120)

    @property
    def seconds(self) -> float | None:
        """How long the run took; None while it runs, or where its process died."""
        return (self.finished_at - self.started_at).total_seconds() if self.finished_at else None
