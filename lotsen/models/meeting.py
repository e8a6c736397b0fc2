"""Times that two people spend together: those that they plan, and those that they had."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Index
from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import EncryptedText, UTCDateTime, coded, one_of
from lotsen.rules.pairing import Side
from lotsen.rules.privacy import Basis, Period
from lotsen.rules.vocabulary import AppointmentState, MeetingKind, Mood

_PEOPLE = (Side.NEWCOMER, Side.GUIDE)


class Meeting(SQLModel, table=True):
    """A meeting that took place, as one of the two logged it. Hours, mileage and expenses add up by guide and year."""

    __table_args__ = (
        one_of("logged_by", _PEOPLE, "meeting_logged_by"),
        one_of("kind", MeetingKind, "meeting_kind"),
        one_of("mood", Mood, "meeting_mood"),
        CheckConstraint("minutes > 0 AND minutes <= 1440", name="meeting_minutes"),
        CheckConstraint("metres >= 0 AND expenses_cents >= 0", name="meeting_costs"),
        Index("meeting_of_pairing", "pairing_id", "held_on"),
        Index("meeting_of_guide", "guide_id", "held_on"),
        Index("meeting_of_office", "municipality_id", "held_on"),
    )

    __declares__ = (
        about(
            "id pairing_id guide_id municipality_id token logged_by held_on kind minutes metres expenses_cents "
            "logged_at",
            "count hours, for certificates, insurance and what a guide spent",
            Basis.AGREEMENT,
            Period.COUNT,
        ),
        about("mood", "notice where help is needed; later counted", Basis.CONSENT, Period.COUNT),
        about("note", "remember, for its author alone", Basis.CONSENT, Period.FILE),
    )

    id: int | None = Field(default=None, primary_key=True)
    pairing_id: int = Field(foreign_key="pairing.id")
    guide_id: int = Field(foreign_key="guide.id")
    municipality_id: int = Field(foreign_key="municipality.id")
    #: Drawn with the form: the same form sent twice is one meeting.
    token: str = Field(unique=True, max_length=32)
    #: Who noted it. Certificates and totals count the guide's own entries: nothing counts twice.
    logged_by: Side = coded(Side)
    held_on: date
    kind: MeetingKind = coded(MeetingKind)
    minutes: int
    mood: Mood = coded(Mood)
    #: The guide's way there and back, and what it cost.
    metres: int = 0
    expenses_cents: int = 0
    #: For whoever wrote it alone.
    note: str | None = Field(default=None, sa_type=EncryptedText)
    logged_at: datetime = Field(sa_type=UTCDateTime)


class Appointment(SQLModel, table=True):
    """A date that one side proposes and the other confirms."""

    __table_args__ = (
        one_of("proposed_by", _PEOPLE, "appointment_proposed_by"),
        one_of("kind", MeetingKind, "appointment_kind"),
        one_of("state", AppointmentState, "appointment_state"),
        CheckConstraint("minutes > 0 AND minutes <= 1440", name="appointment_minutes"),
        Index("appointment_of_pairing", "pairing_id", "at"),
    )

    __declares__ = (
        about(
            "id pairing_id token proposed_by proposed_at at minutes kind place state answered_at",
            "agree on a date between two people",
            Basis.CONSENT,
            Period.FILE,
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    pairing_id: int = Field(foreign_key="pairing.id")
    token: str = Field(unique=True, max_length=32)
    proposed_by: Side = coded(Side)
    proposed_at: datetime = Field(sa_type=UTCDateTime)
    at: datetime = Field(sa_type=UTCDateTime)
    minutes: int = 60
    kind: MeetingKind = coded(MeetingKind)
    place: str | None = Field(default=None, sa_type=EncryptedText)
    state: AppointmentState = coded(AppointmentState, default=AppointmentState.PROPOSED)
    #: When it was confirmed, declined or cancelled.
    answered_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
