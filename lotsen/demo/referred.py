"""What comes of referrals: most people rate the office that sent them, and one office's software comes in by itself."""

from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from lotsen.demo.offices import Staffed
from lotsen.models import Referral, Request
from lotsen.rules.vocabulary import Mood
from lotsen.services import api_tokens, ratings

_SAID: Final = (Mood.GOOD, Mood.GOOD, Mood.MIXED, Mood.GOOD, Mood.DIFFICULT)


def tell(session: Session, first: Staffed, now: datetime) -> None:
    """Let all but every ninth rate; issue a token to the first office's immigration office."""
    people = session.exec(select(Request.person_id).join(Referral).order_by(col(Referral.id))).all()
    for number, person in enumerate(people):
        if number % 9:
            ratings.rate(session, person, _SAID[number % len(_SAID)])
    api_tokens.issue(session, first.referrers[0].referrer_id or 0, "ADVIS", first.staff[0], now)
