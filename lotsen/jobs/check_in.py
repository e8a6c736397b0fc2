"""Daily: ask how it goes after a silence and every few months; hand over silence and long breaks."""

from datetime import datetime

from sqlmodel import Session

from lotsen.rules.following import Question
from lotsen.services import ahead, batch, checkins, silence


def check_in(session: Session, now: datetime) -> int:
    """Ask both of each pairing that is due, then hand over what stays unanswered."""
    # Numbers alone: each update looks through all rows that a session holds.
    due = [pairing.id or 0 for pairing in silence.to_ask(session, now)]
    done = batch.each(session, due, lambda number: silence.ask(session, number, now), ahead.of_numbers)
    silent = checkins.to_hand_over(session, now, Question.CHECK_IN)
    done += batch.each(session, silent, lambda asked: checkins.hand_over(session, *asked, now), ahead.of_asked)
    breaks = list(silence.long_breaks(session, now))
    return done + batch.each(session, breaks, lambda pairing: silence.hand_over_break(session, pairing, now))
