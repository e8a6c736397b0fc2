"""Somebody moves: handed over with consent, the waiting time kept, and nothing left to see for the first office."""

from datetime import timedelta

import pytest
from sqlmodel import select

from lotsen.models import Account, Event, Guide, Move, MoveState, Note, Pairing, Person, Request, Task
from lotsen.rules.errors import Conflict, ConsentMissing, NotAllowed, NotFound, ReasonMissing
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import IN_CONTACT, State
from lotsen.rules.vocabulary import RequestState, Role
from lotsen.services import (
    audit,
    casefile,
    erasure,
    events,
    lookup,
    moves,
    notes,
    people,
    rights,
    story,
    tasks,
    worklist,
)
from lotsen.services.people import Wanted
from lotsen.services.persons import ConsentGiven
from tests import factories as make

CONSENT = ConsentGiven("move", "1", "Ich ziehe um.", "de")


@pytest.fixture
def offices(session):
    return make.municipality(session), make.municipality(session, "03402000", "Emden")


@pytest.fixture
def staff(session, offices):
    return tuple(make.coordinator(session, office) for office in offices)


def asked(session, offices, **values):
    return make.request(session, offices[0], about={"first_name": "Amal"}, **values)


def propose(session, person_id, staff, offices, now, **values):
    given = {"to_id": offices[1].id, "postcode": "26721", "keeps_pairings": True, "consent": CONSENT} | values
    return moves.propose(session, person_id, staff[0], now, **given)


def open_tasks(session, office) -> set[str]:
    query = select(Task.kind).where(Task.municipality_id == office.id, Task.closed_at == None)  # noqa: E711
    return set(session.exec(query))


def test_a_proposal_needs_consent_and_another_office_and_stands_in_both_worklists(session, offices, staff, now):
    request = asked(session, offices)
    with pytest.raises(ConsentMissing):
        propose(session, request.person_id, staff, offices, now, consent=None)
    with pytest.raises(NotFound):
        propose(session, request.person_id, staff, offices, now, to_id=offices[0].id)
    with pytest.raises(NotFound):
        propose(session, request.person_id, staff[::-1], offices, now)
    assert session.exec(select(Move)).all() == []
    propose(session, request.person_id, staff, offices, now)
    with pytest.raises(Conflict):
        propose(session, request.person_id, staff, offices, now)
    for office, kind in zip(offices, (Matter.MOVE_OUT, Matter.MOVE_IN), strict=True):
        entry = worklist.worklist(session, office.id, None, now.date(), worklist.Filters()).page.items[0]
        assert (entry.kind, entry.newcomer.first_name, entry.due_on > now.date()) == (kind, "Amal", True)
    with pytest.raises(NotFound):  # not before the yes
        casefile.request_file(session, request.id, staff[1])


def test_with_the_yes_everything_is_the_other_offices_and_the_waiting_time_stays(session, offices, staff, now):
    since = now - timedelta(days=90)
    request = asked(session, offices, waiting_since=since)
    person = session.get_one(Person, request.person_id)
    account = make.account(session, Role.NEWCOMER, person=person, email="amal@example.org")
    old = make.pairing(session, request, make.guide(session, offices[0]), State.ENDED)
    notes.write(session, person.id, staff[0], now, "Nur für uns")
    done = tasks.hand_over(session, Matter.NOBODY_LEFT, request, now)
    done.closed_at = now
    tasks.hand_over(session, Matter.UNMATCHED, request, now)
    move, done_id = propose(session, person.id, staff, offices, now, word="Bitte bald anrufen"), done.id
    moves.accept(session, move.id, staff[1], now)
    session.flush()
    session.expire_all()
    here, there = staff
    request = session.get_one(Request, request.id)
    assert (request.waiting_since, request.state) == (since, RequestState.OPEN)
    assert session.get_one(Account, account.id).municipality_id == offices[1].id
    assert session.get_one(Person, person.id).postcode == "26721"
    assert (session.exec(select(Note)).all(), session.get(Task, done_id)) == ([], None)
    assert open_tasks(session, offices[0]) == set()
    assert open_tasks(session, offices[1]) == {Matter.UNMATCHED}
    sees_nothing(session, here, offices[0], request, old)
    assert casefile.request_file(session, request.id, there).person.first_name == "Amal"
    assert [each.first_name for each in lookup.look_up(session, offices[1].id, "Amaal")] == ["Amal"]
    whats = dict(session.exec(select(Event.what, Event.municipality_id).where(Event.request_id == request.id)).all())
    assert (whats["moved_out"], whats["moved_in"]) == (offices[0].id, offices[1].id)
    assert moves.visible(session, move.id, there).state is MoveState.ACCEPTED
    with pytest.raises(NotFound):
        moves.visible(session, move.id, here)


