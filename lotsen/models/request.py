"""A newcomer's request for a guide."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Column, Index
from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import EncryptedText, UTCDateTime, coded, one_of
from lotsen.rules.privacy import Basis, Period
from lotsen.rules.vocabulary import GENDERS, Household, RequestKind, RequestState


class Request(SQLModel, table=True):
    """What somebody needs, and where it stands."""

    __table_args__ = (
        CheckConstraint("live >= 0 AND live <= places", name="request_places"),
        one_of("state", RequestState, "request_state"),
        one_of("kind", RequestKind, "request_kind"),
        one_of("household", Household, "request_household"),
        one_of("guide_gender", GENDERS, "request_guide_gender"),
        # The list of an office: who waits longest comes first.
        Index("request_of_office", "municipality_id", "state", "waiting_since"),
    )

    __declares__ = (
        about(
            "id municipality_id places live state waiting_since created_at placed_at closed_at close_reason matched_on",
            "count requests and how long people wait",
            Basis.TASK,
            Period.COUNT,
        ),
        about("topics household kind", "count what is needed", Basis.TASK, Period.COUNT),
        about("person_id", "know whose request it is", Basis.CONSENT, Period.COUNT),
        about(
            "slots guide_gender nobody told_unmatched_at",
            "find a guide who fits, or say why there is none",
            Basis.CONSENT,
            Period.FILE,
        ),
        about("wanted_from wanted_until", "accompany an appointment in time", Basis.CONSENT, Period.FILE),
        about("note", "know what the person needs", Basis.CONSENT, Period.FILE),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    municipality_id: int = Field(foreign_key="municipality.id")
    topics: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    slots: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    household: Household = coded(Household)
    #: Lasting company, or one appointment with the days between which it is wanted.
    kind: RequestKind = coded(RequestKind, default=RequestKind.LASTING)
    wanted_from: date | None = None
    wanted_until: date | None = None
    #: A wish for the guide's gender excludes (hard rule 3).
    guide_gender: str | None = Field(default=None, max_length=1)
    #: What the person or the office adds in their own words; warned before saving where it mentions residence status.
    note: str | None = Field(default=None, sa_type=EncryptedText)
    #: Guides at the same time (two for a large family), and how many offers or pairings are live.
    places: int = 1
    live: int = 0
    state: RequestState = coded(RequestState, default=RequestState.OPEN, index=True)
    #: Since when the person waits; a failed trial brings it back unchanged.
    waiting_since: datetime = Field(sa_type=UTCDateTime)
    created_at: datetime = Field(sa_type=UTCDateTime)
    placed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    closed_at: datetime | None = Field(default=None, sa_type=UTCDateTime)
    close_reason: str | None = Field(default=None, max_length=40)
    #: The last matching run's answer to "why nobody": a list of {"code": …, "value": …}; empty where there is a guide.
    nobody: list[dict[str, Any]] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    matched_on: date | None = None
    #: When the person was last told honestly that nobody has been found for a long time.
    told_unmatched_at: datetime | None = Field(default=None, sa_type=UTCDateTime)

    def too_late(self, today: date) -> bool:
        """Whether the days of an appointment are over: nobody is looked for until there are new ones."""
        return self.kind is RequestKind.ONE_OFF and self.wanted_until is not None and self.wanted_until < today
