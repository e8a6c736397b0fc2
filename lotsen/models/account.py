"""Who may sign in, and as what."""

from datetime import datetime

from flask_login import UserMixin
from sqlalchemy import JSON, Column, Index
from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import UTCDateTime, coded, one_of
from lotsen.rules.privacy import Basis, Period
from lotsen.rules.vocabulary import Role


class Account(UserMixin, SQLModel, table=True):  # type: ignore[misc]  # flask-login ships no types
    """A way in: by address and password, or for newcomers and guides without e-mail by the status code alone."""

    __table_args__ = (one_of("role", Role, "account_role"), Index("account_of_office", "municipality_id", "role"))

    __declares__ = (
        about("id role municipality_id created_at active is_lead", "count accounts by role", Basis.TASK, Period.COUNT),
        about("person_id referrer_id", "know whose account it is", Basis.TASK, Period.COUNT),
        about("email name locale", "address whoever signs in", Basis.TASK, Period.STAFF),
        about("reads", "know whose translations somebody reads", Basis.TASK, Period.STAFF),
        about("muted", "write only what is needed or wanted", Basis.TASK, Period.STAFF),
        about("email_confirmed_at", "know that the address is right", Basis.DUTY, Period.STAFF),
        about("password_hash code_digest", "let nobody else in", Basis.DUTY, Period.STAFF, secret=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    role: Role = coded(Role)
    #: In small letters. Staff and guides sign in with it; newcomers who chose a password too.
    email: str | None = Field(default=None, max_length=254, unique=True)
    email_confirmed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    #: argon2id; nothing where only the status code opens the account.
    password_hash: str | None = Field(default=None, max_length=200)
    #: HMAC of the status code.
    code_digest: str | None = Field(default=None, max_length=64, unique=True)
    municipality_id: int | None = Field(default=None, foreign_key="municipality.id")
    person_id: int | None = Field(default=None, foreign_key="person.id", unique=True)
    referrer_id: int | None = Field(default=None, foreign_key="referrer.id", index=True)
    #: Staff's name as colleagues see it; people's names stand in Person.
    name: str = Field(default="", max_length=120)
    #: The coordination office's lead: overdue approvals are escalated to them.
    is_lead: bool = False
    #: Reviewers only: the offered languages whose texts they read, as BCP 47 tags.
    reads: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    active: bool = True
    locale: str = Field(default="de", max_length=12)
    #: Kinds of mails that a member of staff does not want (`rules.mail_kinds`); people's own stand in Person.
    muted: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    created_at: datetime = Field(sa_type=UTCDateTime)

    @property
    def is_active(self) -> bool:
        """Whether the account may be used (flask-login)."""
        return self.active
