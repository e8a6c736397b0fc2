"""Settings are changed by leads and administrators, seen before, and what they do by tomorrow is what the jobs do."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from lotsen.jobs.expire import expire
from lotsen.jobs.remind import remind
from lotsen.models import Event, Pairing
from lotsen.rules.errors import Conflict, DomainError, NotFound
from lotsen.rules.pairing import State
from lotsen.rules.settings import Settings
from lotsen.rules.vocabulary import Role
from lotsen.services import effects, settings
from tests import factories as make


@pytest.fixture
def office(session):
    return make.municipality(session)


@pytest.fixture
def lead(session, office):
    return make.account(session, Role.COORDINATOR, office, name="Lea", is_lead=True)


def saw(office, *names):
    return settings.state(office.settings, names)


def test_a_change_is_used_at_once_and_written_down_by_name(session, office, lead, now):
    office.settings_changes = {"weighing": {"distance": 2.0}}
    values = {"remind_after_days": 2, "expire_after_days": 5, "expiries_until_pause": 2}
    assert settings.save(session, lead, office.id, values, saw(office, *values), now)
    assert office.settings_changes == {"remind_after_days": 2, "expire_after_days": 5, "weighing": {"distance": 2.0}}
    found = settings.changes(session, office.id)
    assert {(each.by, each.name, each.before, each.after) for each in found} == {
        ("Lea", "remind_after_days", 3, 2), ("Lea", "expire_after_days", 7, 5),
    }  # fmt: skip
    back = {"remind_after_days": 3, "expire_after_days": 7}
    settings.save(session, lead, office.id, back, saw(office, *back), now)
    assert office.settings_changes == {"weighing": {"distance": 2.0}}


def test_whoever_was_slower_overwrites_nothing(session, office, lead, now):
    before = saw(office, "trial_days")
    settings.save(session, lead, office.id, {"trial_days": 42}, before, now)
    with pytest.raises(Conflict):
        settings.save(session, lead, office.id, {"trial_days": 14}, before, now)
    with pytest.raises(DomainError):
        settings.save(
            session, lead, office.id, {"check_in_days": (20, 10)}, saw(office, "check_in_days"), now
        )  # fmt: skip
    assert office.settings == Settings(trial_days=42)


@pytest.mark.parametrize(
    ("role", "here", "leads", "reads", "changes"),
    [
        (Role.COORDINATOR, True, True, True, True),
        (Role.COORDINATOR, True, False, True, False),
        (Role.COORDINATOR, False, True, False, False),
        (Role.ADMIN, False, False, True, True),
        (Role.EVALUATOR, False, False, False, False),
        (Role.REVIEWER, False, False, False, False),
        (Role.REFERRER, True, True, False, False),
        (Role.GUIDE, True, True, False, False),
        (Role.NEWCOMER, True, True, False, False),
    ],
)
def test_offices_read_their_own_and_leads_and_administrators_change(
    session, office, now, role, here, leads, reads, changes
):
    place = office if here else make.municipality(session, "03403000", "Oldenburg")
    account = make.account(session, role, place, is_lead=leads)

    def allowed(use_case):
        try:
            use_case()
        except NotFound:
            return False
        return True

    assert allowed(lambda: settings.seen(session, account, office.id)) is reads
    values = {"trial_days": 42}
    assert (
        allowed(lambda: settings.save(session, account, office.id, values, saw(office, "trial_days"), now)) is changes
    )
    assert not allowed(lambda: settings.save(session, account, 4711, values, "", now))


def test_the_preview_counts_what_the_jobs_then_do_and_changes_nothing(session, office, now):
    other = make.municipality(session, "03403000", "Oldenburg")
    for place, days in [(office, 4.5), (office, 4.5), (office, 1), (other, 4.5)]:
        guide, asked = make.guide(session, place), make.request(session, place)
        make.pairing(session, asked, guide, State.OFFERED, state_since=now - timedelta(days=days))
    values = {"remind_after_days": 2, "expire_after_days": 5, "release": "automatic", "expiries_until_pause": 2}
    found = effects.preview(session, office, values, now)
    assert [tuple(each) for each in found] == [
        ("remind_after_days", 3, 2, 2, 1),
        ("expire_after_days", 7, 5, 0, 2),
        ("release", "manual", "automatic", None, None),
    ]
    session.flush()
    assert office.settings_changes == {}
    assert session.exec(select(Event).where(col(Event.what).in_(("remind", "expire")))).all() == []
    office.settings_changes = {"remind_after_days": 2, "expire_after_days": 5}
    tomorrow = now + timedelta(days=1)
    assert remind(session, tomorrow) == 1 + 1  # the other office's too
    assert expire(session, tomorrow) == 2
    assert len(session.exec(select(Pairing).where(Pairing.state == State.EXPIRED)).all()) == 2


@pytest.mark.parametrize("name", effects.DUE)
def test_every_count_answers_for_an_office_with_and_without_people(session, office, now, name):
    assert effects.DUE[name](session, office, now) == 0
    offered = make.pairing(session, make.request(session, office), make.guide(session, office), State.OFFERED)
    assert effects.DUE[name](session, office, offered.state_since + timedelta(days=400)) >= 0
