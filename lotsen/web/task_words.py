"""What tasks are called on staff pages: what is to be done, why, the next step, why it is put off, how it ends."""

from typing import Final

from flask_babel import lazy_gettext as _

MATTER: Final = {
    "safety": _("Problem reported"),
    "approve": _("Approve or refuse"),
    "ask_newcomer": _("Ask the newcomer"),
    "newcomer_silent": _("Newcomer does not answer"),
    "release": _("Suggestion to release"),
    "nobody_left": _("No guide found"),
    "unmatched": _("Waiting very long"),
    "date_meeting": _("Date the first meeting"),
    "meeting_held": _("Did the first meeting take place?"),
    "trial_end": _("Trial is over without an answer"),
    "check_in": _("Ask how it is going"),
    "long_break": _("A long break"),
    "conduct_ends": _("Certificate of conduct ends"),
    "conduct_ended": _("Children, but no valid certificate"),
    "guide_silent": _("Guide does not answer"),
    "new_guide": _("New guide"),
    "mail_failed": _("Mail did not arrive"),
    "move_in": _("Somebody moves here"),
    "move_out": _("Somebody moves away"),
}
#: Why a matter stands in the worklist, where its task brings no reasons of its own.
MATTER_WHY: Final = {
    "safety": _("Contact is stopped. Two members of staff decide how it goes on."),
    "approve": _("Both said yes and wait for the office."),
    "ask_newcomer": _("The guide said yes. This person has no e-mail: please ask by telephone or letter."),
    "newcomer_silent": _("The question ran out without an answer: please ask by telephone."),
    "release": _("Found by the matcher."),
    "nobody_left": _("Everybody who fits has been asked."),
    "unmatched": _("Nobody has been found for a long time."),
    "date_meeting": _("Approved days ago, and the first meeting has no date."),
    "meeting_held": _("Its day is over. Please start the trial, or date it anew."),
    "trial_end": _("Somebody has not said whether they go on."),
    "check_in": _("Somebody does not answer, or something is difficult: please ask both."),
    "long_break": _("The two have been taking a break for long: do they go on?"),
    "conduct_ends": _("Please write the letter for a new one."),
    "conduct_ended": _("The guide accompanies a household with children and has no valid certificate of conduct."),
    "guide_silent": _("Several offers ran out unanswered; the guide is paused."),
    "new_guide": _("Registered, and not interviewed yet."),
    "mail_failed": _("The mail server refused a mail for good: please check the address."),
    "move_in": _("Another office asks you to take this person over. They agree."),
    "move_out": _("The other office has not answered yet."),
}
#: What to do about it: the one next step.
MATTER_STEP: Final = {
    "safety": _("Decide together"),
    "approve": _("Check and decide"),
    "ask_newcomer": _("Record the answer"),
    "newcomer_silent": _("Open the case"),
    "release": _("Ask the guide"),
    "nobody_left": _("Look for a way"),
    "unmatched": _("Look for a way"),
    "date_meeting": _("Date the first meeting"),
    "meeting_held": _("Record or date anew"),
    "trial_end": _("Record the answer"),
    "check_in": _("Open the pairing"),
    "long_break": _("Open the pairing"),
    "conduct_ends": _("Open the file"),
    "conduct_ended": _("Open the pairing"),
    "guide_silent": _("Open the file"),
    "new_guide": _("Open the file"),
    "mail_failed": _("Open the task"),
    "move_in": _("Open the proposal"),
    "move_out": _("Open the proposal"),
}
OUTCOME: Final = {
    "answered": _("Answered"),
    "paired": _("A guide was found"),
    "talked": _("Talked about it"),
    "referred_on": _("Passed on to professional counselling (MBE, JMD), with the person’s consent"),
    "not_needed": _("Not needed any more"),
    "other": _("Something else"),
    "approved": _("Approved"),
    "rejected": _("Not approved"),
    "withdrawn": _("Withdrawn"),
    "active": _("Contact allowed again"),
    "ended": _("Ended"),
    "dated": _("First meeting dated"),
    "conduct_seen": _("Certificate of conduct seen"),
    "trial": _("They met: trial started"),
    "paused": _("Paused"),
    "suspended": _("Contact stopped"),
    "completed": _("Goal reached"),
}
#: Why a task is put off.
POSTPONE_REASON: Final = {
    "waits_for_answer": _("An answer is still to come"),
    "date_agreed": _("A date is agreed"),
    "person_away": _("The person is away or ill"),
    "office_busy": _("The office has no time before"),
}
