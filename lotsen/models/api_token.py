"""How another system comes in: a referring organisation's specialist software."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import UTCDateTime
from lotsen.rules.privacy import Basis, Period


class ApiToken(SQLModel, table=True):
    """A long random secret of which only the digest is stored. It opens one organisation's referrals, nothing else."""

    __declares__ = (
        about("id referrer_id name", "know which system comes in", Basis.TASK, Period.OFFICE),
        about(
            "issued_at issued_by_id revoked_at revoked_by_id used_at", "know who let it in", Basis.DUTY, Period.OFFICE
        ),
        about("digest", "let nobody else in", Basis.DUTY, Period.OFFICE, secret=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    referrer_id: int = Field(foreign_key="referrer.id", index=True)
    #: What the system is called by whoever issued the token.
    name: str = Field(max_length=80)
    digest: str = Field(max_length=64, unique=True)
    issued_at: datetime = Field(sa_type=UTCDateTime)
    issued_by_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    revoked_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    revoked_by_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    #: To within an hour.
    used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
