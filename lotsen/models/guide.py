"""A volunteer integration guide: what they offer, what they still lack, how many places are in use."""

from datetime import date, datetime

from sqlalchemy import JSON, CheckConstraint, Column
from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import EncryptedText, UTCDateTime, coded, one_of
from lotsen.rules.privacy import Basis, Period
from lotsen.rules.vocabulary import GENDERS, Takes


class Guide(SQLModel, table=True):
    """A guide's offer and file."""

    __table_args__ = (
        CheckConstraint("offered >= 0 AND taken >= 0 AND taken <= capacity", name="guide_capacity"),
        one_of("takes", Takes, "guide_takes"),
        one_of("newcomer_gender", GENDERS, "guide_newcomer_gender"),
    )

    __declares__ = (
        about("id municipality_id created_at completed", "count guides and what they did", Basis.TASK, Period.COUNT),
        about("takes", "count who accompanies for long, who once", Basis.AGREEMENT, Period.COUNT),
        about("person_id", "know whose offer it is", Basis.AGREEMENT, Period.COUNT),
        about("capacity offered taken expiries", "never ask too much of a guide", Basis.AGREEMENT, Period.COUNT),
        about(
            "topics slots radius_km newcomer_gender paused paused_until",
            "propose who fits",
            Basis.AGREEMENT,
            Period.FILE,
        ),
        about(
            "address_confirmed interview_on interview_by_id interview_note cleared_on cleared_by_id training_lessons",
            "know that the guide is suitable and prepared",
            Basis.AGREEMENT,
            Period.FILE,
        ),
        about(
            "conduct_seen_on conduct_seen_by_id conduct_valid_until",
            "protect children (§ 72a SGB VIII)",
            Basis.TASK,
            Period.FILE,
        ),
        about("interview_children", "propose families only to whom they suit", Basis.AGREEMENT, Period.FILE),
        about("confidentiality_on", "prove the promise of confidentiality", Basis.DUTY, Period.FILE),
    )

    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", unique=True)
    municipality_id: int = Field(foreign_key="municipality.id", index=True)
    topics: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    slots: list[str] = Field(default_factory=list, sa_column=Column(JSON, nullable=False))
    radius_km: float
    #: Lasting pairings, one appointment at a time, or both.
    takes: Takes = coded(Takes, default=Takes.BOTH)
    #: A wish for the newcomer's gender excludes (hard rule 3).
    newcomer_gender: str | None = Field(default=None, max_length=1)
    #: How many people at the same time; open offers and running pairings, counted by `services.pairing` alone.
    capacity: int
    offered: int = 0
    taken: int = 0
    #: Offers that ran out unanswered, in a row.
    expiries: int = 0
    paused: bool = False
    paused_until: date | None = None
    address_confirmed: bool = False
    interview_on: date | None = None
    interview_by_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    interview_note: str | None = Field(default=None, sa_type=EncryptedText)
    #: Whether the interview showed that the guide suits households with children; nothing while nobody has said.
    interview_children: bool | None = None
    cleared_on: date | None = None
    cleared_by_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    #: The certificate of conduct itself is never kept: the date it was seen, by whom, and until when it counts.
    conduct_seen_on: date | None = None
    conduct_seen_by_id: int | None = Field(default=None, foreign_key="account.id", index=True)
    conduct_valid_until: date | None = None
    training_lessons: int = 0
    confidentiality_on: date | None = None
    #: Pairings completed so far: experience.
    completed: int = 0
    created_at: datetime = Field(sa_type=UTCDateTime)

    @property
    def free_places(self) -> int:
        """Places that neither an offer nor a pairing holds."""
        return max(0, self.capacity - self.taken - self.offered)
