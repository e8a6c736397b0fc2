"""The demo's story: whole, consistent, and worth looking around in."""

import shutil
from collections import Counter
from collections.abc import Iterator
from datetime import timedelta
from importlib import import_module
from itertools import pairwise
from pathlib import Path

import pytest
from sqlmodel import Session, col, func, select

from lotsen import crypto, demo
from lotsen.db import Database
from lotsen.demo.logins import PASSWORD, address
from lotsen.models import (
    Account,
    Event,
    Guide,
    Mail,
    MailState,
    MatchRun,
    Meeting,
    Municipality,
    Pairing,
    Person,
    Referral,
    Referrer,
    Request,
    Stage,
    Task,
)
from lotsen.rules.calendar import local_date
from lotsen.rules.pairing import ASKING, LIVE, RUNNING, State
from lotsen.rules.vocabulary import ReferrerKind, RequestKind, RequestState, Role, Takes
from lotsen.services import accounts, pairing_history
from tests.conftest import DATA_KEY, SECRET_KEY
from tests.conftest import DEMO_NOW as NOW


@pytest.fixture
def told(demo_template: Path) -> Iterator[Session]:
    """A database that the demo has filled; nobody changes it."""
    crypto.configure((DATA_KEY,), SECRET_KEY)
    database = Database(f"sqlite:///{demo_template}")
    with database.reading() as session:
        yield session
    database.engine.dispose()


def account(session: Session, login: str) -> Account:
    found = accounts.by_email(session, address(login))
    assert found is not None
    return found


def states_of(session: Session, login: str) -> set[State]:
    """The states of the pairings that the person behind a login has."""
    query = select(Pairing.state).join(Guide, col(Guide.id) == Pairing.guide_id)
    query = query.join(Request, col(Request.id) == Pairing.request_id)
    person = account(session, login).person_id
    own = (Guide.person_id == person) | (Request.person_id == person)
    return {State(each) for each in session.exec(query.where(own))}


def test_nine_municipalities_have_offices_guides_and_newcomers_and_say_that_they_are_made_up(told):
    offices = told.exec(select(Municipality)).all()
    assert len(offices) == 9
    assert all(office.demo for office in offices)
    for table, expected in ((Guide, 150), (Request, 250)):
        rows = Counter(told.exec(select(table.municipality_id)))
        assert rows.total() >= expected
        assert min(rows[office.id] for office in offices) > 0


def test_pairings_stand_in_every_state_and_requests_and_referrals_too(told):
    assert {State(each) for each in told.exec(select(Pairing.state))} == set(State)
    assert {RequestState(each) for each in told.exec(select(Request.state))} == set(RequestState)
    assert told.exec(select(func.count()).select_from(Referral)).one() > 20
    kinds = Counter(kind for _office, kind in told.exec(select(Referrer.municipality_id, Referrer.kind).distinct()))
    assert min(kinds[kind] for kind in ReferrerKind) > 1, "a referrer of every kind, in more than one municipality"


def test_many_guides_have_logged_hours(told):
    hours = Counter(told.exec(select(Meeting.guide_id)))
    assert len(hours) > 20
    assert max(hours.values()) > 4


def test_counters_are_what_the_pairings_say(told):
    offered, taken, live = Counter(), Counter(), Counter()
    for pairing in told.exec(select(Pairing)):
        offered[pairing.guide_id] += pairing.state in ASKING
        taken[pairing.guide_id] += pairing.state in RUNNING
        live[pairing.request_id] += pairing.state in LIVE
    for guide in told.exec(select(Guide)):
        assert (guide.offered, guide.taken) == (offered[guide.id], taken[guide.id])
        assert guide.taken <= guide.capacity
    assert all(request.live == live[request.id] for request in told.exec(select(Request)))


def test_every_history_leads_step_by_step_to_where_the_pairing_stands(told):
    for pairing in told.exec(select(Pairing)):
        query = select(Event).where(Event.pairing_id == pairing.id).order_by(col(Event.at), col(Event.id))
        moves = [event for event in told.exec(query) if event.to_state is not None]
        assert all(before.to_state is after.from_state for before, after in pairwise(moves))
        assert (moves[-1].to_state if moves else State.SUGGESTED) is pairing.state
        assert pairing.score is not None
        assert pairing.reasons


