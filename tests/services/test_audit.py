"""The audit log: nobody changes or deletes an entry, the database sees to that; unusual viewing is listed."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, update
from sqlalchemy.exc import DBAPIError
from sqlmodel import select

from lotsen import clock
from lotsen.models import AccessEntry, AuditEntry, Guide, Person, Request
from lotsen.models.audit import Did, Granted
from lotsen.rules.errors import NotAllowed, NotFound
from lotsen.rules.pairing import Action, Side, State
from lotsen.rules.vocabulary import Role
from lotsen.services import audit, colleagues, learning, pairing, proposals, rights
from lotsen.services.actor import Actor
from lotsen.services.colleagues import Invitation
from tests import factories as make


def test_the_database_itself_refuses_changes(database):
    with database.transaction() as session:
        lea = make.account(session, Role.COORDINATOR, make.municipality(session), is_lead=True)
        session.add(AuditEntry(at=clock.now(), did=Did.SAW))
        session.add(AccessEntry(at=clock.now(), did=Granted.CLOSED, role=lea.role, account_id=lea.id))
    for log in (AuditEntry, AccessEntry):
        for statement in (update(log).values(at=clock.now()), delete(log)):
            with pytest.raises(DBAPIError, match="append-only"), database.transaction() as session:
                session.execute(statement)
    with database.reading() as session:
        assert session.exec(select(AuditEntry.did)).all() == [Did.SAW]
        assert session.exec(select(AccessEntry.did)).all() == [Granted.CLOSED]


def test_who_lets_whom_in_or_out_is_written_down(session, now):
    celle, emden = make.municipality(session), make.municipality(session, "03402000", "Emden")
    lea = make.account(session, Role.COORDINATOR, celle, is_lead=True, name="Lea")
    elke = make.account(session, Role.COORDINATOR, emden, is_lead=True, name="Elke")
    first = colleagues.create(session, Invitation(email="a@example.org", name="Ada", role=Role.ADMIN), None, now)
    noor = colleagues.invite(session, Invitation(email="n@example.org", name="Noor", role=Role.COORDINATOR), lea, now)
    colleagues.invite_again(session, noor.id, lea, now)
    colleagues.reset_factor(session, noor.id, lea, now)
    for active in (False, False, True):
        colleagues.set_active(session, noor.id, first, now, active=active)
    with pytest.raises(NotFound):
        colleagues.set_active(session, noor.id, elke, now, active=False)
    told = [(entry.did, who.name, whom.name) for entry, who, whom in colleagues.history(session, lea)]
    assert told == [
        (Granted.REOPENED, "Ada", "Noor"),
        (Granted.CLOSED, "Ada", "Noor"),
        *[(did, "Lea", "Noor") for did in (Granted.RESET, Granted.INVITED_AGAIN, Granted.INVITED)],
    ]
    assert colleagues.history(session, elke) == []
    assert [(entry.did, who, whom.name) for entry, who, whom in colleagues.history(session, first)][-1] == (
        Granted.INVITED, None, "Ada",
    )  # fmt: skip
    with pytest.raises(NotFound):
        colleagues.history(session, noor)


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
