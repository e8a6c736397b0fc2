"""What a coordination office notes down about somebody, for its own colleagues."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import EncryptedText, UTCDateTime
from lotsen.rules.privacy import Basis, Period


class Note(SQLModel, table=True):
    """One note: by whom, when, in which words. Nobody changes it; its author may take it back for a day.

    It is personal data of the person whom it is about, so the person's own copy has it, word for word (Art. 15 GDPR;
    Federal Court of Justice, 15 June 2021, VI ZR 576/19, on internal notes). Nobody else's copy, list or page does.
    """

    __declares__ = (
        about("id municipality_id person_id author_id written_at text", "know what colleagues know", Basis.TASK,
              Period.FILE),
    )  # fmt: skip

    id: int | None = Field(default=None, primary_key=True)
    municipality_id: int = Field(foreign_key="municipality.id")
    person_id: int = Field(foreign_key="person.id", index=True)
    author_id: int = Field(foreign_key="account.id", index=True)
    written_at: datetime = Field(sa_type=UTCDateTime)
    #: Nothing once it cannot be decrypted any more.
    text: str | None = Field(default=None, sa_type=EncryptedText)
