"""From when until when a guide stood on the list of the municipality's insurance."""

from datetime import date

from sqlalchemy import CheckConstraint, Index, text
from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.rules.privacy import Basis, Period


class Cover(SQLModel, table=True):
    """One stretch of cover: from clearance until it is taken back, the guide moves away, or leaves."""

    __table_args__ = (
        CheckConstraint("ends_on >= begins_on", name="cover_days"),
        # Nobody is covered twice at once, however often somebody clicks.
        Index("cover_running", "guide_id", unique=True,
              sqlite_where=text("ends_on IS NULL"), postgresql_where=text("ends_on IS NULL")),
        Index("cover_of_office", "municipality_id", "begins_on"),
    )  # fmt: skip

    __declares__ = (
        about("id municipality_id guide_id begins_on ends_on", "prove who was insured and when", Basis.DUTY,
              Period.COUNT),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    municipality_id: int = Field(foreign_key="municipality.id")
    guide_id: int = Field(foreign_key="guide.id", index=True)
    #: First and last day; no last day while the cover runs.
    begins_on: date
    ends_on: date | None = None
