"""Who saw, changed or exported whose file, and who let whom in. Only ever added to: the database refuses the rest."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import UTCDateTime, coded, one_of
from lotsen.rules.privacy import Basis, Period
from lotsen.rules.vocabulary import Role


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


class Granted(StrEnum):
    """What somebody did with a colleague's way in."""

    INVITED = "invited"
    INVITED_AGAIN = "invited_again"
    CLOSED = "closed"
    REOPENED = "reopened"
    RESET = "reset"
    LANGUAGES = "languages"


class AccessEntry(SQLModel, table=True):
    """One line: who let which colleague in or out, and as what."""

    __table_args__ = (
        one_of("did", Granted, "accessentry_did"),
        Index("access_of_office", "municipality_id", "at"),
    )

    __declares__ = (
        about(
            "id at municipality_id by_id account_id did role is_lead",
            "say who let whom in or out",
            Basis.DUTY,
            Period.LOG,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    at: datetime = Field(sa_type=UTCDateTime)
    #: The colleague's office; nobody's: an administrator, or whoever evaluates or reads translations.
    municipality_id: int | None = Field(default=None, foreign_key="municipality.id")
    #: Who did it; nobody: the command line.
    by_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    #: To whom.
    account_id: int = Field(foreign_key="account.id", index=True)
    did: Granted = coded(Granted)
    #: As what, at that moment.
    role: Role = coded(Role)
    is_lead: bool = False
