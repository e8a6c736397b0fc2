"""How newcomers rate the service of the office that referred them: three faces, once, of their own free will.

What somebody says is added to a count and kept nowhere else: no row, no event and no log says who said what, or when.
Answers wait until five have come together and are shown at once, so that no two looks differ by fewer people.
"""

from typing import Any

from sqlmodel import Session, col, func, select, update

from lotsen.models import Municipality, Referral, Referrer, Request, ServiceRating
from lotsen.rules.errors import NotFound
from lotsen.rules.suppression import THRESHOLD
from lotsen.rules.vocabulary import Mood


def asked(session: Session, person_id: int | None) -> str | None:
    """Return the name of the organisation that somebody may rate; None where nobody referred them, or they have."""
    query = select(Referrer.name).join(Referral, col(Referral.referrer_id) == col(Referrer.id))
    found: str | None = session.exec(_unrated(query, person_id).limit(1)).first()
    return found


def rate(session: Session, person_id: int | None, face: Mood) -> bool:
    """Count what somebody says; False where they have said it before. Raises `NotFound` where nobody referred them."""
    own = select(Referral).join(Request, col(Request.id) == col(Referral.request_id))
    if session.exec(own.where(Request.person_id == person_id).limit(1)).first() is None:
        raise NotFound
    referral = session.exec(_unrated(select(Referral), person_id).order_by(col(Referral.id))).first()
    if referral is None or not _once(session, referral.id):
        return False
    # Whoever comes second waits here: the counts below are read and written by one at a time.
    session.exec(select(Referrer.id).where(Referrer.id == referral.referrer_id).with_for_update()).one()
    counts = {each.face: each for each in _counts(session, referral.referrer_id)}
    chosen = counts.setdefault(face, ServiceRating(referrer_id=referral.referrer_id, face=face))
    chosen.pending += 1
    if sum(each.pending for each in counts.values()) >= THRESHOLD:
        for each in counts.values():
            each.shown, each.pending = each.shown + each.pending, 0
    session.add_all(counts.values())
    return True


def shown(session: Session, referrer_id: int) -> dict[Mood, int] | None:
    """Return how an organisation's service is rated, by face; None until enough people have said it."""
    counts = {each.face: each.shown for each in _counts(session, referrer_id)}
    return {face: counts.get(face, 0) for face in Mood} if sum(counts.values()) >= THRESHOLD else None


def by_municipality(session: Session) -> dict[tuple[str, Mood], int]:
    """Return how often each face was shown in each municipality (official code): for statistics, which hide more."""
    query = select(Municipality.code, ServiceRating.face, func.sum(ServiceRating.shown))
    query = query.select_from(ServiceRating).join(Referrer, col(Referrer.id) == ServiceRating.referrer_id)
    query = query.join(Municipality, col(Municipality.id) == Referrer.municipality_id)
    rows = session.exec(query.group_by(col(Municipality.code), col(ServiceRating.face)))
    return {(code, Mood(face)): int(count) for code, face, count in rows}


def _unrated(query: Any, person_id: int | None) -> Any:
    """Narrow `query` to somebody's referrals without a rating."""
    query = query.join(Request, col(Request.id) == col(Referral.request_id))
    return query.where(Request.person_id == person_id, col(Referral.rated).is_(False))


def _once(session: Session, referral_id: int | None) -> bool:
    fresh = update(Referral).where(col(Referral.id) == referral_id, col(Referral.rated).is_(False))
    return session.exec(fresh.values(rated=True)).rowcount == 1


def _counts(session: Session, referrer_id: int) -> list[ServiceRating]:
    query = select(ServiceRating).where(ServiceRating.referrer_id == referrer_id)
    return list(session.exec(query.execution_options(populate_existing=True)))
