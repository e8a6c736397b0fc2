"""What a guide sees: offers with what is needed to decide and never who, pairings with a first name once approved."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final, NamedTuple

from sqlmodel import Session, and_, col, or_, select
from sqlmodel.sql.expression import Select

from lotsen.models import Guide, Municipality, Pairing, Person, Request
from lotsen.places import distance_km
from lotsen.rules.calendar import local_date
from lotsen.rules.contact import may_log
from lotsen.rules.errors import NotFound
from lotsen.rules.pairing import ASKING, IN_CONTACT, LIVE, RUNNING, Action, Side, State, allowed_actions
from lotsen.rules.vocabulary import LEVELS, Household, RequestKind
from lotsen.services.conversation import shown_by

#: B1 and better: enough to talk (hard rule 4).
_ENOUGH: Final = frozenset(LEVELS[2:])
#: So long a guide reads on the overview that a pairing has ended.
_PARTED_SHOWN: Final = timedelta(days=14)
#: The guide was never asked.
_UNHEARD: Final = frozenset({State.SUGGESTED, State.DISMISSED})


@dataclass(frozen=True, slots=True)
class Seen:
    """One pairing as its guide may see it. No last name, no contact, no place finer than the town."""

    pairing_id: int
    state: State
    #: Empty until the office has approved.
    first_name: str
    town: str
    #: Whole km between the two postal codes' centres.
    distance_km: int
    languages: dict[str, str]
    topics: list[str]
    slots: list[str]
    household: Household
    kind: RequestKind
    wanted_from: date | None
    wanted_until: date | None
    waiting_since: datetime
    needs_interpreter: bool
    #: What both have: why the two may fit.
    shared_languages: list[str]
    shared_topics: list[str]
    shared_slots: list[str]
    #: An offer's end.
    answer_until: datetime
    first_meeting_at: datetime | None
    first_meeting_place: str | None
    trial_until: datetime | None
    confirmed: bool
    #: Since when it is in its state.
    since: datetime
    #: The newcomer's number or address, where they share it.
    shared: dict[str, str]
    #: What the guide may do now.
    actions: list[Action]

    @property
    def asking(self) -> bool:
        """Whether it is an offer that waits for an answer."""
        return self.state in ASKING

    def loggable(self, now: datetime) -> bool:
        """Whether meetings may still be logged."""
        return may_log(self.state, local_date(self.since), local_date(now))


_Row = tuple[Pairing, Request, Person, Municipality]


class Own(NamedTuple):
    """What a guide's own page shows: the longest waiting or running first, the latest parted first."""

    offers: list[Seen]
    running: list[Seen]
    #: Ended or taken back by others lately.
    parted: list[Seen]
    #: The rows behind `running`, for what else is to be known of them.
    pairings: list[Pairing]


def of_guide(session: Session, guide: Guide, now: datetime) -> Own:
    """Return a guide's offers, running pairings and those that others have ended or taken back lately. One query."""
    own = session.get_one(Person, guide.person_id)
    parted = (
        col(Pairing.state).in_((State.ENDED, State.WITHDRAWN)),
        Pairing.ended_by != Side.GUIDE,
        col(Pairing.state_since) > now - _PARTED_SHOWN,
    )
    query = _query(guide).where(or_(col(Pairing.state).in_(LIVE), and_(*parted)))
    rows = session.exec(query.order_by(col(Pairing.created_at), col(Pairing.id))).all()
    seen = [_seen(guide, own, row) for row in rows]
    return Own(
        [each for each in seen if each.asking],
        [each for each in seen if each.state in RUNNING],
        [each for each in reversed(seen) if each.state not in LIVE],
        [row[0] for row in rows if row[0].state in RUNNING],
    )


def met(session: Session, guide: Guide, pairing_ids: Collection[int]) -> list[Seen]:
    """Return some pairings of this guide, also those that are over, the latest first. One query, however many."""
    own = session.get_one(Person, guide.person_id)
    query = _query(guide).where(col(Pairing.id).in_(pairing_ids)).order_by(col(Pairing.created_at).desc())
    return [_seen(guide, own, row) for row in session.exec(query)]


def one(session: Session, guide: Guide, pairing_id: int) -> Seen:
    """Return one pairing of this guide, also one that is over. Raises `NotFound`: foreign and unheard of look alike."""
    row = session.exec(_query(guide).where(Pairing.id == pairing_id)).first()
    if row is None:
        raise NotFound
    return _seen(guide, session.get_one(Person, guide.person_id), row)


def _query(guide: Guide) -> Select[Pairing, Request, Person, Municipality]:
    return (
        select(Pairing, Request, Person, Municipality)
        .join(Request, col(Request.id) == Pairing.request_id)
        .join(Person, col(Person.id) == Request.person_id)
        .join(Municipality, col(Municipality.id) == Pairing.municipality_id)
        .where(Pairing.guide_id == guide.id, col(Pairing.state).not_in(_UNHEARD))
    )


def _seen(guide: Guide, own: Person, row: _Row) -> Seen:
    """Leave out what a guide must not see."""
    pairing, request, person, office = row
    return Seen(
        pairing_id=pairing.id or 0,
        state=pairing.state,
        first_name=person.first_name if pairing.state in IN_CONTACT else "",
        town=person.town,
        distance_km=round(distance_km(own.latitude, own.longitude, person.latitude, person.longitude)),
        languages=person.languages,
        topics=request.topics,
        slots=request.slots,
        household=request.household,
        kind=request.kind,
        wanted_from=request.wanted_from,
        wanted_until=request.wanted_until,
        waiting_since=request.waiting_since,
        needs_interpreter=pairing.needs_interpreter,
        shared_languages=[code for code in person.languages if _talk(person, code) and _talk(own, code)],
        shared_topics=[code for code in request.topics if code in guide.topics],
        shared_slots=[code for code in request.slots if code in guide.slots],
        answer_until=pairing.state_since + timedelta(days=office.settings.expire_after_days),
        first_meeting_at=pairing.first_meeting_at,
        first_meeting_place=pairing.first_meeting_place,
        trial_until=pairing.trial_until,
        confirmed=pairing.guide_confirmed_at is not None,
        since=pairing.state_since,
        shared=shown_by(pairing, person, Side.NEWCOMER),
        actions=_actions(pairing),
    )


def _talk(person: Person, language: str) -> bool:
    return person.languages.get(language) in _ENOUGH


def _actions(pairing: Pairing) -> list[Action]:
    """Return what the guide may do; a yes after the trial is said once."""
    said = {Action.CONFIRM} if pairing.guide_confirmed_at else set()
    return [action for action in allowed_actions(pairing.state, Side.GUIDE) if action not in said]
