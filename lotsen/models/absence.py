"""A member of staff is away, and a colleague stands in."""

from datetime import date

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.rules.privacy import Basis, Period


class Absence(SQLModel, table=True):
    """From when until when, and who stands in. Why somebody is away is nobody's business here."""

    __table_args__ = (CheckConstraint("begins_on <= ends_on", name="absence_days"),)

    __declares__ = (
        about(
            "id municipality_id account_id substitute_id begins_on ends_on",
            "do the office's work in time",
            Basis.TASK,
            Period.STAFF,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    municipality_id: int = Field(foreign_key="municipality.id", index=True)
    account_id: int = Field(foreign_key="account.id", index=True)
    substitute_id: int = Field(foreign_key="account.id", index=True)
    #: First and last day.
    begins_on: date
    ends_on: date
