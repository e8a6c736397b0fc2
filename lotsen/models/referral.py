"""Who refers people, and whom they referred. What flows back is a request's state and nothing else."""

from datetime import datetime

from sqlmodel import Field, SQLModel

from lotsen.models.purpose import about
from lotsen.models.types import UTCDateTime, coded, one_of
from lotsen.rules.privacy import Basis, Period
from lotsen.rules.vocabulary import ReferrerKind


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
    )

    id: int | None = Field(default=None, primary_key=True)
    referrer_id: int = Field(foreign_key="referrer.id", index=True)
    request_id: int = Field(foreign_key="request.id", unique=True)
    consent_id: int = Field(foreign_key="consent.id")
    #: The referrer's own file sign, so that they find their case again without a name.
    reference: str = Field(default="", max_length=40)
    referred_at: datetime = Field(sa_type=UTCDateTime)
