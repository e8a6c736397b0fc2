"""What comes of referrals: most people rate the office that sent them, and one office's software comes in by itself."""

from datetime import datetime
from typing import Final

from sqlmodel import Session, col, select

from lotsen.demo.offices import Staffed
from lotsen.models import Referral, Request, ServiceRating
from lotsen.rules.vocabulary import Mood
from lotsen.services import api_tokens, ratings

_SAID: Final = (Mood.GOOD, Mood.GOOD, Mood.MIXED, Mood.GOOD, Mood.DIFFICULT)


#: What people said before the story begins, in the first offices: counts are all that is kept of it.
_BEFORE: Final = ((24, 9, 7), (31, 6, 3), (18, 12, 5), (26, 4, 5))


def tell(session: Session, staffed: list[Staffed], now: datetime) -> None:
    """Let all but every ninth rate; issue a token to the first office's immigration office."""
    for each, counts in zip(staffed, _BEFORE, strict=False):
        number = each.referrers[0].referrer_id or 0
        faces = zip(Mood, counts, strict=True)
        session.add_all(ServiceRating(referrer_id=number, face=face, shown=shown) for face, shown in faces)
    people = session.exec(select(Request.person_id).join(Referral).order_by(col(Referral.id))).all()
    for number, person in enumerate(people):
        if number % 9:
            ratings.rate(session, person, _SAID[number % len(_SAID)])
    first = staffed[0]
    api_tokens.issue(session, first.referrers[0].referrer_id or 0, "ADVIS", first.staff[0], now)
