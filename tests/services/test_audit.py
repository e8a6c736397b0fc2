"""The audit log: nobody changes or deletes an entry, the database sees to that; unusual viewing is listed."""

from datetime import timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from lotsen import clock
from lotsen.models import AuditEntry, Guide, Person, Request
from lotsen.models.audit import Did
from lotsen.rules.errors import NotAllowed
from lotsen.rules.pairing import Action, Side, State
from lotsen.services import audit, learning, pairing, proposals, rights
from lotsen.services.actor import Actor
from tests import factories as make


@pytest.mark.parametrize("statement", ["UPDATE auditentry SET did = 'copied'", "DELETE FROM auditentry"])
def test_the_database_itself_refuses_changes(database, statement):
    with database.transaction() as session:
        session.add(AuditEntry(at=clock.now(), did=Did.SAW))
    with pytest.raises(DBAPIError, match="append-only"), database.transaction() as session:
        session.execute(text(statement))
    with database.reading() as session:
        assert session.exec(select(AuditEntry.did)).all() == [Did.SAW]


def test_reading_on_is_one_view_and_a_busy_day_is_listed(session, now):
    office = make.municipality(session)
    kim = make.coordinator(session, office)
    people = [make.person(session, office) for _number in range(audit.UNUSUAL + 1)]
    audit.record_all(session, Did.SAW, kim, now, [person.id for person in people])
    session.flush()
    first = people[0].id
    assert audit.viewed_lately(session, [first], kim.account_id, now + timedelta(minutes=29)) == {first}
    assert audit.viewed_lately(session, [first], kim.account_id, now + timedelta(minutes=31)) == set()
    assert [(busy.name, busy.files) for busy in audit.unusual(session, office.id, now)] == [("Kim Office", 41)]
    assert audit.unusual(session, office.id, now + timedelta(days=40)) == []
    assert [(line.did, line.by) for line in audit.of_person(session, first)] == [(Did.SAW, "Kim Office")]


@pytest.mark.parametrize("side", [Side.NEWCOMER, Side.GUIDE])
def test_nothing_new_happens_to_restricted_people(session, now, side):
    office = make.municipality(session)
    asked, guide = make.request(session, office), make.guide(session, office)
    suggested = make.pairing(session, asked, guide)
    offered = make.pairing(session, make.request(session, office), make.guide(session, office), State.AGREED)
    own = session.get_one(Person, asked.person_id if side is Side.NEWCOMER else guide.person_id)
    rights.restrict(session, own.id, Actor(side, None, None, own.id), now)
    session.refresh(suggested)
    assert suggested.state is State.DISMISSED
    assert proposals.propose(session, proposals.waiting(session), now) == 0
    other = offered.guide_id if side is Side.NEWCOMER else offered.request_id
    target = session.get_one(Guide, other) if side is Side.NEWCOMER else session.get_one(Request, other)
    both = (asked, target) if side is Side.NEWCOMER else (target, guide)
    with pytest.raises(NotAllowed, match="restricted"):
        pairing.suggest(session, *both, make.coordinator(session, office), now, score=None, reasons=[], because="x")
    rights.release(session, own.id, Actor(side, None, None, own.id), now)


def test_a_running_decision_waits_until_the_restriction_is_over(session, now):
    office = make.municipality(session)
    asked, guide = make.request(session, office), make.guide(session, office)
    agreed = make.pairing(session, asked, guide, State.AGREED)
    rights.restrict(session, asked.person_id, make.acting(Side.NEWCOMER, asked.person_id), now)
    with pytest.raises(NotAllowed, match="restricted"):
        pairing.act(session, agreed.id, Action.APPROVE, make.coordinator(session, office), now)


def test_emptied_files_teach_the_model_nothing(session, now):
    office = make.municipality(session)
    for gone in (False, True):
        asked, guide = make.request(session, office), make.guide(session, office)
        make.pairing(session, asked, guide, State.ENDED)
        session.get_one(Person, asked.person_id).erased_at = now if gone else None
    session.flush()
    assert len(learning.samples(session, now)[2]) == 1
