"""What people carry elsewhere: a certificate that anyone can check, a private calendar address."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint
from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import EncryptedText, UTCDateTime
from lotsen.rules.privacy import Basis, Period


class Certificate(SQLModel, table=True):
    """A guide's certificate of hours, as it was printed. Whoever knows its code may see what it says."""

    __table_args__ = (CheckConstraint("minutes > 0 AND since <= until", name="certificate_says_something"),)

    __declares__ = (
        about(
            "id guide_id municipality_id account_id since until minutes meetings issued_at",
            "count hours that were certified",
            Basis.AGREEMENT,
            Period.COUNT,
        ),
        # It outlives the guide's file: whoever holds the paper can still have it checked, and it names nobody.
        about("digest", "let others check a paper that was handed out", Basis.AGREEMENT, Period.COUNT),
        about("code name", "let a guide print a certificate again", Basis.AGREEMENT, Period.FILE),
    )

    id: int | None = Field(default=None, primary_key=True)
    guide_id: int = Field(foreign_key="guide.id", index=True)
    municipality_id: int = Field(foreign_key="municipality.id", index=True)
    #: Who had it issued.
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    #: The days that it speaks of, both included.
    since: date
    until: date
    minutes: int
    meetings: int
    issued_at: datetime = Field(sa_type=UTCDateTime)
    #: HMAC of the code; the code itself, so that the certificate can be printed again; the name as printed. Both go
    #: with the guide's file.
    digest: str | None = Field(default=None, max_length=64, unique=True)
    code: str | None = Field(default=None, sa_type=EncryptedText)
    name: str | None = Field(default=None, sa_type=EncryptedText)


class CalendarFeed(SQLModel, table=True):
    """The secret address under which an account's calendar can be read, until its owner ends it."""

    __declares__ = (
        about(
            "account_id digest opened_at", "let a calendar of one's own show one's dates", Basis.CONSENT, Period.FILE
        ),
    )

    account_id: int = Field(foreign_key="account.id", primary_key=True)
    #: HMAC of the address's secret part: the address is shown once.
    digest: str = Field(max_length=64, unique=True)
    opened_at: datetime = Field(sa_type=UTCDateTime)
