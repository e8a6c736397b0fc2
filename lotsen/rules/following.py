"""When somebody is asked how it goes, and who is to do something next: dates alone, in Germany's calendar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from lotsen.rules.calendar import BERLIN, add_working_days, local_date
from lotsen.rules.pairing import Side, State
from lotsen.rules.settings import Settings


class Question(StrEnum):
    """What a pairing's two people are asked."""

    #: The guide, the day after: did it take place?
    FIRST_MEETING = "first_meeting"
    #: Both, when the trial ends: do you go on?
    TRIAL_END = "trial_end"
    #: Both, after a silence and every few months: how is it going?
    CHECK_IN = "check_in"


class Answer(StrEnum):
    """What they tap. The end of a trial is answered by the pairing's own steps: confirm, or end."""

    GOOD = "good"
    DIFFICULT = "difficult"
    NO_CONTACT = "no_contact"
    #: The first meeting did not take place.
    NOT_MET = "not_met"


#: What each question may be answered with.
ANSWERS: dict[Question, tuple[Answer, ...]] = {
    Question.FIRST_MEETING: (Answer.NOT_MET,),
    Question.TRIAL_END: (),
    Question.CHECK_IN: (Answer.GOOD, Answer.DIFFICULT, Answer.NO_CONTACT),
}
#: Whom each question is put to.
ASKED: dict[Question, tuple[Side, ...]] = {
    Question.FIRST_MEETING: (Side.GUIDE,),
    Question.TRIAL_END: (Side.GUIDE, Side.NEWCOMER),
    Question.CHECK_IN: (Side.GUIDE, Side.NEWCOMER),
}


def check_in_on(since: date, met: date | None, asked: date | None, settings: Settings) -> date:
    """Return the day on which the two are asked how it goes.

    `since` is when they began or went on, `met` their last logged meeting, `asked` the last time that they were asked.
    After a silence they are asked twice; and every few months, however often they meet. A step of the silence that
    lies before the last question is over: after an outage nobody is asked twice.
    """
    silent = max(since, met) if met else since
    steps = [silent + timedelta(days=days) for days in settings.check_in_days]
    regular = max(asked or since, since) + timedelta(days=settings.check_in_every_days)
    return min([step for step in steps if asked is None or step > asked] + [regular])


@dataclass(frozen=True, slots=True)
class Next:
    """Who is to do something by when; `what` is a pairing's state, a question or a matter."""

    owner: Side
    on: date
    what: str
    #: A hand-over that nobody does in time goes to the office's lead: when, or when it went there.
    lead_on: date | None = None
    #: Who else is to do the same: both answer for themselves.
    other: Side | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What the next step of a pairing depends on."""

    state: State
    state_since: datetime
    first_meeting_at: datetime | None
    trial_until: datetime | None
    met: date | None = None
    asked: date | None = None


def planned(facts: Facts, settings: Settings) -> Next:
    """Return who is next in an open pairing about which nothing is handed over and nobody is asked anything."""
    since, other = local_date(facts.state_since), None
    answer_by = since + timedelta(days=settings.expire_after_days)
    match facts.state:
        case State.SUGGESTED:
            owner, on = Side.OFFICE, add_working_days(since, settings.release_working_days)
        case State.OFFERED:
            owner, on = Side.GUIDE, answer_by
        case State.ACCEPTED:
            owner, on = Side.NEWCOMER, answer_by
        case State.AGREED:
            owner, on = Side.OFFICE, add_working_days(since, settings.escalate_after_working_days)
        case State.APPROVED if facts.first_meeting_at is None:
            owner, on = Side.OFFICE, add_working_days(since, settings.first_meeting_working_days)
        case State.APPROVED:
            owner, on = Side.GUIDE, local_date(facts.first_meeting_at or facts.state_since) + timedelta(days=1)
        case State.TRIAL:
            end = facts.trial_until or facts.state_since + timedelta(days=settings.trial_days)
            owner = Side.GUIDE
            on = min(local_date(end), check_in_on(since, facts.met, facts.asked, settings))
            other = Side.NEWCOMER if on == local_date(end) else None
        case State.ACTIVE:
            owner, on = Side.GUIDE, check_in_on(since, facts.met, facts.asked, settings)
        case State.PAUSED:
            owner, on = Side.GUIDE, since + timedelta(days=settings.long_break_days)
        case State.SUSPENDED:
            owner, on = Side.OFFICE, add_working_days(since, 0)
        case _:
            raise ValueError(f"nothing is next in {facts.state}")
    return Next(owner, on, facts.state, other=other)


def soonest(steps: Iterable[Next]) -> Next:
    """Return the step that is due first; the office's own where several are due on one day."""
    return min(steps, key=lambda step: (step.on, step.owner is not Side.OFFICE))


def window_day(until: date, today: date, in_time: int) -> date | None:
    """Return since when it is to be said that an appointment wanted by `until` has nobody; None while there is time.

    Once in time, `in_time` working days before the end; and once more when the days are over.
    """
    if today > until:
        return until + timedelta(days=1)
    on = until
    while add_working_days(on, in_time) > until:
        on -= timedelta(days=1)
    return on if today >= on else None


def midnight(day: date) -> datetime:
    """Return the instant at which `day` begins in Germany."""
    return datetime.combine(day, time(), BERLIN)
