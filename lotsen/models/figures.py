"""A quarter's published figures: frozen once, so that nobody can subtract today's from yesterday's."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column
from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import UTCDateTime
from lotsen.rules.privacy import Basis, Period


class QuarterFigures(SQLModel, table=True):
    """What the Land reads of one quarter. Figures that must not be published are not stored either."""

    __declares__ = (
        about(
            "quarter frozen_at municipalities figures",
            "evaluate over all municipalities, in counts of five and more",
            Basis.NOBODY,
            Period.COUNT,
        ),
    )

    #: Such as `2026-Q3`.
    quarter: str = Field(primary_key=True, max_length=7)
    frozen_at: datetime = Field(sa_type=UTCDateTime)
    #: Official code -> name of those that took part.
    municipalities: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    #: [measure, by, group, value or None, within, group]: rows of `rules.figures.Figure`; the oldest have four only.
    figures: list[list[Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
