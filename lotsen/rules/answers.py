"""What newcomers and guides tell us, checked: tables do not validate, so everything passes through here first."""

import re
import unicodedata
from datetime import date
from typing import Annotated, Final, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from lotsen.rules.vocabulary import LANGUAGES, LEVELS, SLOTS, TOPICS, Household, RequestKind, Takes

#: Bidirectional overrides and isolates, and control characters except line breaks: they can disguise text.
_FORBIDDEN: Final = re.compile(
    "[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
)


def clean(text: str) -> str:
    """Return `text` in Unicode's composed form (NFC), without invisible signs, white space folded at its ends."""
    return _FORBIDDEN.sub("", unicodedata.normalize("NFC", text.replace("\r\n", "\n"))).strip()


def fold_digits(text: str) -> str:
    """Return `text` with the digits of every script as ASCII digits: a postal code may be typed in Arabic digits."""
    return "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in text)


def _known_languages(languages: dict[str, str]) -> dict[str, str]:
    unknown = [code for code, level in languages.items() if code not in LANGUAGES or level not in LEVELS]
    if unknown:
        raise ValueError("unknown language or level")
    return languages


def _among(codes: tuple[str, ...]) -> AfterValidator:
    def check(chosen: list[str]) -> list[str]:
        if not set(chosen) <= set(codes):
            raise ValueError("unknown code")
        return [code for code in codes if code in chosen]

    return AfterValidator(check)


Name = Annotated[str, AfterValidator(clean), StringConstraints(min_length=1, max_length=80)]
Text = Annotated[str, AfterValidator(clean), StringConstraints(max_length=2000)]
Postcode = Annotated[str, StringConstraints(pattern=r"^[0-9]{5}$")]
Gender = Literal["f", "m", "d"]
Languages = Annotated[dict[str, str], Field(min_length=1), AfterValidator(_known_languages)]
Topics = Annotated[list[str], Field(min_length=1), _among(TOPICS)]
Slots = Annotated[list[str], Field(min_length=1), _among(SLOTS)]


class RequestAnswers(BaseModel):
    """A newcomer's answers: ten fields, the consent being the tenth."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    languages: Languages
    postcode: Postcode
    #: The office that the person chose instead of the suggested one.
    municipality_id: int | None = None
    topics: Topics
    slots: Slots
    household: Household
    kind: RequestKind = RequestKind.LASTING
    #: The days between which one appointment is wanted.
    wanted_from: date | None = None
    wanted_until: date | None = None
    guide_gender: Gender | None = None
    first_name: Name
    gender: Gender | None = None
    email: str | None = None
    phone: str | None = None
    #: Only staff write one.
    note: Text | None = None


class GuideAnswers(BaseModel):
    """What a guide offers."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    first_name: Name
    last_name: Name
    phone: str | None = None
    gender: Gender | None = None
    postcode: Postcode
    municipality_id: int | None = None
    languages: Languages
    topics: Topics
    slots: Slots
    radius_km: float = Field(ge=1, le=200)
    capacity: int = Field(ge=1, le=10)
    newcomer_gender: Gender | None = None
    takes: Takes = Takes.BOTH
