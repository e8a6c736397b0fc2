"""Somebody whom Lotsen knows: a newcomer or a guide, with the consents that they gave."""

from datetime import datetime
from typing import Final

from sqlalchemy import JSON, Column, Index, false, text
from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import UTCDateTime, one_of
from lotsen.rules.privacy import Basis, Period
from lotsen.rules.vocabulary import GENDERS

#: Whose data are neither erased nor only kept (SQL, for an index).
IN_USE: Final = "erased_at IS NULL AND restricted_at IS NULL"


class Person(SQLModel, table=True):
    """Name, contact, place and languages."""

    __table_args__ = (
        one_of("gender", GENDERS, "person_gender"),
        # An office's people are counted by place and language without opening one of their files.
        Index(
            "person_in_use",
            "municipality_id",
            "id",
            sqlite_where=text(IN_USE),
            postgresql_where=text(IN_USE),
            postgresql_include=["postcode", "languages"],
        ),
    )

    __declares__ = (
        about("id municipality_id created_at erased_at", "count people", Basis.TASK, Period.COUNT),
        about("languages", "find a shared language; later count the first one", Basis.CONSENT, Period.COUNT),
        about("first_name last_name locale", "address the person", Basis.CONSENT, Period.FILE),
        about("restricted_at", "keep data without using them (Art. 18 GDPR)", Basis.DUTY, Period.FILE),
        about("email phone", "reach the person", Basis.CONSENT, Period.FILE),
        about("muted", "write only what is needed or wanted", Basis.TASK, Period.FILE),
        about("gender", "respect wishes for a gender", Basis.CONSENT, Period.FILE),
        about("postcode town latitude longitude", "find somebody near", Basis.CONSENT, Period.FILE),
    )

    id: int | None = Field(default=None, primary_key=True)
    municipality_id: int = Field(foreign_key="municipality.id", index=True)
    first_name: str = Field(max_length=80)
    #: Guides only: newcomers are asked for a first name.
    last_name: str = Field(default="", max_length=80)
    email: str | None = Field(default=None, max_length=254, index=True)
    #: E.164.
    phone: str | None = Field(default=None, max_length=20)
    #: f, m, d or not said; only used where somebody wishes for a gender.
    gender: str | None = Field(default=None, max_length=1)
    #: The language of pages and mails (BCP 47).
    locale: str = Field(max_length=12)
    postcode: str = Field(max_length=5)
    town: str = Field(max_length=120)
    #: The postal code's centre in degrees (WGS 84): the exact address is never asked.
    latitude: float
    longitude: float
    #: ISO 639 code -> CEFR level; C2 for a first language.
    languages: dict[str, str] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    #: Kinds of mails that this person does not want (`rules.mail_kinds`).
    muted: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_type=UTCDateTime)
    #: On the person's own wish nothing is processed any more; staff see the mark (Art. 18 GDPR).
    restricted_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    #: The file is empty: only counts are left.
    erased_at: datetime | None = Field(default=None, sa_type=UTCDateTime)


class Consent(SQLModel, table=True):
    """What somebody agreed to, in which words and when: the proof."""

    __declares__ = (
        about("id person_id kind version given_at guardian withdrawn_at", "prove consent", Basis.DUTY, Period.COUNT),
        about("text locale", "prove what was agreed to", Basis.DUTY, Period.FILE),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    #: "request", "volunteer", "confidentiality", "referral" or "counselling".
    kind: str = Field(max_length=20)
    version: str = Field(max_length=10)
    #: The text as it was shown, in the language in which it was shown.
    text: str
    locale: str = Field(max_length=12)
    given_at: datetime = Field(sa_type=UTCDateTime)
    #: Given by a parent or guardian, for somebody under 16 (Art. 8 GDPR).
    guardian: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    withdrawn_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
