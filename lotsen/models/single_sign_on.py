"""How a municipality's staff sign in with the account that they have at work (OpenID Connect)."""

from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import EncryptedText
from lotsen.rules.privacy import Basis, Period


class SingleSignOn(SQLModel, table=True):
    """One municipality's identity provider, and what it knows us as."""

    __declares__ = (
        about(
            "municipality_id issuer client_id client_secret email_domain active",
            "let staff sign in with their account at work", Basis.NOBODY, Period.OFFICE,
        ),
    )  # fmt: skip

    municipality_id: int = Field(primary_key=True, foreign_key="municipality.id", ondelete="CASCADE")
    #: The provider's address; its settings stand at /.well-known/openid-configuration below it.
    issuer: str = Field(max_length=300)
    client_id: str = Field(max_length=200)
    client_secret: str | None = Field(sa_type=EncryptedText)
    #: Only addresses in this domain are believed.
    email_domain: str = Field(max_length=200)
    active: bool = True
