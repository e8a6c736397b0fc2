"""The worklist: everything that waits for one office, most urgent first, in the same number of queries."""

from datetime import date, datetime, timedelta

import pytest
from sqlmodel import Session

from lotsen.rules.errors import NotAllowed
from lotsen.rules.handover import DECIDED, Matter
from lotsen.rules.pairing import Action, State
from lotsen.services import handovers, tasks
from lotsen.services import pairing as pairings
from lotsen.services.paging import PER_PAGE
from lotsen.services.worklist import RELEASE, Filters, Worklist, worklist
from tests import factories as make
from tests.queries import counted

TODAY = date(2026, 3, 11)


def listed(session: Session, office: object, number: int = 1, me: int | None = None, **filters: object) -> Worklist:
    session.flush()
    return worklist(session, office.id, me, TODAY, Filters(**filters), number)


def suggestion(session: Session, office: object, now: datetime, **values: object) -> object:
    return make.pairing(
        session, make.request(session, office), make.guide(session, office), **({"created_at": now} | values)
    )


def test_tasks_suggestions_and_new_guides_stand_in_one_list_the_most_urgent_first(session, now):
    office = make.municipality(session)
    release = suggestion(session, office, now)
    late = make.guide(
        session,
        office,
        interview_on=None,
        cleared_on=None,
        created_at=now - timedelta(days=30),
        conduct_valid_until=None,
    )
    waiting = make.pairing(session, make.request(session, office), make.guide(session, office), State.AGREED)
    tasks.hand_over(session, Matter.APPROVE, waiting, now)
    unsafe = make.pairing(session, make.request(session, office), make.guide(session, office), State.SUSPENDED)
    tasks.hand_over(session, Matter.SAFETY, unsafe, now)
    found = listed(session, office)
    assert [entry.kind for entry in found.page.items] == [Matter.SAFETY, Matter.NEW_GUIDE, RELEASE, Matter.APPROVE]
    assert [entry.pairing_id for entry in found.page.items] == [unsafe.id, None, release.id, waiting.id]
    assert found.page.items[1].guide_id == late.id
    assert found.overdue == 1
    assert found.all == 4
    assert found.by_kind == {Matter.SAFETY: 1, Matter.NEW_GUIDE: 1, RELEASE: 1, Matter.APPROVE: 1}


def test_each_entry_says_whom_it_is_about_and_what_the_pairing_is_like(session, now):
    office = make.municipality(session)
    pairing = make.pairing(
        session,
        make.request(session, office, about={"first_name": "Leyla"}),
        make.guide(session, office, about={"first_name": "Jürgen"}),
        created_at=now,
        score=0.61,
        needs_interpreter=True,
        reasons=[{"code": "distance_near", "value": "2.0", "contribution": 0.4}],
    )
    entry = listed(session, office).page.items[0]
    assert (entry.newcomer.first_name, entry.guide.first_name, entry.guide.town) == ("Leyla", "Jürgen", "Celle")
    assert (entry.pairing_id, entry.score, entry.needs_interpreter) == (pairing.id, 0.61, True)
    assert entry.why[0]["code"] == "distance_near"


def test_a_guide_with_a_task_stands_in_the_list_once_and_a_cleared_one_not_at_all(session, now):
    office = make.municipality(session)
    new = make.guide(session, office, interview_on=None, cleared_on=None)
    tasks.hand_over(session, Matter.NEW_GUIDE, new, now)
    make.guide(session, office)
    make.guide(session, office, interview_on=None, cleared_on=None, address_confirmed=False)
    assert [entry.guide_id for entry in listed(session, office).page.items] == [new.id]


def test_filters_narrow_by_kind_by_colleague_and_to_what_is_overdue(session, now):
    office = make.municipality(session)
    me = make.coordinator(session, office)
    suggestion(session, office, now)
    suggestion(session, office, now - timedelta(days=20))
    mine = tasks.hand_over(session, Matter.NOBODY_LEFT, make.request(session, office), now)
    tasks.assign(session, mine.id, me, me.account_id)
    assert listed(session, office, me=me.account_id).mine == 1
    assert {entry.kind for entry in listed(session, office, kind=RELEASE).page.items} == {RELEASE}
    own = listed(session, office, whose=frozenset({me.account_id})).page.items
    assert [(entry.task_id, entry.assignee) for entry in own] == [(mine.id, "Kim Office")]
    late = listed(session, office, overdue=True)
    assert (late.all, late.page.items[0].kind) == (1, RELEASE)


def test_another_office_sees_nothing_of_it(session, now):
    suggestion(session, make.municipality(session), now)
    other = make.municipality(session, "03403000", "Oldenburg")
    assert listed(session, other).page.items == []


def test_a_long_list_comes_in_pages_and_asks_no_more_queries(session, now):
    office = make.municipality(session)
    for _number in range(3):
        suggestion(session, office, now)
    with counted(session.get_bind()) as few:
        listed(session, office)
    for _number in range(PER_PAGE):
        suggestion(session, office, now)
    with counted(session.get_bind()) as many:
        first, second = listed(session, office), listed(session, office, 2)
    assert (len(first.page.items), len(second.page.items), first.page.pages) == (PER_PAGE, 3, 2)
    assert len(many) == 2 * len(few)


@pytest.mark.parametrize("kind", sorted(DECIDED))
def test_what_waits_for_a_decision_closes_with_it_and_not_by_hand(session, now, kind):
    office = make.municipality(session)
    kim = make.coordinator(session, office)
    pairing = make.pairing(session, make.request(session, office), make.guide(session, office), State.AGREED)
    task = tasks.hand_over(session, kind, pairing, now)
    with pytest.raises(NotAllowed):
        handovers.close(session, task.id, kim, now, outcome="talked")


def test_an_approved_pairing_leaves_the_list(session, now):
    office = make.municipality(session)
    pairing = make.pairing(session, make.request(session, office), make.guide(session, office), State.AGREED)
    tasks.hand_over(session, Matter.APPROVE, pairing, now)
    pairings.act(session, pairing.id, Action.APPROVE, make.coordinator(session, office), now)
    assert listed(session, office).page.items == []
