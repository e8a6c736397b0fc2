"""The outbox: a mail is a row, written with the change that it tells of, sent once by a job."""

from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import EncryptedText, UTCDateTime, coded, one_of
from lotsen.rules.privacy import Basis, Period


class MailState(StrEnum):
    """Where a mail stands."""

    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    #: The server refused for good, or too many tries failed: staff are told.
    DEAD = "dead"


class Mail(SQLModel, table=True):
    """One mail to one recipient."""

    __table_args__ = (one_of("state", MailState, "mail_state"), Index("mail_due", "state", "due_at"))

    __declares__ = (
        about("id template key municipality_id", "write each mail once", Basis.TASK, Period.MAIL),
        about("person_id account_id params", "tell people what concerns them", Basis.TASK, Period.MAIL),
        about("secret", "bring a code to its owner; wiped when sent", Basis.TASK, Period.MAIL, secret=True),
        about(
            "created_at state due_at attempts holder lease_until sent_at last_error",
            "send each mail once",
            Basis.TASK,
            Period.MAIL,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    #: The folder under templates/mail.
    template: str = Field(max_length=40)
    #: What it tells of: the same mail is never written twice.
    key: str = Field(unique=True, max_length=120)
    municipality_id: int | None = Field(default=None, foreign_key="municipality.id")
    #: Who gets it: the address and the language are read when it is sent.
    person_id: int | None = Field(default=None, foreign_key="person.id", index=True)
    account_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    #: Where its button leads (a path of ours) and numbers; never names, numbers or addresses of people.
    params: dict[str, Any] = Field(default_factory=dict, sa_column=Column(JSON, nullable=False))
    #: What must not stand readable in the outbox (a status code); wiped when sent.
    secret: str | None = Field(default=None, sa_type=EncryptedText)
    created_at: datetime = Field(sa_type=UTCDateTime)
    state: MailState = coded(MailState, default=MailState.QUEUED)
    #: Not to be tried before.
    due_at: datetime = Field(sa_type=UTCDateTime)
    attempts: int = 0
    #: Which process is sending it, and until when nobody else may.
    holder: str | None = Field(default=None, max_length=64)
    lease_until: datetime | None = Field(default=None, sa_type=UTCDateTime)
    sent_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    #: The server's code and enhanced status, never its text: that may repeat an address.
    last_error: str | None = Field(default=None, max_length=80)
