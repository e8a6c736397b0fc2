"""Colleagues who are away: their tasks are their substitute's meanwhile, and never fall between two absences."""

from datetime import UTC, date, datetime, timedelta

import pytest
from sqlmodel import select

from lotsen.jobs.hand_over import hand_over
from lotsen.models import Absence, Account, Mail
from lotsen.rules.errors import NotFound
from lotsen.rules.handover import Matter
from lotsen.services import absences, tasks
from lotsen.services.worklist import Filters, worklist
from tests import factories as make

TODAY = date(2026, 3, 11)


@pytest.fixture
def office(session):
    return make.municipality(session)


@pytest.fixture
def three(session, office):
    """Kim and Lee, and Toni who leads."""
    actors = [make.coordinator(session, office) for _number in range(3)]
    session.get_one(Account, actors[2].account_id).is_lead = True
    session.flush()
    return actors


def away(session, actor, who, substitute, first=0, last=10):
    begins_on, ends_on = TODAY + timedelta(days=first), TODAY + timedelta(days=last)
    return absences.announce(session, actor, who.account_id, substitute.account_id, begins_on, ends_on, TODAY)


@pytest.mark.parametrize(("day", "mine"), [(-1, 1), (0, 2), (10, 2), (11, 1)])
def test_tasks_are_the_substitutes_from_the_first_to_the_last_day(session, now, office, three, day, mine):
    kim, lee, _toni = three
    for actor in (kim, lee):
        task = tasks.hand_over(session, Matter.UNMATCHED, make.request(session, office), now)
        tasks.assign(session, task.id, actor, actor.account_id)
    away(session, kim, kim, lee)
    when = TODAY + timedelta(days=day)
    assert worklist(session, office.id, lee.account_id, when, Filters()).mine == mine
    own = absences.stands_in_for(session, lee.account_id, when)
    assert worklist(session, office.id, lee.account_id, when, Filters(whose=own)).all == mine
    assert absences.stands_in_for(session, kim.account_id, when) == {kim.account_id}


def test_the_mornings_mail_counts_them_too(session, office, three):
    now = datetime(2026, 3, 11, 7, tzinfo=UTC)
    kim, lee, _toni = three
    task = tasks.hand_over(session, Matter.UNMATCHED, make.request(session, office), now)
    tasks.assign(session, task.id, kim, kim.account_id)
    away(session, kim, kim, lee)
    hand_over(session, now)
    told = {
        mail.account_id: mail.params["mine"] for mail in session.exec(select(Mail)) if mail.template == "office_digest"
    }
    assert (told[kim.account_id], told[lee.account_id]) == (1, 1)


def test_one_speaks_for_oneself_the_lead_for_all_and_nobody_for_another_office(session, office, three):
    kim, lee, toni = three
    stranger = make.coordinator(session, make.municipality(session, "03403000", "Oldenburg"))
    for actor, who, substitute in ((kim, lee, kim), (kim, kim, stranger), (stranger, kim, lee), (toni, stranger, kim)):
        with pytest.raises(NotFound):
            away(session, actor, who, substitute)
    noted = away(session, toni, kim, lee)
    for actor in (lee, stranger):
        with pytest.raises(NotFound):
            absences.cancel(session, noted.id, actor)
    absences.cancel(session, noted.id, kim)
    session.flush()
    assert session.exec(select(Absence)).all() == []


@pytest.mark.parametrize(
    ("who", "substitute", "first", "last", "code"),
    [
        ("kim", "toni", 5, 15, "away_already"),
        ("lee", "toni", 10, 12, "stands_in_then"),
        ("toni", "kim", -3, 0, "substitute_away"),
        ("toni", "toni", 20, 21, "own_substitute"),
        ("toni", "lee", 9, 8, "bad_days"),
        ("toni", "lee", -5, -1, "bad_days"),
    ],
)
def test_nothing_falls_between_two_absences(session, three, who, substitute, first, last, code):
    people = dict(zip(("kim", "lee", "toni"), three, strict=True))
    away(session, people["kim"], people["kim"], people["lee"])
    with pytest.raises(absences.BadAbsence) as caught:
        away(session, people["toni"], people[who], people[substitute], first, last)
    assert caught.value.code == code
    away(session, people["toni"], people["lee"], people["kim"], 11, 12)
