"""Several tasks at once: given away, put off, closed; never decided."""

from datetime import timedelta

import pytest
from sqlmodel import select

from lotsen.models import Event
from lotsen.rules.errors import Conflict, NotAllowed, NotFound, ReasonMissing
from lotsen.rules.handover import DECIDED, UNDELAYED, Matter
from lotsen.rules.pairing import State
from lotsen.rules.vocabulary import REFERRED_ON
from lotsen.services import bulk, tasks
from tests import factories as make

REASON = "person_away"


@pytest.fixture
def office(session):
    return make.municipality(session)


def task(session, office, now, kind=Matter.UNMATCHED):
    return tasks.hand_over(session, kind, make.request(session, office), now)


def test_tasks_go_to_a_colleague_of_the_office_and_to_nobody_else(session, office, now):
    kim, two = make.coordinator(session, office), [task(session, office, now) for _number in range(2)]
    ids = [each.id for each in two]
    assert bulk.assign(session, ids, kim, kim.account_id) == 2
    assert {each.assignee_id for each in two} == {kim.account_id}
    stranger = make.coordinator(session, make.municipality(session, "03403000", "Oldenburg"))
    with pytest.raises(NotFound):
        bulk.assign(session, ids, kim, stranger.account_id)
    with pytest.raises(NotFound):
        bulk.assign(session, ids, stranger, stranger.account_id)


def test_a_task_is_put_off_with_a_reason_that_stands_with_it_and_in_the_history(session, office, now):
    kim, one = make.coordinator(session, office), task(session, office, now)
    one.why = [{"code": "waited", "value": "46"}]
    later = now.date() + timedelta(days=10)
    assert bulk.postpone(session, [one.id], kim, now, due_on=later, reason="office_busy") == 1
    assert bulk.postpone(session, [one.id], kim, now, due_on=later, reason=REASON) == 1
    assert one.due_on == later
    assert one.why == [{"code": "waited", "value": "46"}, {"code": "postponed", "value": REASON}]
    told = [each for each in session.exec(select(Event)) if each.what == "postponed"]
    assert [each.reason for each in told] == ["office_busy", REASON]


@pytest.mark.parametrize("days", [0, -1, 91])
def test_nothing_is_put_off_into_the_past_or_for_ever(session, office, now, days):
    kim, one = make.coordinator(session, office), task(session, office, now)
    due = one.due_on
    with pytest.raises(bulk.NotThen):
        bulk.postpone(session, [one.id], kim, now, due_on=now.date() + timedelta(days=days), reason=REASON)
    with pytest.raises(ReasonMissing):
        bulk.postpone(session, [one.id], kim, now, due_on=now.date() + timedelta(days=1), reason="just_so")
    assert one.due_on == due


@pytest.mark.parametrize("kind", sorted(DECIDED | UNDELAYED))
def test_what_is_decided_is_never_closed_together_and_what_cannot_wait_never_put_off(session, office, now, kind):
    kim = make.coordinator(session, office)
    pairing = make.pairing(session, make.request(session, office), make.guide(session, office), State.AGREED)
    one = tasks.hand_over(session, kind, pairing, now)
    with pytest.raises(NotAllowed):
        bulk.close(session, [one.id], kim, now, outcome="talked")
    if kind in UNDELAYED:
        with pytest.raises(NotAllowed):
            bulk.postpone(session, [one.id], kim, now, due_on=now.date() + timedelta(days=1), reason=REASON)
    assert one.closed_at is None
    assert pairing.state is State.AGREED


def test_tasks_of_one_kind_close_together_once_and_nobody_is_passed_on_so(session, office, now):
    kim, two = make.coordinator(session, office), [task(session, office, now) for _number in range(2)]
    other = task(session, office, now, Matter.NOBODY_LEFT)
    with pytest.raises(NotAllowed):
        bulk.close(session, [two[0].id, other.id], kim, now, outcome="talked")
    with pytest.raises(NotAllowed):
        bulk.close(session, [two[0].id], kim, now, outcome=REFERRED_ON)
    ids = [each.id for each in two]
    assert bulk.close(session, ids[:1], kim, now, outcome="talked", note="Rundruf") == 1
    assert bulk.close(session, ids, kim, now, outcome="other") == 1
    assert [each.outcome for each in two] == ["talked", "other"]
    with pytest.raises(Conflict):
        bulk.close(session, ids, kim, now, outcome="talked")
