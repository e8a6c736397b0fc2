"""A municipality's settings: every default day and policy of the product description, in one frozen model."""

from copy import deepcopy
from functools import reduce
from operator import getitem
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

#: How much more or less a criterion may count than the matcher gives it.
LEAST_FACTOR, GREATEST_FACTOR = 0.5, 2.0
#: What pydantic calls a number out of its bounds, and where it says the bound.
_BOUND: Final = {"greater_than_equal": "ge", "less_than_equal": "le"}


def _factor() -> Any:
    return Field(default=1.0, ge=LEAST_FACTOR, le=GREATEST_FACTOR)


class Weighing(BaseModel):
    """How one municipality weighs the matcher's criteria: factors on what the matcher believes or has learned."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    language: float = _factor()
    distance: float = _factor()
    topics: float = _factor()
    times: float = _factor()
    experience: float = _factor()
    household: float = _factor()
    load: float = _factor()
    waiting: float = _factor()
    #: Only ever tried, never saved nor used by a run (hard rule 5): who could be placed if guides went further.
    extra_radius_km: int = Field(default=0, ge=0, le=20)
    #: What a standing suggestion counts more than a new one, in hundredths of the score.
    constancy: int = Field(default=1, ge=0, le=10)
    #: How much waiting decides who comes first when places are short.
    waiting_first: float = _factor()


#: Days of which two belong together.
Days = Annotated[int, Field(ge=1, le=365)]


class Settings(BaseModel):
    """What one municipality decides for itself. Days are calendar days unless a name says working days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    #: "automatic" offers a suggestion to the guide at once; "manual" waits for the office.
    release: Literal["manual", "automatic"] = "manual"
    #: Newcomer's or guide's answer: reminder and expiry.
    remind_after_days: int = Field(default=3, ge=1, le=30)
    expire_after_days: int = Field(default=7, ge=2, le=60)
    #: That many unanswered offers in a row pause the guide and make a task.
    expiries_until_pause: int = Field(default=2, ge=1, le=10)
    #: Agreed pairings that the office leaves unapproved go to its lead.
    escalate_after_working_days: int = Field(default=5, ge=1, le=30)
    #: Suggestions are to be released, first meetings dated, overdue tasks done before the lead is told.
    release_working_days: int = Field(default=2, ge=1, le=30)
    first_meeting_working_days: int = Field(default=5, ge=1, le=30)
    overdue_working_days: int = Field(default=2, ge=1, le=30)
    #: A break that lasts so long is looked at.
    long_break_days: int = Field(default=90, ge=7, le=365)
    #: Schnupperphase.
    trial_days: int = Field(default=28, ge=7, le=180)
    #: So many days before a trial ends both are asked; on the day itself they are asked again. 0: on the day alone.
    trial_notice_days: int = Field(default=1, ge=0, le=14)
    #: Days without a logged meeting until both are asked; then every `check_in_every_days`.
    check_in_days: tuple[Days, Days] = (14, 28)
    #: So long a question waits for its answer before it is handed over.
    answer_days: int = Field(default=7, ge=2, le=60)
    check_in_every_days: int = Field(default=90, ge=14, le=365)
    unmatched_after_days: int = Field(default=45, ge=7, le=365)
    #: So many working days before the last day of an appointment's window it is told that nobody is found.
    appointment_working_days: int = Field(default=2, ge=0, le=5)
    conduct_notice_days: tuple[Days, Days] = (90, 30)
    #: Hard rule 7: a declined pair is not proposed again for this long, a year at least.
    declined_pair_days: int = Field(default=365, ge=365, le=3650)
    #: How far ahead of an address confirmation link's end, in hours.
    confirm_link_hours: int = Field(default=72, ge=1, le=720)
    training_lessons: int = Field(default=30, ge=0, le=200)
    default_radius_km: int = Field(default=10, ge=1, le=200)
    #: The table of periods (`rules.privacy`): a closed or silent file, a mail that was sent.
    keep_file_days: int = Field(default=365, ge=90, le=1095)
    keep_mail_days: int = Field(default=90, ge=14, le=365)
    #: What the matcher weighs how much.
    weighing: Weighing = Weighing()

    @classmethod
    def stored(cls, changes: dict[str, Any]) -> "Settings":
        """Return settings that were stored, perhaps by a version with other bounds: an office must stay readable.

        A number out of today's bounds counts as the nearest within them; what is no setting any more does not count.
        """
        try:
            return cls.model_validate(changes)
        except ValidationError as error:
            found = [(each["loc"], each.get("ctx", {}).get(_BOUND.get(each["type"], ""))) for each in error.errors()]
        lost = {where[0] for where, bound in found if bound is None}
        mended = deepcopy({name: value for name, value in changes.items() if name not in lost})
        for (name, *way), bound in found:
            if name in mended:
                *inner, last = name, *way
                part: Any = reduce(getitem, inner, mended)
                part[last] = bound
        return cls.model_validate(mended)


def contradictions(settings: Settings) -> dict[str, str]:
    """Return where settings contradict each other: the setting to look at, and the code of what is wrong."""
    found = {}
    if settings.remind_after_days >= settings.expire_after_days:
        found["remind_after_days"] = "reminded_too_late"
    if settings.trial_notice_days >= settings.trial_days:
        found["trial_notice_days"] = "asked_too_early"
    if settings.check_in_days[0] >= settings.check_in_days[1]:
        found["check_in_days"] = "not_rising"
    if settings.conduct_notice_days[0] <= settings.conduct_notice_days[1]:
        found["conduct_notice_days"] = "not_falling"
    return found
