"""Which mails somebody may switch off: one table, a row for each template under templates/mail.

Whoever must answer or decide, or whose matter has changed, is written to: without that mail they would miss something
that is theirs. Mails that only remind, ask how it goes or list what waits are a service, and a service can be declined
(section 7 (3) UWG, article 21 GDPR). What they tell of stands on their reader's page all the same.
"""

from enum import StrEnum
from typing import Final

from lotsen.rules.vocabulary import Role


class MailKind(StrEnum):
    """What a mail is for."""

    #: An answer or a decision is needed, or there is one: cannot be switched off.
    NEEDED = "needed"
    #: A second mail about something that was not answered.
    REMINDERS = "reminders"
    #: Somebody has written on Lotsen's pages.
    MESSAGES = "messages"
    #: What waits in the office, each working morning.
    DIGEST = "digest"


#: template -> kind.
KINDS: Final[dict[str, MailKind]] = {
    "active": MailKind.NEEDED,
    "agreed": MailKind.NEEDED,
    "already_registered": MailKind.NEEDED,
    "approved": MailKind.NEEDED,
    "check_in": MailKind.REMINDERS,
    "completed": MailKind.NEEDED,
    "conduct_ends": MailKind.NEEDED,
    "confirm_address": MailKind.NEEDED,
    "counselling": MailKind.NEEDED,
    "ended": MailKind.NEEDED,
    "first_meeting": MailKind.NEEDED,
    "first_meeting_held": MailKind.NEEDED,
    "first_meeting_moved": MailKind.NEEDED,
    "guide_cleared": MailKind.NEEDED,
    "message_waits": MailKind.MESSAGES,
    "moved": MailKind.NEEDED,
    "not_this_time": MailKind.NEEDED,
    "offer": MailKind.NEEDED,
    "offer_expired": MailKind.NEEDED,
    "offer_reminder": MailKind.REMINDERS,
    "office_agreed": MailKind.NEEDED,
    "office_border_closed": MailKind.NEEDED,
    "office_border_offered": MailKind.NEEDED,
    "office_border_open": MailKind.NEEDED,
    "office_conduct_ends": MailKind.NEEDED,
    "office_digest": MailKind.DIGEST,
    "office_escalated": MailKind.NEEDED,
    "office_invitation": MailKind.NEEDED,
    "office_new_password": MailKind.NEEDED,
    "office_overdue": MailKind.NEEDED,
    "office_safety_report": MailKind.NEEDED,
    "paused": MailKind.NEEDED,
    "question": MailKind.NEEDED,
    "question_expired": MailKind.NEEDED,
    "question_reminder": MailKind.REMINDERS,
    "rejected": MailKind.NEEDED,
    "request_received": MailKind.NEEDED,
    "resumed": MailKind.NEEDED,
    "sign_in_link": MailKind.NEEDED,
    "suspended": MailKind.NEEDED,
    "trial_ends": MailKind.REMINDERS,
    "trial_question": MailKind.NEEDED,
    "trial_started": MailKind.NEEDED,
    "unmatched": MailKind.NEEDED,
    "withdrawn": MailKind.NEEDED,
}

#: Who gets which of the kinds that may be switched off.
OPTIONAL: Final[dict[MailKind, frozenset[Role]]] = {
    MailKind.REMINDERS: frozenset({Role.NEWCOMER, Role.GUIDE}),
    MailKind.MESSAGES: frozenset({Role.NEWCOMER, Role.GUIDE}),
    MailKind.DIGEST: frozenset({Role.COORDINATOR}),
}


def kind_of(template: str) -> MailKind:
    """Return what the mail `template` is for; needed where the table does not know it."""
    return KINDS.get(template, MailKind.NEEDED)


def optional_kinds(role: Role) -> list[MailKind]:
    """Return the kinds that somebody of `role` gets and may switch off."""
    return [kind for kind, roles in OPTIONAL.items() if role in roles]
