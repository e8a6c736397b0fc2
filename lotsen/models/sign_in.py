"""Signed-in devices, and the links that open an account once."""

from datetime import datetime
from enum import StrEnum

from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import UTCDateTime, coded, one_of
from lotsen.rules.privacy import Basis, Period


class Method(StrEnum):
    """How somebody signed in."""

    PASSWORD = "password"  # noqa: S105 -- a kind, not a secret
    LINK = "link"
    CODE = "code"
    SINGLE_SIGN_ON = "single_sign_on"


class SignIn(SQLModel, table=True):
    """One device on which somebody is signed in: ends when the row goes, whatever the cookie says."""

    __table_args__ = (one_of("method", Method, "signin_method"),)

    __declares__ = (
        about("digest", "know who is signed in", Basis.DUTY, Period.BRIEF, secret=True),
        about("id account_id method must_enrol", "know who is signed in", Basis.DUTY, Period.BRIEF),
        about("created_at seen_at device", "let people end sessions they do not know", Basis.DUTY, Period.BRIEF),
    )

    id: int | None = Field(default=None, primary_key=True)
    #: Digest of the random key in the cookie.
    digest: str = Field(max_length=64, unique=True)
    account_id: int = Field(foreign_key="account.id", index=True, ondelete="CASCADE")
    method: Method = coded(Method)
    created_at: datetime = Field(sa_type=UTCDateTime)
    #: When it was last used, within some minutes.
    seen_at: datetime = Field(sa_type=UTCDateTime)
    #: Rough: "Firefox, Android", so that its owner knows it again.
    device: str = Field(default="", max_length=60)
    #: Signed in for one thing only: to set up the second factor that the account lacks.
    must_enrol: bool = False


class LinkKind(StrEnum):
    """What a link in a mail is good for."""

    SIGN_IN = "sign_in"
    PASSWORD = "password"  # noqa: S105 -- a kind, not a secret
    INVITATION = "invitation"


class Link(SQLModel, table=True):
    """A link that works once: 256 random bits stand in the mail, their digest here."""

    __table_args__ = (one_of("kind", LinkKind, "link_kind"),)

    __declares__ = (
        about("digest", "let people in by mail", Basis.DUTY, Period.BRIEF, secret=True),
        about("id kind account_id created_at expires_at used_at", "let people in by mail", Basis.DUTY, Period.BRIEF),
    )

    id: int | None = Field(default=None, primary_key=True)
    kind: LinkKind = coded(LinkKind)
    digest: str = Field(max_length=64, unique=True)
    account_id: int = Field(foreign_key="account.id", index=True, ondelete="CASCADE")
    created_at: datetime = Field(sa_type=UTCDateTime)
    expires_at: datetime = Field(sa_type=UTCDateTime)
    used_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
