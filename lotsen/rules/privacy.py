"""Why personal data are kept, on which legal basis and how long: the codes that each column's declaration uses.

The models declare (`models.purpose`); copies, erasure, the daily retention job and the documents under `docs/privacy/`
all come from their declarations and from the table of periods below.
"""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final


class Basis(StrEnum):
    """What allows the processing."""

    CONSENT = "Art. 6(1)(a) GDPR, consent"
    AGREEMENT = "Art. 6(1)(b) GDPR, the volunteer's agreement"
    DUTY = "Art. 6(1)(c) GDPR, a legal duty (Art. 5(2), 7(1), 32 GDPR)"
    TASK = "Art. 6(1)(e) GDPR with § 3 NDSG, a task in the public interest"
    NOBODY = "none needed, about nobody"


class Period(StrEnum):
    """How long something is kept; `PERIODS` says what each means."""

    #: A newcomer's or guide's file.
    FILE = "file"
    #: A way in that was never confirmed, a code or link that is used once.
    BRIEF = "brief"
    #: The outbox.
    MAIL = "mail"
    #: Who saw, changed or exported which file.
    LOG = "log"
    #: A colleague's account.
    STAFF = "staff"
    #: Runs of jobs and of the matcher.
    RUN = "run"
    #: What is left of an emptied file: counts without a person.
    COUNT = "count"
    #: The municipality's own data.
    OFFICE = "office"


@dataclass(frozen=True, slots=True)
class Rule:
    """One line of the table of periods: days after what, and what happens then."""

    #: The setting of the municipality that holds the days, or the days themselves; None: no end by itself.
    days: str | int | None
    begins: str
    then: str


PERIODS: Final[dict[Period, Rule]] = {
    Period.FILE: Rule(
        "keep_file_days", "the request is closed, or the guide's last activity", "the file is emptied; counts remain"
    ),
    Period.BRIEF: Rule(30, "the row is written", "deleted"),
    Period.MAIL: Rule("keep_mail_days", "the mail is sent or given up", "deleted"),
    Period.LOG: Rule(730, "the entry is written", "deleted; not before, not even by an administrator"),
    Period.STAFF: Rule(None, "the account is opened", "emptied when the account is removed"),
    Period.RUN: Rule(90, "the run begins", "deleted"),
    Period.COUNT: Rule(None, "the file is emptied", "kept without a person, for statistics"),
    Period.OFFICE: Rule(None, "the municipality takes part", "deleted when the municipality leaves"),
}
#: What stays of a row when its person is erased.
STAYS: Final = frozenset({Period.COUNT, Period.LOG, Period.OFFICE})
