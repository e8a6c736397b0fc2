"""Who refers people, and whom they referred. What flows back is a request's state and nothing else."""

from datetime import datetime

from sqlalchemy import CheckConstraint, false
from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import UTCDateTime, coded, one_of
from lotsen.rules.privacy import Basis, Period
from lotsen.rules.vocabulary import Mood, ReferrerKind


class Referrer(SQLModel, table=True):
    """An immigration office, job centre, course provider or school."""

    __table_args__ = (one_of("kind", ReferrerKind, "referrer_kind"),)

    __declares__ = (
        about("id municipality_id kind name", "know which organisations refer people", Basis.TASK, Period.OFFICE),
    )

    id: int | None = Field(default=None, primary_key=True)
    municipality_id: int = Field(foreign_key="municipality.id", index=True)
    kind: ReferrerKind = coded(ReferrerKind)
    name: str = Field(max_length=160)


class Referral(SQLModel, table=True):
    """A person sent to the coordination office, with recorded consent."""

    __declares__ = (
        about("id referrer_id request_id consent_id referred_at", "count referrals", Basis.TASK, Period.COUNT),
        about("reference", "let the referrer see open, placed or closed", Basis.CONSENT, Period.FILE),
        about("rated", "let each person rate the referring office once", Basis.TASK, Period.COUNT),
        about("key_digest", "store once what another system sends twice", Basis.TASK, Period.COUNT, secret=True),
        about("body_digest", "tell a repeated referral from another one", Basis.TASK, Period.FILE, secret=True),
    )

    id: int | None = Field(default=None, primary_key=True)
    referrer_id: int = Field(foreign_key="referrer.id", index=True)
    request_id: int = Field(foreign_key="request.id", unique=True)
    consent_id: int = Field(foreign_key="consent.id", index=True)
    #: The referrer's own file sign, so that they find their case again without a name.
    reference: str = Field(default="", max_length=40)
    referred_at: datetime = Field(sa_type=UTCDateTime)
    #: Whether the person has rated the referrer's service; what they said stands in `ServiceRating`, without them.
    rated: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    #: From another system: digests of the idempotency key (with the organisation) and of what was sent under it.
    key_digest: str | None = Field(default=None, max_length=64, unique=True)
    body_digest: str | None = Field(default=None, max_length=64)


class ServiceRating(SQLModel, table=True):
    """How many people gave a referrer's service one of three faces. No row says who, when or in which order.

    Answers wait in `pending` until five have come together and move on to `shown` at once: no two looks at what is
    shown differ by fewer people.
    """

    __table_args__ = (
        one_of("face", Mood, "servicerating_face"),
        CheckConstraint("shown >= 0 AND pending >= 0", name="servicerating_counts"),
    )

    __declares__ = (
        about("referrer_id face shown pending", "count how the service is rated", Basis.NOBODY, Period.OFFICE),
    )

    referrer_id: int = Field(foreign_key="referrer.id", primary_key=True)
    face: Mood = coded(Mood, primary_key=True)
    shown: int = 0
    pending: int = 0
