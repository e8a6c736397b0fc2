"""Fifty clicks at once: never more pairings than places, no place unused, one event and one mail a change."""

from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from sqlmodel import Session, col, select

from lotsen import words
from lotsen.db import Database
from lotsen.models import Event, Guide, Mail, Pairing
from lotsen.rules.errors import Conflict, DomainError, NoFreePlace
from lotsen.rules.pairing import LIVE, RUNNING, Action, Side, State
from lotsen.services import guides
from lotsen.services import pairing as pairings
from lotsen.services.actor import SYSTEM, Actor
from tests import factories as make
from tests.faults.figures import note
from tests.faults.workers import times

CLICKS = 50
#: For each of two numbers of places: 200 on each database in `make trials`.
TRIALS = times(3, 100)
pytestmark = pytest.mark.slow


def at_once(database: Database, clicks: list[Callable[[Session], object]]) -> Counter[str]:
    """Run every click in its own transaction, all at the same moment; return what came of them."""
    start = Barrier(len(clicks))

    def click(use_case: Callable[[Session], object]) -> str:
        start.wait()
        try:
            database.run(use_case)
        except DomainError as refusal:
            return type(refusal).__name__
        return "done"

    with ThreadPoolExecutor(len(clicks)) as people:
        return Counter(people.map(click, clicks))


def clicking(pairing: int, action: Action, actor: Actor, now: datetime) -> Callable[[Session], object]:
    """One person's click."""
    return lambda session: pairings.act(session, pairing, action, actor, now)


def check_counters(database: Database) -> None:
    with database.reading() as session:
        for guide in session.exec(select(Guide)):
            states = session.exec(select(Pairing.state).where(Pairing.guide_id == guide.id)).all()
            assert guide.offered == states.count(State.OFFERED)
            assert guide.taken == sum(state in RUNNING for state in states) <= guide.capacity


def events_of(database: Database, action: Action) -> list[int | None]:
    with database.reading() as session:
        return list(session.exec(select(Event.pairing_id).where(Event.what == action)))


@pytest.mark.parametrize("places", [1, 3])
def test_a_guide_whose_places_shrank_accepts_fifty_offers_at_once_and_gets_no_more_than_fit(database, now, places):
    for _trial in range(TRIALS):
        with database.transaction() as session:
            office = make.municipality(session, code=f"9{_trial:07}", name=f"Trial {_trial}")
            guide = make.guide(session, office, capacity=CLICKS)
            offers = [
                make.pairing(session, make.request(session, office), guide, State.OFFERED).id
                for _click in range(CLICKS)
            ]
            guide.capacity = places
            session.add(guide)
            actor = make.acting(Side.GUIDE, guide.person_id)
        came_of_it = at_once(database, [clicking(offer, Action.ACCEPT, actor, now) for offer in offers])
        assert came_of_it == {"done": places, "NoFreePlace": CLICKS - places}
        check_counters(database)
    note(
        f"fifty offers accepted at the same moment, {places} of them fit", database.engine.dialect.name,
        trials=TRIALS, clicks=TRIALS * CLICKS, overbooked=0, places_unused=0,
    )  # fmt: skip


def test_one_free_place_is_offered_once_however_many_suggestions_are_released_at_once(database, now):
    with database.transaction() as session:
        office = make.municipality(session)
        guide = make.guide(session, office, capacity=1)
        found = [make.pairing(session, make.request(session, office), guide).id for _click in range(CLICKS)]
    release = [
        lambda session, pairing=pairing: pairings.act(session, pairing, Action.RELEASE, SYSTEM, now)
        for pairing in found
    ]
    assert at_once(database, release) == {"done": 1, "NoFreePlace": CLICKS - 1}
    check_counters(database)


def test_one_request_is_offered_to_one_guide_however_many_suggestions_are_released_at_once(database, now):
    with database.transaction() as session:
        office = make.municipality(session)
        asked = make.request(session, office)
        found = [make.pairing(session, asked, make.guide(session, office)).id for _click in range(CLICKS)]
    release = [
        lambda session, pairing=pairing: pairings.act(session, pairing, Action.RELEASE, SYSTEM, now)
        for pairing in found
    ]
    came_of_it = at_once(database, release)
    assert came_of_it["done"] == 1
    assert came_of_it.total() == CLICKS
    check_counters(database)
    with database.reading() as session:
        live = session.exec(select(Pairing).where(col(Pairing.state).in_(LIVE))).all()
        assert len(live) == 1