def sees_nothing(session, here, office, request, pairing):
    """The first office finds the person in no file, list, search or story."""
    for read, number in (
        (casefile.request_file, request.id), (casefile.pairing_file, pairing.id), (story.of_person, request.person_id),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            read(session, number, here)
    with pytest.raises(NotFound):
        erasure.reachable(session, request.person_id, here)
    assert lookup.look_up(session, office.id, "Amal") == []
    assert [people.requests(session, office.id, state, Wanted()).total for state in RequestState] == [0, 0, 0]
    assert worklist.worklist(session, office.id, None, request.created_at.date(), worklist.Filters()).all == 0


@pytest.mark.parametrize("keeps", [True, False])
@pytest.mark.parametrize(
    ("state", "left"),
    [(State.SUGGESTED, State.DISMISSED), (State.OFFERED, State.WITHDRAWN), (State.ACCEPTED, State.WITHDRAWN),
     (State.AGREED, State.WITHDRAWN), (State.APPROVED, State.WITHDRAWN), (State.TRIAL, State.ENDED),
     (State.ACTIVE, State.ENDED), (State.PAUSED, State.ENDED)],
)  # fmt: skip
@pytest.mark.parametrize("mover", ["newcomer", "guide"])
def test_what_is_open_is_dismissed_and_what_runs_goes_on_or_ends_by_choice(
    session, offices, staff, now, state, left, keeps, mover
):
    request, guide = asked(session, offices), make.guide(session, offices[0])
    pairing = make.pairing(session, request, guide, state)
    person_id = request.person_id if mover == "newcomer" else guide.person_id
    move = propose(session, person_id, staff, offices, now, keeps_pairings=keeps)
    moves.accept(session, move.id, staff[1], now)
    session.flush()
    session.expire_all()
    stays = keeps and state in IN_CONTACT
    pairing, guide = session.get_one(Pairing, pairing.id), session.get_one(Guide, guide.id)
    assert pairing.state is (state if stays else left)
    assert (guide.taken, guide.offered) == (int(stays), 0)
    assert guide.municipality_id == offices[mover == "guide"].id
    assert pairing.municipality_id == offices[mover == "newcomer"].id


def test_a_no_needs_a_reason_which_the_first_office_reads(session, offices, staff, now):
    request = asked(session, offices)
    move = propose(session, request.person_id, staff, offices, now)
    with pytest.raises(ReasonMissing):
        moves.decline(session, move.id, staff[1], now, reason="")
    with pytest.raises(NotFound):
        moves.decline(session, move.id, staff[0], now, reason="x")
    moves.decline(session, move.id, staff[1], now, reason="Wohnt bei uns noch nicht")
    assert moves.visible(session, move.id, staff[0]).reason == "Wohnt bei uns noch nicht"
    assert (open_tasks(session, offices[0]), open_tasks(session, offices[1])) == ({Matter.MOVE_OUT}, set())
    assert casefile.request_file(session, request.id, staff[0])
    for answer in (moves.visible, lambda *given: moves.accept(*given, now)):
        with pytest.raises(NotFound):
            answer(session, move.id, staff[1])
    propose(session, request.person_id, staff, offices, now)  # may be asked again


def test_a_proposal_is_called_off_by_its_own_office_and_answered_once(session, offices, staff, now):
    move = propose(session, asked(session, offices).person_id, staff, offices, now)
    with pytest.raises(NotFound):
        moves.call_off(session, move.id, staff[1], now)
    moves.call_off(session, move.id, staff[0], now)
    assert open_tasks(session, offices[0]) | open_tasks(session, offices[1]) == set()
    with pytest.raises(Conflict):
        moves.call_off(session, move.id, staff[0], now)
    with pytest.raises(NotFound):
        moves.accept(session, move.id, staff[1], now)


def test_nobody_moves_while_a_report_is_looked_at_or_after_taking_the_consent_back(session, offices, staff, now):
    request = asked(session, offices)
    pairing = make.pairing(session, request, make.guide(session, offices[0]), State.ACTIVE)
    move = propose(session, request.person_id, staff, offices, now)
    pairing.state = State.SUSPENDED
    session.add(pairing)
    session.flush()
    with pytest.raises(NotAllowed), session.begin_nested():
        moves.accept(session, move.id, staff[1], now)
    session.refresh(pairing)
    pairing.state = State.ACTIVE
    session.add(pairing)
    session.flush()
    rights.withdraw_consent(session, request.person_id, make.acting("newcomer", request.person_id), now)
    with pytest.raises(Conflict), session.begin_nested():
        moves.accept(session, move.id, staff[1], now)
    session.expire_all()
    assert session.get_one(Request, request.id).municipality_id == offices[0].id


def test_of_what_the_first_office_did_the_other_reads_neither_names_nor_words(session, offices, staff, now):
    request = asked(session, offices)
    events.record(session, "request_changed", request, staff[0], now, note="Unser Wort")
    audit.record(session, audit.Did.SAW, staff[0], now, person=session.get_one(Person, request.person_id))
    move = propose(session, request.person_id, staff, offices, now)
    moves.accept(session, move.id, staff[1], now)
    session.flush()
    session.expire_all()
    file = casefile.request_file(session, request.id, staff[1])
    by = {line.event.what: (line.by, line.note) for line in file.history}
    assert by["request_changed"] == ("", None)
    assert by["moved_in"] == ("Kim Office", None)
    assert audit.of_person(session, request.person_id, offices[1].id) == []
    assert {entry.row.what for entry in story.of_person(session, request.person_id, staff[1], "events").page.items} == {
        "moved_in"
    }
