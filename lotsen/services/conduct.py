"""Certificates of conduct that end: guide and office are told in time; households with children are looked after."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from lotsen.models import Event, Guide, Municipality, Pairing, Person, Request
from lotsen.rules.calendar import local_date
from lotsen.rules.errors import Conflict
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import RUNNING
from lotsen.rules.vocabulary import Household
from lotsen.services import events, mails, offices, tasks
from lotsen.services.actor import SYSTEM, Actor

_CHILDREN = [household for household in Household if household.with_children]


def to_notify(session: Session, now: datetime, tried: Municipality | None = None) -> Iterable[tuple[Guide, int]]:
    """Return the cleared guides whose certificate ends soon, with the notice (in days before) that is due."""
    today = local_date(now)
    for office in offices.each(session, tried):
        notices = sorted(office.settings.conduct_notice_days)
        until = today + timedelta(days=notices[-1])
        query = select(Guide).where(
            Guide.municipality_id == office.id,
            col(Guide.cleared_on).is_not(None),
            col(Guide.conduct_valid_until).between(today, until),
        )
        guides = session.exec(query.order_by(col(Guide.id))).all()
        given = _given(session, guides)
        for guide in guides:
            assert guide.conduct_valid_until is not None
            left = (guide.conduct_valid_until - today).days
            due = min(days for days in notices if left <= days)
            if (guide.id, _notice(guide, due)) not in given:
                yield guide, due


def _notice(guide: Guide, days: int) -> str:
    return f"{guide.conduct_valid_until}:{days}"


def _given(session: Session, guides: Iterable[Guide]) -> set[tuple[int | None, str | None]]:
    """Return the notices that these guides have had: one event for each end of a certificate and each step."""
    query = select(Event.guide_id, Event.reason).where(
        Event.what == "conduct_notice", col(Event.guide_id).in_([guide.id for guide in guides])
    )
    return set(session.exec(query).all())


def notify(session: Session, guide: Guide, days: int, now: datetime) -> None:
    """Tell the guide and the office; the office keeps a task until a new certificate is seen."""
    if (guide.id, _notice(guide, days)) in _given(session, [guide]):
        raise Conflict
    events.record(session, "conduct_notice", guide, SYSTEM, now, reason=_notice(guide, days))
    key = f"conduct:{guide.id}:{_notice(guide, days)}"
    person, office = session.get_one(Person, guide.person_id), session.get_one(Municipality, guide.municipality_id)
    assert guide.conduct_valid_until is not None
    left = (guide.conduct_valid_until - local_date(now)).days
    mails.enqueue(session, "conduct_ends", person, f"{key}:guide", now, path="/guide/", left=left)
    path = f"/office/guides/{guide.id}"
    mails.enqueue(session, "office_conduct_ends", office, f"{key}:office", now, path=path, left=left)
    why = {"code": "conduct_until", "value": guide.conduct_valid_until.isoformat()}
    tasks.hand_over(session, Matter.CONDUCT_ENDS, guide, now, why=[why])


def to_flag(session: Session, now: datetime) -> Iterable[Pairing]:
    """Return the running pairings with children whose guide has no valid certificate any more."""
    query = (
        select(Pairing)
        .join(Guide, col(Guide.id) == Pairing.guide_id)
        .join(Request, col(Request.id) == Pairing.request_id)
        .where(
            col(Pairing.state).in_(RUNNING),
            col(Request.household).in_(_CHILDREN),
            col(Guide.conduct_valid_until) < local_date(now),
        )
    )
    return session.exec(query.order_by(col(Pairing.id))).all()


def flag(session: Session, pairing: Pairing, now: datetime) -> bool:
    """Give a pairing without a valid certificate to its office; False where it has the task."""
    until = session.get_one(Guide, pairing.guide_id).conduct_valid_until
    why = [{"code": "conduct_until", "value": str(until)}]
    return tasks.hand_over(session, Matter.CONDUCT_ENDED, pairing, now, why=why) is not None


def renewed(session: Session, guide: Guide, actor: Actor, now: datetime) -> None:
    """A new certificate was seen: what waited for it is done."""
    if guide.conduct_valid_until is None or guide.conduct_valid_until < local_date(now):
        return
    tasks.settle(session, guide, {Matter.CONDUCT_ENDS, Matter.CONDUCT_ENDED}, "conduct_seen", actor, now)
