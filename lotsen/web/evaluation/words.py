"""What measures and groups are called."""

from typing import Final

from flask_babel import format_date
from flask_babel import lazy_gettext as _

from lotsen import words
from lotsen.rules.figures import OTHER, RATED, By, Measure
from lotsen.rules.quarters import Quarter
from lotsen.services.evaluation import Report

MEASURE: Final = {
    Measure.RECEIVED: _("Asked for a guide"),
    Measure.PLACED: _("Found a guide"),
    Measure.MEDIAN_DAYS: _("Days waited (median)"),
    Measure.P90_DAYS: _("Days waited (nine in ten)"),
    Measure.WAITING: _("Still waiting"),
    Measure.UNPLACED: _("Left without a guide"),
    Measure.ARRANGING: _("Being arranged"),
    Measure.TOGETHER: _("Pairs in contact"),
    Measure.ENDED: _("Pairings ended"),
    Measure.HOURS: _("Hours given"),
    Measure.GUIDES: _("Guides who gave them"),
    Measure.RATED_GOOD: _("Service rated good"),
    Measure.RATED_MIXED: _("Service rated mixed"),
    Measure.RATED_DIFFICULT: _("Service rated difficult"),
}
#: What exactly is counted: for the report's end, and for whoever uses the data.
MEANING: Final = {
    Measure.RECEIVED: _("Requests that came in the quarter."),
    Measure.PLACED: _("Requests for which an office approved a pairing in the quarter."),
    Measure.MEDIAN_DAYS: _("Days from the request to that approval: half waited so long at most. From ten people on."),
    Measure.P90_DAYS: _("Days that nine out of ten waited at most. From fifty people on."),
    Measure.WAITING: _("Requests without a guide at the end of the quarter."),
    Measure.UNPLACED: _("Requests closed in the quarter that never had a guide."),
    Measure.ARRANGING: _("Pairings that are suggested, asked about or not approved yet at the end of the quarter."),
    Measure.TOGETHER: _("Approved pairings that are not over at the end of the quarter; pauses count."),
    Measure.ENDED: _("Pairings that were completed or ended in the quarter."),
    Measure.HOURS: _("Whole hours that guides logged for the quarter."),
    Measure.GUIDES: _("Guides who logged these hours."),
    **dict.fromkeys(
        RATED.values(),
        _(
            "How newcomers rate the office that referred them, anonymously and of their own free will: all answers up "
            "to the day on which the quarter was frozen, in whole fives, rounded down."
        ),
    ),
}
BY: Final = {
    By.LAND: _("All municipalities"),
    By.MUNICIPALITY: _("Municipality"),
    By.LANGUAGE: _("First language"),
    By.TOPIC: _("Topic"),
    By.HOUSEHOLD: _("Household"),
    By.STATE: _("State"),
    By.REASON: _("Reason"),
    By.DURATION: _("Duration"),
}
#: What the chosen groups are headed by.
BY_CASE: Final = {
    By.MUNICIPALITY: _("By municipality"),
    By.LANGUAGE: _("By first language"),
    By.TOPIC: _("By topic"),
    By.HOUSEHOLD: _("By household"),
}
#: How pairings stand, last and end, and why people have no guide: over the whole Land, and within each group.
BESIDES: Final = (
    (Measure.WAITING, By.REASON, _("Why people are still waiting")),
    (Measure.UNPLACED, By.REASON, _("Why people left without a guide")),
    (Measure.ARRANGING, By.STATE, _("Pairings being arranged")),
    (Measure.TOGETHER, By.STATE, _("Pairs in contact, by state")),
    (Measure.TOGETHER, By.DURATION, _("Pairs in contact, by duration so far")),
    (Measure.ENDED, By.REASON, _("Pairings ended, by reason")),
    (Measure.ENDED, By.DURATION, _("Pairings ended, by duration")),
)
#: In the third person: the forms ask "Only me?".
_HOUSEHOLD: Final = words.HOUSEHOLD | {"alone": _("One person")}
_REASON: Final = words.REASON | {
    "language": _("No shared language"),
    "distance": _("Guides live too far away"),
    "times": _("No time suits both"),
    "topics": _("No guide for these topics"),
    "wishes": _("A wish for a woman or a man"),
    "no_free_guide": _("No guide is free"),
    "several": _("Several reasons together"),
    "in_hand": _("A guide is being looked for or asked"),
    "own_wish": _("By the person’s own wish"),
    "helped_elsewhere": _("Helped in another way"),
    "completed": words.REASON["goal_reached"],
    "not_said": _("No reason given"),
}
_OTHER_LANGUAGES: Final = _("Other languages")
_DURATION: Final = {
    "month": _("Up to a month"),
    "quarter": _("One to three months"),
    "half_year": _("Three to six months"),
    "year": _("Six to twelve months"),
    "longer": _("Longer than a year"),
}


def quarter_name(quarter: Quarter) -> str:
    """Return what a quarter is called: "3rd quarter 2026"."""
    return str(format_date(quarter.first, "QQQQ y"))


def group_name(report: Report, by: By, group: str) -> str:
    """Return what a group of a breakdown is called."""
    if by is By.MUNICIPALITY:
        return report.municipalities.get(group, group)
    if by is By.LANGUAGE:
        return str(_OTHER_LANGUAGES) if group == OTHER else words.language_name(group)
    if by in {By.TOPIC, By.STATE}:
        return words.word(group, "topic" if by is By.TOPIC else "pairing_state")
    names = {By.HOUSEHOLD: _HOUSEHOLD, By.REASON: _REASON, By.DURATION: _DURATION}
    return str(names[by][group] if by in names else BY[by])
