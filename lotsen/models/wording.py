"""What reviewers say of the translations: how a text should read, and that a language has been read. Only added to."""

from datetime import datetime

from sqlalchemy import JSON, Column, Index, Text
from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import UTCDateTime
from lotsen.rules.privacy import Basis, Period


class Wording(SQLModel, table=True):
    """How a text reads in a language, as somebody who looked at it wants it; the newest row of a text holds."""

    __table_args__ = (Index("wording_of_text", "locale", "source_key"),)

    __declares__ = (
        about(
            "id locale domain source_key source context several forms", "say a text well", Basis.NOBODY, Period.OFFICE
        ),
        about("account_id at", "say who changed a text, and when", Basis.TASK, Period.COUNT),
    )

    id: int | None = Field(default=None, primary_key=True)
    #: The offered language's tag, and which of its catalogues has the text.
    locale: str = Field(max_length=12)
    domain: str = Field(max_length=12)
    #: A short digest of context and source: the text's name in addresses.
    source_key: str = Field(max_length=16)
    #: The text in English (the singular), and what tells it from the same words elsewhere.
    source: str = Field(sa_type=Text)
    context: str | None = Field(default=None, max_length=80)
    #: Whether it counts something: then there are as many forms as the language has.
    several: bool = False
    forms: list[str] = Field(sa_column=Column(JSON, nullable=False))
    account_id: int = Field(foreign_key="account.id", index=True)
    at: datetime = Field(sa_type=UTCDateTime)


class Review(SQLModel, table=True):
    """Somebody who speaks a language has read all that Lotsen says in it."""

    __declares__ = (
        about("id locale by", "say who vouches for a language", Basis.TASK, Period.OFFICE),
        about("account_id at", "say who recorded it, and when", Basis.TASK, Period.COUNT),
    )

    id: int | None = Field(default=None, primary_key=True)
    locale: str = Field(max_length=12, index=True)
    #: Whom the catalogue names: a person or an organisation that agreed to it.
    by: str = Field(max_length=80)
    account_id: int = Field(foreign_key="account.id", index=True)
    at: datetime = Field(sa_type=UTCDateTime)
