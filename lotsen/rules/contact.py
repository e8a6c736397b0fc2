"""What two people in contact may write, plan and log, checked: tables do not validate."""

from datetime import date, datetime, timedelta
from typing import Annotated, Final

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints

from lotsen.rules.answers import clean
from lotsen.rules.errors import DomainError
from lotsen.rules.pairing import IN_CONTACT, Side, State
from lotsen.rules.vocabulary import MeetingKind, Mood, Phrase

#: Signs in one message, in a note, and in a place.
LONGEST_MESSAGE: Final = 1000
LONGEST_NOTE: Final = 500
LONGEST_PLACE: Final = 120
#: Messages that one side may send in an hour.
MOST_AN_HOUR: Final = 30
#: Waiting messages are announced by mail no more often than this.
NOTICE_EVERY: Final = timedelta(minutes=30)
#: Days in which whoever logged a meeting may correct it, and in which one may be logged after the end.
CORRECT_DAYS: Final = 30
#: How far ahead a date may be proposed.
FURTHEST_DAYS: Final = 365
#: Said with the buttons of a proposed date, never chosen by themselves.
DATE_PHRASES: Final = frozenset(
    {Phrase.DATE_PROPOSED, Phrase.DATE_CONFIRMED, Phrase.DATE_DECLINED, Phrase.DATE_CANCELLED}
)
#: In the order in which they are offered.
SAYABLE: Final = tuple(phrase for phrase in Phrase if phrase not in DATE_PHRASES)
#: Meetings may still be logged for a while once these are reached.
_OVER: Final = frozenset({State.COMPLETED, State.ENDED})

MessageText = Annotated[str, AfterValidator(clean), StringConstraints(min_length=1, max_length=LONGEST_MESSAGE)]
Note = Annotated[str, AfterValidator(clean), StringConstraints(max_length=LONGEST_NOTE)]
Place = Annotated[str, AfterValidator(clean), StringConstraints(max_length=LONGEST_PLACE)]
Minutes = Annotated[int, Field(ge=5, le=1440)]


class WrongDay(DomainError):
    """A meeting in the future, before the two knew each other, or after the end; a date in the past."""

    code = "wrong_day"


class TooLate(DomainError):
    """The period in which an entry may be corrected is over."""

    code = "too_late"


class TooMany(DomainError):
    """So many messages in an hour are no conversation."""

    code = "too_many"


class _Checked(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Said(_Checked):
    """Words of one's own."""

    text: MessageText


class MeetingEntry(_Checked):
    """A meeting as somebody logs it."""

    kind: MeetingKind
    minutes: Minutes
    mood: Mood
    held_on: date
    metres: int = Field(default=0, ge=0, le=2_000_000)
    expenses_cents: int = Field(default=0, ge=0, le=1_000_000)
    note: Note | None = None


class Plan(_Checked):
    """A date as somebody proposes it."""

    at: datetime
    minutes: Minutes = 60
    kind: MeetingKind
    place: Place | None = None


def once(pairing_id: int, side: Side, token: str) -> str:
    """Return the key of a form that `side` sent: its token meets nobody else's."""
    return f"{pairing_id}:{side[0]}:{token[:18]}"


def may_log(state: State, since: date, today: date) -> bool:
    """Whether a meeting may be logged or corrected for a pairing in `state` since a day."""
    return state in IN_CONTACT or (state in _OVER and today <= since + timedelta(days=CORRECT_DAYS))
