"""The codes that people choose from. What a code is called in a language, web and mails know (`lotsen/web/words.py`).

Topics, slots and language levels are the matcher's (interfaces: "The matcher as a library and a command").
"""

from enum import StrEnum
from typing import Final

TOPICS: Final = (
    "authorities", "housing", "work", "school", "health", "language",
    "leisure", "childcare", "money", "digital", "mobility", "training",
)  # fmt: skip
DAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
PARTS: Final = ("morning", "afternoon", "evening")
SLOTS: Final = tuple(f"{day}-{part}" for day in DAYS for part in PARTS)
LEVELS: Final = ("A1", "A2", "B1", "B2", "C1", "C2")
GENDERS: Final = ("f", "m", "d")

#: Shown as large buttons, most frequent first languages of newcomers in Lower Saxony and of guides; others by a list.
COMMON_LANGUAGES: Final = (
    "de", "ar", "uk", "ru", "fa", "ku", "tr", "en", "fr", "ti", "so", "ps", "ro", "bg", "pl", "sq", "sr", "vi",
)  # fmt: skip
#: ISO 639 codes that can be chosen; the common ones first, then by code.
LANGUAGES: Final = (
    *COMMON_LANGUAGES,
    "am", "az", "bn", "bs", "ckb", "cs", "el", "es", "ff", "ha", "he", "hi", "hr", "hu", "hy", "it", "ja", "ka", "ko",
    "ln", "lt", "lv", "mk", "mn", "ne", "nl", "om", "pa", "pt", "rom", "rw", "sk", "sw", "ta", "te", "th", "tl",
    "tk", "ug", "ur", "uz", "wo", "yo", "zh",
)  # fmt: skip


class Household(StrEnum):
    """Who a request is for. Large families may have two guides."""

    ALONE = "alone"
    ADULTS = "adults"
    CHILDREN = "children"
    LARGE_FAMILY = "large_family"

    @property
    def with_children(self) -> bool:
        """Whether a guide needs a valid conduct check (hard rule 1)."""
        return self in {Household.CHILDREN, Household.LARGE_FAMILY}

    @property
    def places(self) -> int:
        """How many guides may accompany this household at the same time."""
        return 2 if self is Household.LARGE_FAMILY else 1


class RequestKind(StrEnum):
    """What is asked for: company over months, or one appointment, one form."""

    LASTING = "lasting"
    ONE_OFF = "one_off"


class Takes(StrEnum):
    """Which requests a guide takes."""

    BOTH = "both"
    LASTING = "lasting"
    ONE_OFF = "one_off"

    @property
    def kinds(self) -> list[RequestKind]:
        """The kinds of requests that may be proposed to the guide."""
        return list(RequestKind) if self is Takes.BOTH else [RequestKind(self.value)]


class Phrase(StrEnum):
    """What is said often, and translated for whoever reads it."""

    HELLO = "hello"
    LATE = "late"
    OTHER_DAY = "other_day"
    WHERE = "where"
    YES = "yes"
    NO = "no"
    ILL = "ill"
    CALL_ME = "call_me"
    THANKS = "thanks"
    DATE_PROPOSED = "date_proposed"
    DATE_CONFIRMED = "date_confirmed"
    DATE_DECLINED = "date_declined"
    DATE_CANCELLED = "date_cancelled"


class MeetingKind(StrEnum):
    """What two people do together."""

    TALK = "talk"
    AUTHORITY = "authority"
    DOCTOR = "doctor"
    SCHOOL = "school"
    LANGUAGE = "language"
    LEISURE = "leisure"
    OTHER = "other"


class Mood(StrEnum):
    """How a meeting was."""

    GOOD = "good"
    MIXED = "mixed"
    DIFFICULT = "difficult"


class AppointmentState(StrEnum):
    """Where a proposed date stands."""

    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    DECLINED = "declined"
    CANCELLED = "cancelled"


class Role(StrEnum):
    """What an account may see. The coordination office's lead is a coordinator with `is_lead`."""

    NEWCOMER = "newcomer"
    GUIDE = "guide"
    COORDINATOR = "coordinator"
    REFERRER = "referrer"
    EVALUATOR = "evaluator"
    REVIEWER = "reviewer"
    ADMIN = "admin"


class RequestState(StrEnum):
    """All that a referrer ever learns."""

    OPEN = "open"
    PLACED = "placed"
    CLOSED = "closed"


class ReferrerKind(StrEnum):
    """Who may refer people."""

    IMMIGRATION_OFFICE = "immigration_office"
    JOB_CENTRE = "job_centre"
    COURSE = "course"
    SCHOOL = "school"


#: Why a guide or the office says no or ends. Web shows those that fit the side and the action.
DECLINE_REASONS: Final = ("no_time", "too_far", "topics", "too_much", "personal", "other")
DISMISS_REASONS: Final = ("better_match", "not_suitable", "capacity", "other")
REJECT_REASONS: Final = ("not_suitable", "safety", "conflict_of_interest", "other")
END_REASONS: Final = ("goal_reached", "no_contact", "no_time", "moved", "did_not_fit", "other")
#: Passed on to professional counselling.
REFERRED_ON: Final = "referred_on"
HAND_OVER_OUTCOMES: Final = ("answered", "paired", "talked", REFERRED_ON, "not_needed", "other")
#: Why a task is put off.
POSTPONE_REASONS: Final = ("waits_for_answer", "date_agreed", "person_away", "office_busy")
