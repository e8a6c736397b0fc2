"""What two people in contact write to each other. The office reads it only after one of them reported a problem."""

from datetime import datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import EncryptedText, UTCDateTime, coded, one_of
from lotsen.rules.pairing import Side
from lotsen.rules.privacy import Basis, Period
from lotsen.rules.vocabulary import Phrase


class Message(SQLModel, table=True):
    """One message: a fixed phrase that each reads in the own language, or words of one's own."""

    __table_args__ = (
        one_of("sender", (Side.NEWCOMER, Side.GUIDE), "message_sender"),
        CheckConstraint("(phrase IS NULL) <> (text IS NULL)", name="message_content"),
        Index("message_of_pairing", "pairing_id", "sent_at"),
    )

    __declares__ = (
        about(
            "id pairing_id token sender sent_at phrase text read_at",
            "let two people in contact write to each other",
            Basis.CONSENT,
            Period.FILE,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    pairing_id: int = Field(foreign_key="pairing.id")
    #: Drawn with the form: the same form sent twice is one message.
    token: str = Field(unique=True, max_length=32)
    sender: Side = coded(Side)
    sent_at: datetime = Field(sa_type=UTCDateTime)
    phrase: Phrase | None = coded(Phrase, default=None)
    text: str | None = Field(default=None, sa_type=EncryptedText)
    #: When the other side opened it.
    read_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
