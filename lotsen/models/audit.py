"""Who saw, changed or exported whose file. Only ever added to: the database itself refuses anything else."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import UTCDateTime, coded, one_of
from lotsen.rules.privacy import Basis, Period


class Did(StrEnum):
    """What somebody did with a file."""

    SAW = "saw"
    CHANGED = "changed"
    EXPORTED = "exported"
    COPIED = "copied"
    RESTRICTED = "restricted"
    RELEASED = "released"
    WITHDREW = "withdrew"
    ERASED = "erased"


class AuditEntry(SQLModel, table=True):
    """One line: who, whose file, what, when. Numbers and codes alone: nothing is left to read once a file is erased."""

    __table_args__ = (
        one_of("did", Did, "auditentry_did"),
        Index("audit_of_person", "person_id", "at"),
        Index("audit_of_account", "account_id", "at"),
        Index("audit_of_office", "municipality_id", "at"),
    )

    __declares__ = (
        about(
            "id at municipality_id account_id person_id did taken",
            "say who saw, changed or took away a file",
            Basis.DUTY,
            Period.LOG,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UTCDateTime)
    municipality_id: int | None = Field(default=None, foreign_key="municipality.id")
    #: Who did it; nobody: a job, or the person before signing in.
    account_id: int | None = Field(default=None, foreign_key="account.id")
    #: Whose file; nobody: a list of many.
    person_id: int | None = Field(default=None, foreign_key="person.id")
    did: Did = coded(Did)
    #: Of an export: which list, in which format, narrowed to what; codes alone, as in an address, and no names.
    taken: str | None = Field(default=None, max_length=200)
