"""What the scheduled jobs are called, for whoever runs Lotsen."""

from typing import Final

from flask_babel import lazy_gettext as _

#: What the scheduled jobs do, for whoever runs Lotsen; logs name them by their codes.
JOB: Final = {
    "resume": _("Take guides back from their break"),
    "sweep": _("Clear away what has run out"),
    "learn": _("Learn from past pairings"),
    "match": _("Look for pairings at night"),
    "match_asked": _("Look for pairings when asked"),
    "evaluate": _("Freeze the Land’s figures of a quarter"),
    "retention": _("Delete what is past its period"),
    "expire": _("Close questions without an answer"),
    "remind": _("Remind of answers"),
    "first_meeting": _("Ask about first meetings"),
    "trial_end": _("Ask whether trials go on"),
    "check_in": _("Ask how it is going"),
    "unmatched": _("Tell newcomers who wait long"),
    "conduct_check": _("Watch over certificates of conduct"),
    "hand_over": _("Hand over what stalls"),
    "next": _("Ask the next guide"),
    "take_over": _("Import lists of offices"),
    "deliver": _("Send mails"),
}
