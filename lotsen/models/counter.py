"""How often something was tried: rate limits that hold over all processes."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import UTCDateTime
from lotsen.rules.privacy import Basis, Period


class Counter(SQLModel, table=True):
    """Tries in one window of time. The key is a digest: whose tries they are cannot be read."""

    __declares__ = (about("key count expires_at", "slow down whoever guesses", Basis.DUTY, Period.BRIEF),)

    key: str = Field(primary_key=True, max_length=64)
    count: int
    expires_at: datetime = Field(sa_type=UTCDateTime, index=True)
