"""Daily: ask both when a trial ends, some days before and on the day; hand over where nobody answers for a week."""

from datetime import datetime

from sqlmodel import Session

from lotsen.rules.following import Question
from lotsen.services import ahead, batch, checkins, trials


def trial_end(session: Session, now: datetime) -> int:
    """Ask, ask again, hand over."""
    done = batch.each(
        session, trials.to_ask(session, now), lambda pairing: trials.ask(session, pairing, now), ahead.of_pairings
    )
    again = trials.to_ask_again(session, now)
    done += batch.each(session, again, lambda due: trials.ask_again(session, *due, now))
    silent = checkins.to_hand_over(session, now, Question.TRIAL_END)
    return done + batch.each(session, silent, lambda due: checkins.hand_over(session, *due, now), ahead.of_asked)
