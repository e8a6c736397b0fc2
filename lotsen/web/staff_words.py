"""What codes are called on staff pages: hand-overs, actions, events, outcomes, reasons.

Registers its kinds in `lotsen.words.KINDS`; Jinja: `{{ "approve"|word("matter") }}`. The matcher's reasons become
sentences in `office/reasons.py`.
"""

from collections.abc import Mapping
from typing import Any, Final

from flask_babel import lazy_gettext as _

from lotsen import words
from lotsen.rules.mail_kinds import MailKind
from lotsen.web.job_words import JOB
from lotsen.web.task_words import MATTER, MATTER_STEP, MATTER_WHY, OUTCOME, POSTPONE_REASON

#: Mails that staff may switch off.
MAIL_KIND: Final = {MailKind.DIGEST: _("What waits in your worklist, each working morning")}
#: What the button of an action says in the office; on behalf of one side where `side:action` is listed.
STAFF_ACTION: Final = {
    "release": _("Ask the guide"),
    "dismiss": _("Dismiss the suggestion"),
    "accept": _("Guide says yes"),
    "guide:decline": _("Guide says no"),
    "agree": _("Newcomer says yes"),
    "newcomer:decline": _("Newcomer says no"),
    "withdraw": _("Withdraw"),
    "approve": _("Approve"),
    "reject": _("Refuse"),
    "meet": _("They have met: start the trial"),
    "guide:confirm": _("Guide goes on"),
    "newcomer:confirm": _("Newcomer goes on"),
    "pause": _("Pause"),
    "resume": _("Go on"),
    "suspend": _("Report a problem"),
    "lift": _("Allow contact again"),
    "complete": _("Goal reached"),
    "end": _("End"),
}
#: What an action does, on the help page's diagram.
DIAGRAM_ACTION: Final = {
    **STAFF_ACTION,
    "decline": _("Says no"),
    "accept": _("Says yes"),
    "agree": _("Says yes"),
    "expire": _("No answer in time"),
    "confirm": _("Both go on"),
    "meet": _("First meeting held"),
}
SIDE: Final = {"newcomer": _("Newcomer"), "guide": _("Guide"), "office": _("Office"), "system": _("Automatic")}
STAFF_REASON: Final = {
    **words.REASON,
    **POSTPONE_REASON,
    "not_said": _("No reason given"),
    "topics": _("The topics do not suit"),
    "better_match": _("Another suggestion is better"),
    "not_suitable": _("Not suitable"),
    "capacity": _("The guide has enough to do"),
    "safety": _("Doubts about safety"),
    "conflict_of_interest": _("Conflict of interest"),
    "own_wish": _("By the person’s own wish"),
    "restricted": _("The person wants their data to be kept only"),
    "offers_unanswered": _("Offers ran out unanswered"),
    "border_closed": _("The border between the two offices was closed"),
    "helped_elsewhere": _("Helped in another way"),
    "phone": _("Telephone number"),
    "email": _("E-mail address"),
    "good": _("Good"),
    "difficult": _("Difficult"),
    "not_met": _("Did not take place"),
}
EVENT: Final = {
    "request_received": _("Request received"),
    "request_closed": _("Request closed"),
    "request_changed": _("New length or days"),
    "new_code": _("New status code"),
    "restricted": _("Use of the data restricted"),
    "released_again": _("Use of the data allowed again"),
    "corrected": _("Answers corrected by the person"),
    "consent_withdrawn": _("Consent taken back"),
    "referred": _("Referred"),
    "remind": _("Reminder sent"),
    "escalate": _("Escalated to the lead"),
    "suggest": _("Suggested"),
    "release": _("Guide asked"),
    "dismiss": _("Suggestion dismissed"),
    "accept": _("Guide said yes"),
    "decline": _("Declined"),
    "expire": _("No answer in time"),
    "agree": _("Newcomer said yes"),
    "approve": _("Approved"),
    "reject": _("Not approved"),
    "withdraw": _("Withdrawn"),
    "first_meeting": _("First meeting dated"),
    "meet": _("They met: trial started"),
    "confirm": _("Goes on after the trial"),
    "pause": _("Paused"),
    "resume": _("Goes on"),
    "suspend": _("Problem reported: contact stopped"),
    "lift": _("Decision to allow contact again"),
    "complete": _("Goal reached"),
    "end": _("Ended"),
    "meeting_logged": _("Meeting logged"),
    "meeting_changed": _("Meeting corrected"),
    "meeting_deleted": _("Meeting deleted"),
    "date_proposed": _("Date proposed"),
    "date_confirmed": _("Date confirmed"),
    "date_declined": _("Date declined"),
    "date_cancelled": _("Date called off"),
    "share": _("Contact details shared"),
    "unshare": _("Contact details hidden again"),
    "conversation_read": _("Conversation read by the office after a report"),
    "look_on": _("Wishes for another guide"),
    "ask_first_meeting": _("Guide asked about the first meeting"),
    "answer_first_meeting": _("First meeting did not take place"),
    "ask_trial_end": _("Both asked whether they go on"),
    "ask_check_in": _("Both asked how it is going"),
    "answer_check_in": _("Said how it is going"),
    "told_unmatched": _("Newcomer told that nobody is found yet"),
    "conduct_notice": _("Notice: certificate of conduct ends"),
    "ask_counselling": _("Asked whether to pass on to counselling"),
    "counselling_agreed": _("Agrees to be passed on to counselling"),
    "counselling_refused": _("Does not want to be passed on to counselling"),
    "referred_on": _("Passed on to professional counselling"),
    "looks_no_more": _("Looks for no further guide"),
    "guide_registered": _("Registered"),
    "address_confirmed": _("Address confirmed"),
    "guide_changed": _("Offer changed"),
    "guide_paused": _("Paused"),
    "guide_resumed": _("Ready again"),
    "guide_interviewed": _("Interview recorded"),
    "guide_promised": _("Promise of confidentiality recorded"),
    "conduct_check_seen": _("Certificate of conduct seen"),
    "guide_trained": _("Training recorded"),
    "guide_cleared": _("Cleared"),
    "guide_revoked": _("Clearance taken back"),
    "certificate_issued": _("Certificate of hours issued"),
    "move_asked": _("Hand-over to another office proposed"),
    "move_declined": _("The other office declined"),
    "move_called_off": _("Hand-over to another office called off"),
    "moved_out": _("Handed over to another office"),
    "moved_in": _("Taken over from another office"),
    "note_deleted": _("Note deleted by its author"),
    "postponed": _("Task put off"),
}
#: Who does what next, for each state.
NEXT: Final = {
    "suggested": _("The office decides whether the guide is asked. Nobody else sees this suggestion."),
    "offered": _("The guide has been asked and sees what is needed to decide, but no name."),
    "accepted": _("The guide said yes. Now the newcomer is asked."),
    "agreed": _("Both said yes. The office approves or refuses."),
    "approved": _("Approved. The office dates the first meeting and is there; then the trial starts."),
    "trial": _("The two try it out. Then both say whether they go on; one no ends it without blame."),
    "active": _("The two meet on their own."),
    "paused": _("The two take a break."),
    "suspended": _("Contact is stopped. Two members of staff decide: allow contact again, or end."),
    "completed": _("The goal is reached."),
    "ended": _("This pairing has ended."),
    "dismissed": _("The suggestion was not followed."),
    "declined": _("One side said no."),
    "expired": _("Nobody answered in time."),
    "rejected": _("The office did not approve."),
    "withdrawn": _("Withdrawn before it began."),
}
PART_OF_DAY: Final = {"morning": _("Morning"), "afternoon": _("Afternoon"), "evening": _("Evening")}
QUORUM: Final = {"both_sides": _("both of them"), "two_staff": _("two members of staff")}
STAFF_STEP: Final = {
    "confirm_address": _("E-mail address is not confirmed"),
    "interview": _("Interview is missing"),
    "confidentiality": _("Promise of confidentiality is missing"),
    "conduct_check": _("No valid certificate of conduct"),
    "training": _("Training is not complete"),
    "clearance": _("Not cleared yet"),
}
GUIDE_LIST: Final = {
    "all": _("All"),
    "to_interview": _("To interview"),
    "to_clear": _("To clear"),
    "conduct_check": _("Certificate of conduct ends"),
    "active": _("Active"),
    "paused": _("Paused"),
}
CRITERION: Final = {
    "base": _("Starting point"),
    "language": _("Language"),
    "distance": _("Distance"),
    "topics": _("Topics"),
    "times": _("Times"),
    "experience": _("Experience"),
    "household": _("Household"),
    "load": _("Places"),
    "waiting": _("Waiting"),
}
#: Why a guide is left out, and which rule forbids a pair.
LEFT_OUT: Final = {
    "guide_not_cleared": _("not cleared yet"),
    "not_cleared": _("not cleared yet"),
    "no_conduct_check": _("there are children, and no valid certificate of conduct, or the interview spoke against it"),
    "not_for_children": _("the interview showed: not for households with children"),
    "guide_gender": _("the newcomer wishes for another gender"),
    "newcomer_gender": _("the guide wishes for another gender"),
    "no_shared_topic": _("no shared topic"),
    "no_shared_slot": _("no shared time"),
    "no_shared_language": _("no shared language"),
    "too_far": _("too far away"),
    "other_municipality": _("another municipality"),
    "no_free_place": _("no free place"),
    "paused": _("paused"),
    "excluded": _("declined or ended before"),
    "other_kind": _("takes other requests: lasting ones only, or single appointments only"),
    "under_way": _("an offer or a pairing of the two is under way"),
    "suspended_before": _("parted for safety before"),
    "failed_before": _("did not go on before"),
    "declined_before": _("one of the two said no before"),
    "expired_before": _("did not answer an offer before"),
    "dismissed_before": _("dismissed by the office before"),
}
STAGE: Final = {
    "queued": _("Waits for its turn"),
    "reading": _("Reads who asks and who offers"),
    "matching": _("Compares and chooses"),
    "writing": _("Writes the suggestions"),
    "reporting": _("Works out the figures"),
    "done": _("Done"),
    "failed": _("Failed"),
}
#: By what the fairness report groups people, and the groups.
GROUPING: Final = {
    "language": _("Language"),
    "german": _("German"),
    "need": _("Need"),
    "place": _("Place"),
    "gender": _("Gender"),
    "household": _("Household"),
}
GROUP: Final = {
    "other": _("Others"),
    "none": _("None"),
    "unknown": _("Not said"),
    "children": _("With children"),
    "no children": _("Without children"),
    "0 of 3": _("Small"),
    "1 of 3": _("Some"),
    "2 of 3": _("Much"),
    "3 of 3": _("Very much"),
}
POLICY: Final = {
    "this_run": _("This run"),
    "first_come": _("First come, first served"),
    "greedy": _("The best pair first"),
    "random": _("By lot"),
}
MISSING_TIME: Final = {
    "weekday-morning": _("in the morning on working days"),
    "weekday-afternoon": _("in the afternoon on working days"),
    "weekday-evening": _("in the evening on working days"),
    "weekend-morning": _("in the morning at the weekend"),
    "weekend-afternoon": _("in the afternoon at the weekend"),
    "weekend-evening": _("in the evening at the weekend"),
}
STAFF_ERROR: Final = {
    "sheet_unreadable": _("We cannot read this file. Please save it as XLSX or CSV and try again."),
    "sheet_too_big": _("This file is too big: at most 5 MB, and 20 MB unpacked."),
    "sheet_too_long": _("This file has too many rows: at most 10,000. Please part it."),
    "sheet_empty": _("This file has no rows below the names of its columns."),
    "columns_missing": _("Please choose each column marked with * exactly once, and no other twice."),
    "signs_in_by_email": _("This guide signs in with the e-mail address and needs no code."),
    "nobody_reported": _("Conversations are read only while a report of one of the two is decided."),
    "decide_instead": _("This task closes with the decision. Please decide on the pairing’s page."),
    "consent_missing": _("Nothing is stored without the person’s consent. Please tick the box if they agree."),
    "counselling_consent_missing": _("Nobody is passed on without their consent. Please tick the box if they agree."),
    "nobody_to_pass_on": _("This matter is not about a newcomer: nobody can be passed on."),
    "move_open": _("Another office is asked already."),
    "move_consent_missing": _("Nobody is handed over without their consent. Please tick the box if they agree."),
    "move_consent_withdrawn": _("The person has taken the consent back."),
    "note_stays": _("Notes are deleted by whoever wrote them, within a day."),
    "bad_days": _("Please choose days that are not over, the first before the last."),
    "own_substitute": _("Nobody stands in for themselves. Please choose a colleague."),
    "away_already": _("This colleague is away on some of these days already."),
    "substitute_away": _("Whoever is to stand in is away on some of these days."),
    "stands_in_then": _("This colleague stands in for somebody else on some of these days."),
    "cannot_wait": _("A report, an approval and a missing certificate cannot be put off."),
    "different_kinds": _("Only tasks of one kind are closed together. Please choose again."),
    "one_by_one": _("Passing on takes each person’s consent: please close these tasks one by one."),
    "not_then": _("Please choose a day after today, within three months."),
    "already_asked": _("The newcomer is asked already."),
    "pair_exists": _("These two have an open pairing already."),
    "not_eligible": _("A rule forbids this: %(rules)s."),
    "no_free_place": _("The guide or the newcomer has no free place any more."),
    "capacity_in_use": _("The guide accompanies more people at the moment."),
    "end_pairing_first": _("Somebody accompanies this person now. Please end that pairing first."),
}
KINDS: Final[dict[str, Mapping[str, Any]]] = {
    "job": JOB,
    "matter": MATTER,
    "matter_why": MATTER_WHY,
    "matter_step": MATTER_STEP,
    "outcome": OUTCOME,
    "staff_action": STAFF_ACTION,
    "diagram_action": DIAGRAM_ACTION,
    "side": SIDE,
    "staff_reason": STAFF_REASON,
    "postpone_reason": POSTPONE_REASON,
    "event": EVENT,
    "next": NEXT,
    "part_of_day": PART_OF_DAY,
    "quorum": QUORUM,
    "staff_step": STAFF_STEP,
    "guide_list": GUIDE_LIST,
    "criterion": CRITERION,
    "left_out": LEFT_OUT,
    "stage": STAGE,
    "grouping": GROUPING,
    "group": GROUP,
    "policy": POLICY,
    "missing_time": MISSING_TIME,
}


def register() -> None:
    """Add these kinds to what `lotsen.words` knows."""
    words.KINDS.update(KINDS)


def refusal(code: str, details: Mapping[str, Any]) -> str:
    """Return the sentence for a domain error as staff need it: with the rule that stands in the way."""
    rules = ", ".join(words.word(rule, "left_out") for rule in details.get("rules", ()))
    if code in STAFF_ERROR and (code != "not_eligible" or rules):
        return str(STAFF_ERROR[code]) % {"rules": rules}
    return words.error_text(code, details)
