"""What staff sign in with besides their password: an app's codes, passkeys, recovery codes."""

from datetime import datetime

from sqlalchemy import BigInteger
from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import EncryptedText, UTCDateTime
from lotsen.rules.privacy import Basis, Period


class Authenticator(SQLModel, table=True):
    """An app that shows a new code every 30 seconds (TOTP, RFC 6238)."""

    __declares__ = (
        about("account_id created_at confirmed_at last_step", "check a second factor", Basis.DUTY, Period.STAFF),
        about("secret", "check a second factor", Basis.DUTY, Period.STAFF, secret=True),
    )

    account_id: int = Field(primary_key=True, foreign_key="account.id", ondelete="CASCADE")
    secret: str | None = Field(sa_type=EncryptedText)
    created_at: datetime = Field(sa_type=UTCDateTime)
    #: Counts only once its owner has typed a code from it.
    confirmed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    #: The period of the last code: a code that somebody looked at over a shoulder does not work again.
    last_step: int = 0


class Passkey(SQLModel, table=True):
    """A key that a device keeps, and that works on our pages alone (WebAuthn)."""

    __declares__ = (
        about(
            "id account_id credential_id public_key sign_count name created_at used_at",
            "check a second factor", Basis.DUTY, Period.STAFF,
        ),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True, ondelete="CASCADE")
    #: base64url, as browsers send it.
    credential_id: str = Field(max_length=1400, unique=True)
    public_key: str = Field(max_length=2800)
    sign_count: int = Field(default=0, sa_type=BigInteger)
    #: What its owner calls it.
    name: str = Field(max_length=60)
    created_at: datetime = Field(sa_type=UTCDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class RecoveryCode(SQLModel, table=True):
    """A code that stands in for a lost app or key, once."""

    __declares__ = (
        about("id account_id used_at", "let owners back in", Basis.DUTY, Period.STAFF),
        about("digest", "let owners back in", Basis.DUTY, Period.STAFF, secret=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    account_id: int = Field(foreign_key="account.id", index=True, ondelete="CASCADE")
    digest: str = Field(max_length=64, unique=True)
    used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
