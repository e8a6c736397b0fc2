"""What the interface takes and gives. Strict: `"1"` is no number and `1` is no yes; unknown fields are refused."""

from datetime import date
from typing import Annotated, Any, Final, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    WithJsonSchema,
)
from pydantic_core import PydanticCustomError

from lotsen.i18n import OFFERED
from lotsen.rules import reach
from lotsen.rules.answers import Gender, RequestAnswers, clean
from lotsen.rules.figures import By, Measure
from lotsen.rules.referral import REFERENCE
from lotsen.rules.residence import mentioned
from lotsen.rules.vocabulary import LANGUAGES, LEVELS, SLOTS, TOPICS, Household, RequestState
from lotsen.web.newcomer_words import CONSENT_VERSION

KEY: Final = r"^[A-Za-z0-9_-]{8,64}$"
QUARTER: Final = r"^[0-9]{4}-Q[1-4]$"

# `Literal[X]` of a tuple is the choice between its members.
Language = Literal[LANGUAGES]  # type: ignore[valid-type]  # made at run time
Level = Literal[LEVELS]  # type: ignore[valid-type]
Topic = Literal[TOPICS]  # type: ignore[valid-type]
Slot = Literal[SLOTS]  # type: ignore[valid-type]
Locale = Literal[OFFERED]  # type: ignore[valid-type]


def _name(text: str) -> str:
    if not clean(text):
        raise PydanticCustomError("string_too_short", "String should have at least 1 character")
    return clean(text)


def _email(text: str) -> str:
    try:
        return reach.email(text)
    except ValueError as error:
        raise PydanticCustomError("email", "This is not a complete e-mail address") from error


def _phone(text: str) -> str:
    try:
        return reach.phone(text)
    except ValueError as error:
        raise PydanticCustomError("phone", "This is not a complete telephone number") from error


def _agreed(answer: bool) -> bool:
    if not answer:
        raise PydanticCustomError("consent_missing", "Without the person's recorded consent nothing is stored.")
    return answer


def _number(text: Any) -> Any:
    """Addresses hold text: only digits are a number."""
    return int(text) if isinstance(text, str) and text.isascii() and text.isdigit() and len(text) < 6 else text


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Consent(_Strict):
    """What the person agreed to. `GET /api/v1/consent` has the words, in every language."""

    agreed: Annotated[bool, AfterValidator(_agreed), WithJsonSchema({"type": "boolean", "const": True})] = Field(
        description="The person has read or heard the text in their language and agrees."
    )
    version: Literal[CONSENT_VERSION] = Field(description="The version of the text that they agreed to.")  # type: ignore[valid-type]
    guardian: bool = Field(
        default=False, description="The person is under 16, and their parents or guardian agreed for them."
    )


class ReferralIn(_Strict):
    """A person who would like a guide. There is no field for free text: nothing more may be passed on."""

    consent: Consent
    locale: Locale = Field(description="The language of the consent, the leaflet and mails.")
    first_name: Annotated[str, StringConstraints(min_length=1, max_length=80), AfterValidator(_name)]
    postcode: Annotated[str, StringConstraints(pattern=r"^[0-9]{5}$")] = Field(description="Where the person lives.")
    languages: dict[Language, Level] = Field(
        min_length=1, max_length=20, description="ISO 639 code of each language and its CEFR level; C2: first language."
    )
    topics: list[Topic] = Field(min_length=1, max_length=len(TOPICS), description="What help is wanted with.")
    household: Household = Field(description="Who needs a guide.")
    guide_gender: Gender | None = Field(default=None, description="The person's wish; none: no matter.")
    slots: list[Slot] = Field(
        default_factory=list, max_length=len(SLOTS), description="When there is time; none: at any time."
    )
    phone: Annotated[str, StringConstraints(max_length=40), AfterValidator(_phone)] | None = None
    email: Annotated[str, StringConstraints(max_length=254), AfterValidator(_email)] | None = None
    reference: Annotated[str, StringConstraints(max_length=40, pattern=REFERENCE)] = Field(
        default="", description="Your own file sign. Please no names."
    )
    words_confirmed: bool = Field(
        default=False,
        description="The name or the reference looks like words about residence status, but means something else.",
    )

    def doubtful(self) -> list[str]:
        """Return the fields that seem to be about residence status (§ 87 AufenthG), unless they were confirmed."""
        words = {"first_name": self.first_name, "reference": self.reference}
        return [] if self.words_confirmed else [name for name, text in words.items() if mentioned(text)]

    def answers(self) -> RequestAnswers:
        """Return the answers, checked once more; no times chosen means any time."""
        shared = {name: getattr(self, name) for name in RequestAnswers.model_fields.keys() & type(self).model_fields}
        return RequestAnswers(**shared | {"slots": self.slots or list(SLOTS)})


class Narrowing(_Strict):
    """Which referrals are listed."""

    page: Annotated[int, BeforeValidator(_number)] = Field(default=1, ge=1, le=10_000)
    reference: str = Field(default="", max_length=40, description="Only those whose reference has this in it.")


class Headers(_Strict):
    """What comes beside a referral."""

    idempotency_key: Annotated[str, StringConstraints(pattern=KEY)] = Field(
        alias="Idempotency-Key",
        description="Your own mark of this referral, for example a UUID: what is sent again under it is stored once.",
    )


class ReferralOut(_Strict):
    """All that ever flows back about a referral."""

    id: int
    reference: str
    referred_on: date
    state: RequestState


class ReferralTaken(ReferralOut):
    """The answer to a referral."""

    status_code: str | None = Field(
        description="For the leaflet: with it the person looks up their request. Told for one day, then null."
    )
    status_url: str = Field(description="Where the status code is typed; for the QR code. It holds no code itself.")


class ReferralPage(_Strict):
    """Some of your referrals, the newest first."""

    items: list[ReferralOut]
    page: int
    pages: int
    total: int


class ConsentText(_Strict):
    """The text in one language."""

    locale: str
    name: str
    direction: str = Field(description="ltr or rtl")
    paragraphs: list[str]


class ConsentTexts(_Strict):
    """What a person must have read or heard before they are referred."""

    version: str
    texts: list[ConsentText]


class Period(_Strict):
    """Whose figures are asked for."""

    quarter: Annotated[str, StringConstraints(pattern=QUARTER)] | None = Field(
        default=None, description="Such as 2026-Q3; none: the latest that is published."
    )


class Figure(_Strict):
    """One figure of a quarter, as in the open data (CSV)."""

    measure: Measure
    breakdown: By
    group: str = Field(description="A municipality's official key (AGS), a language's ISO 639 code, or another code.")
    group_name: str = Field(description="In German.")
    within: By = Field(description="Narrows the figure further, for example to one municipality; land: it does not.")
    within_group: str = Field(description="The group within which is counted, by its code as above.")
    within_name: str = Field(description="In German.")
    value: int | None = Field(ge=0, description="null: small, or a small figure could be calculated from it.")


class Statistics(_Strict):
    """What is published of one quarter, over all municipalities."""

    quarter: str
    published: date = Field(description="Since then nothing changes these figures.")
    publisher: str
    licence: str
    quarters: list[str] = Field(description="Every quarter that is published, the latest first.")
    figures: list[Figure]


class Fault(_Strict):
    """What is wrong with one field."""

    field: str
    code: str
    message: str


class Problem(_Strict):
    """What went wrong (RFC 9457)."""

    status: int
    code: str
    title: str
    errors: list[Fault]