@pytest.mark.parametrize(
    ("state", "action", "side"),
    [
        (State.OFFERED, Action.ACCEPT, Side.GUIDE),
        (State.ACCEPTED, Action.AGREE, Side.NEWCOMER),
        (State.AGREED, Action.APPROVE, Side.OFFICE),
    ],
)
def test_fifty_clicks_on_the_same_button_are_one_change_one_event_and_one_mail_each(database, now, state, action, side):
    with database.transaction() as session:
        office = make.municipality(session)
        guide = make.guide(session, office)
        asked = make.request(session, office)
        pairing = make.pairing(session, asked, guide, state)
        actors = {
            Side.GUIDE: [make.acting(Side.GUIDE, guide.person_id)] * CLICKS,
            Side.NEWCOMER: [make.acting(Side.NEWCOMER, asked.person_id)] * CLICKS,
            Side.OFFICE: [make.coordinator(session, office), make.coordinator(session, office)] * (CLICKS // 2),
        }[side]
    clicks = [clicking(pairing.id, action, actor, now) for actor in actors]
    came_of_it = at_once(database, clicks)
    assert came_of_it["done"] == 1
    assert came_of_it.total() == CLICKS
    assert events_of(database, action) == [pairing.id]
    with database.reading() as session:
        mails = session.exec(select(Mail.template, Mail.person_id, Mail.municipality_id)).all()
        assert len(mails) == len(set(mails))
    check_counters(database)


def test_acceptance_against_expiry_has_one_outcome(database, now):
    with database.transaction() as session:
        office = make.municipality(session)
        guide = make.guide(session, office, capacity=CLICKS)
        offers = [make.pairing(session, make.request(session, office), guide, State.OFFERED).id for _ in range(25)]
        actor = make.acting(Side.GUIDE, guide.person_id)
    clicks = [
        clicking(offer, *how, now) for offer in offers for how in ((Action.ACCEPT, actor), (Action.EXPIRE, SYSTEM))
    ]
    came_of_it = at_once(database, clicks)
    assert came_of_it["done"] >= len(offers)  # an acceptance may still run out as the newcomer's question
    check_counters(database)
    with database.reading() as session:
        histories = Counter(session.exec(select(Event.pairing_id, Event.from_state)))
        assert max(histories.values()) == 1


def test_withdrawal_against_approval_has_one_outcome_one_event_and_one_mail_each(database, now):
    with database.transaction() as session:
        office = make.municipality(session)
        staff = make.coordinator(session, office)
        rows = []
        for _pair in range(12):
            guide, asked = make.guide(session, office), make.request(session, office)
            pairing = make.pairing(session, asked, guide, State.AGREED).id
            rows.append(
                (pairing, make.acting(Side.GUIDE, guide.person_id), make.acting(Side.NEWCOMER, asked.person_id))
            )

    def withdraw(pairing: int, actor: Actor) -> Callable[[Session], object]:
        return lambda session: pairings.act(session, pairing, Action.WITHDRAW, actor, now, reason="other")

    clicks = [
        click
        for pairing, guide, newcomer in rows
        for click in (
            clicking(pairing, Action.APPROVE, staff, now), clicking(pairing, Action.APPROVE, staff, now),
            withdraw(pairing, guide), withdraw(pairing, newcomer),
        )
    ]  # fmt: skip
    at_once(database, clicks)
    check_counters(database)
    with database.reading() as session:
        for pairing, _guide, _newcomer in rows:
            query = select(Event.what).where(Event.pairing_id == pairing).order_by(col(Event.id))
            # An approved pairing may be withdrawn, a withdrawn one never approved.
            assert session.exec(query).all() in (["approve"], ["withdraw"], ["approve", "withdraw"])
        mails = session.exec(select(Mail.key)).all()
        assert len(mails) == len(set(mails))


def test_a_guide_lowers_her_capacity_while_offers_are_accepted_and_is_never_overbooked(database, now):
    with database.transaction() as session:
        office = make.municipality(session)
        guide = make.guide(session, office, capacity=10)
        offers = [make.pairing(session, make.request(session, office), guide, State.OFFERED).id for _ in range(10)]
        actor = make.acting(Side.GUIDE, guide.person_id)

    def lower(session: Session) -> None:
        guides.set_capacity(session, session.get_one(Guide, guide.id), 2)

    clicks = [clicking(offer, Action.ACCEPT, actor, now) for offer in offers]
    at_once(database, [*clicks, *[lower] * 10])
    check_counters(database)


def test_whoever_comes_second_is_told_kindly(app):
    with app.test_request_context("/?lang=en"):
        for refusal in (Conflict(), NoFreePlace()):
            assert words.error_text(refusal.code, refusal.details) != words.error_text("refused", {})
