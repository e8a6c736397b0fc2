"""A question to the two people of a pairing, and what each of them answered."""

from datetime import date, datetime

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import UTCDateTime, coded, one_of
from lotsen.rules.following import Answer, Question
from lotsen.rules.privacy import Basis, Period

_OPEN = text("closed_at IS NULL")


class CheckIn(SQLModel, table=True):
    """One question, put to both or to the guide alone; answered on their pages by one tap."""

    __declares__ = (
        about(
            "id pairing_id kind asked_at answer_until reminded_at handed_over_at closed_at",
            "ask once how a pairing goes, and never forget it",
            Basis.TASK,
            Period.FILE,
        ),
        about(
            "guide_answer guide_answered_at newcomer_answer newcomer_answered_at",
            "notice where help is needed",
            Basis.CONSENT,
            Period.FILE,
        ),
    )
    __table_args__ = (
        one_of("kind", Question, "checkin_kind"),
        one_of("guide_answer", Answer, "checkin_guide_answer"),
        one_of("newcomer_answer", Answer, "checkin_newcomer_answer"),
        # A pairing is asked one thing at a time, however often its job runs.
        Index("checkin_open", "pairing_id", "kind", unique=True, sqlite_where=_OPEN, postgresql_where=_OPEN),
    )

    id: int | None = Field(default=None, primary_key=True)
    pairing_id: int = Field(foreign_key="pairing.id", index=True)
    kind: Question = coded(Question)
    asked_at: datetime = Field(sa_type=UTCDateTime)
    #: From this day on, silence is handed over to the office.
    answer_until: date
    reminded_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    guide_answer: Answer | None = coded(Answer, default=None)
    guide_answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    newcomer_answer: Answer | None = coded(Answer, default=None)
    newcomer_answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    handed_over_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    #: Everybody has answered, or the pairing has moved on.
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