def test_nothing_lies_in_the_future_and_old_mails_have_gone_out(told):
    assert told.exec(select(func.max(Event.at))).one() <= NOW
    assert told.exec(select(func.max(Person.created_at))).one() <= NOW
    yesterday = NOW - timedelta(days=1)
    waiting = select(Mail).where(Mail.state == MailState.QUEUED, col(Mail.created_at) < yesterday)
    assert told.exec(waiting).first() is None
    assert told.exec(select(func.count()).select_from(Mail).where(Mail.state == MailState.DEAD)).one() == 1


def test_the_worklist_of_the_demo_office_has_overdue_and_coming_matters(told):
    office = account(told, "coordinator").municipality_id
    query = select(Task).where(Task.municipality_id == office, col(Task.closed_at).is_(None))
    due = [task.due_on for task in told.exec(query)]
    assert min(due) < local_date(NOW) < max(due)
    assert told.exec(select(Pairing).where(Pairing.municipality_id == office, Pairing.state == State.SUGGESTED)).first()


def test_guides_stand_at_every_stage(told):
    guides = told.exec(select(Guide)).all()
    today = local_date(NOW)
    assert any(not guide.address_confirmed for guide in guides)
    assert any(guide.interview_on is None and guide.address_confirmed for guide in guides)
    assert any(guide.interview_on and guide.cleared_on is None for guide in guides)
    assert any(guide.paused for guide in guides)
    until = [guide.conduct_valid_until for guide in guides if guide.conduct_valid_until]
    assert min(until) < today
    assert any(today < day < today + timedelta(days=30) for day in until)


def test_each_role_can_sign_in_and_sees_something(told):
    logins = demo.listing(told, "http://127.0.0.1:8000")
    assert {entry["role"] for entry in logins} == {str(role) for role in Role}
    for entry in logins[:10]:
        found = accounts.authenticate(told, entry["login"], PASSWORD)
        assert found is not None, entry["login"]
        assert str(found.role) == entry["role"]
    coded = [entry for entry in logins if "code" in entry]
    assert [accounts.by_code(told, entry["code"]).email for entry in coded] == [entry["login"] for entry in coded]
    assert states_of(told, "guide") >= {State.OFFERED, State.TRIAL}
    assert states_of(told, "newcomer") == {State.ACCEPTED}
    assert states_of(told, "newcomer2") == {State.TRIAL}
    assert account(told, "lead").is_lead


@pytest.mark.slow
def test_postgresql_is_told_the_same_story_and_only_once(sqlite_template, empty_postgresql, tmp_path, monkeypatch):
    """A shorter story: with a third of the people."""
    crypto.configure((DATA_KEY,), SECRET_KEY)
    for people, number in (("GUIDES", 50), ("NEWCOMERS", 80)):
        monkeypatch.setattr(import_module("lotsen.demo.seed"), people, number)
    shutil.copy(sqlite_template, tmp_path / "lotsen.sqlite3")
    standing = select(Pairing.state, Pairing.municipality_id)
    told = []
    for url in (f"sqlite:///{tmp_path / 'lotsen.sqlite3'}", empty_postgresql):
        database = Database(url)
        with Session(database.engine.execution_options(lotsen_write=True)) as session:
            assert demo.seed(session, NOW)
            session.flush()
            assert not demo.seed(session, NOW)
            told.append(Counter(session.exec(standing).all()))
            session.rollback()
        database.engine.dispose()
    assert told[0] == told[1]
    assert told[0].total() > 30


def test_single_appointments_stand_at_different_stages_and_somebody_takes_nothing_else(told):
    once = told.exec(select(Request).where(Request.kind == RequestKind.ONE_OFF)).all()
    assert len({request.state for request in once}) >= 2
    assert any(request.too_late(local_date(NOW)) for request in once)
    assert told.exec(select(Guide).where(Guide.takes == Takes.ONE_OFF)).first() is not None


def test_pairings_events_tell_where_they_stand_and_last_nights_run_what_lacks(told):
    for office in told.exec(select(Municipality)).all():
        query = select(Pairing.state, func.count()).where(Pairing.municipality_id == office.id)
        stored = dict(told.exec(query.group_by(col(Pairing.state))).all())
        month = pairing_history.of(told, office.id or 0, NOW)[-1]
        assert {state: count for state, count in month.standing.items() if count} == stored
        run = told.exec(select(MatchRun).where(MatchRun.municipality_id == office.id)).one()
        assert run.stage is Stage.DONE
        assert run.figures["newcomers"] > 0
    assert any(run.shortage for run in told.exec(select(MatchRun)))
