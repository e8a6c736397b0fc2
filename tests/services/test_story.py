"""One person's story: everything their office knows, newest first; notes for colleagues alone."""

import json
from datetime import timedelta

import pytest
from sqlmodel import select

from lotsen.models import Event, Mail, Municipality, Note
from lotsen.models.types import EncryptedText
from lotsen.rules.errors import NotAllowed, NotFound
from lotsen.rules.pairing import Side
from lotsen.services import erasure, events, notes, own_data, story
from lotsen.services.actor import SYSTEM, Actor
from lotsen.services.paging import PER_PAGE
from lotsen.services.story import Kind
from tests import factories as make
from tests import planted
from tests.queries import counted


@pytest.fixture
def people(session):
    people = planted.world(session)
    for mail in session.exec(select(Mail)):
        mail.municipality_id = people[0].municipality_id
    session.flush()
    return people


@pytest.fixture
def kim(session, people):
    return make.coordinator(session, session.get_one(Municipality, people[0].municipality_id))


def kinds(told: story.Story) -> set[Kind]:
    return {entry.kind for entry in told.page.items}


def test_a_newcomers_and_a_guides_story_have_every_kind(session, people, kim, now):
    for person in people:
        notes.write(session, person.id, kim, now, "Bitte vormittags anrufen")
    newcomer, guide = (story.of_person(session, person.id, kim) for person in people)
    assert kinds(newcomer) == set(Kind) - {Kind.CERTIFICATE}
    assert kinds(guide) == set(Kind)
    moments = [entry.at for entry in guide.page.items]
    assert moments == sorted(moments, reverse=True)
    assert people[0].first_name in guide.others.values()


@pytest.mark.parametrize("shown", story.FILTERS)
def test_a_filter_shows_its_kinds_and_says_how_many(session, people, kim, now, shown):
    notes.write(session, people[1].id, kim, now, "Bitte vormittags anrufen")
    told = story.of_person(session, people[1].id, kim, shown)
    assert kinds(told) <= story.FILTERS[shown]
    assert told.page.total == len(told.page.items) == told.counts[shown] > 0


def test_a_long_story_has_pages_and_no_more_queries(session, people, kim, now):
    with counted(session.get_bind()) as short:
        before = story.of_person(session, people[0].id, kim).page.total
    request = story.of_person(session, people[0].id, kim).request
    for minutes in range(120):
        events.record(session, "request_changed", request, kim, now + timedelta(minutes=minutes))
    session.flush()
    session.expire_all()
    with counted(session.get_bind()) as long:
        first = story.of_person(session, people[0].id, kim)
    last = story.of_person(session, people[0].id, kim, number=first.page.pages)
    assert first.page.total == before + 120
    assert (len(first.page.items), len(last.page.items)) == (PER_PAGE, first.page.total % PER_PAGE)
    assert len(long) <= len(short) + 3  # what was expired is read again


def test_another_office_sees_no_story_and_writes_no_note(session, people, now):
    stranger = make.coordinator(session, make.municipality(session, "03403000", "Oldenburg"))
    with pytest.raises(NotFound):
        story.of_person(session, people[0].id, stranger)
    with pytest.raises(NotFound):
        notes.write(session, people[0].id, stranger, now, "x")
    own = Actor(Side.NEWCOMER, None, None, people[0].id)
    with pytest.raises(NotFound):
        notes.write(session, people[0].id, own, now, "x")


def test_a_note_is_taken_back_by_its_author_within_a_day_and_by_nobody_else(session, people, kim, now):
    lee = make.coordinator(session, session.get_one(Municipality, people[0].municipality_id))
    note = notes.write(session, people[0].id, kim, now, "Vertippt")
    later = now + notes.SECOND_THOUGHTS
    for who, when in ((lee, now), (kim, later)):
        with pytest.raises(NotAllowed):
            notes.take_back(session, people[0].id, note.id, who, when)
    with pytest.raises(NotFound):
        notes.take_back(session, people[1].id, note.id, kim, now)
    notes.take_back(session, people[0].id, note.id, kim, later - timedelta(minutes=1))
    session.flush()
    assert session.get(Note, note.id) is None
    assert session.exec(select(Event.account_id).where(Event.what == "note_deleted")).one() == kim.account_id


def test_a_note_is_encrypted_in_its_persons_copy_in_nobody_elses_and_goes_with_them(session, people, kim, now):
    newcomer, guide = people
    notes.write(session, newcomer.id, kim, now, "Notiz-7391")
    session.flush()
    assert isinstance(Note.__table__.c.text.type, EncryptedText)
    assert "Notiz-7391" not in planted.everything(session)
    copies = [json.dumps(own_data.copy(session, person.id, now)) for person in (newcomer, guide)]
    assert ["Notiz-7391" in copy for copy in copies] == [True, False]
    erasure.erase(session, newcomer.id, SYSTEM, now)
    session.flush()
    assert session.exec(select(Note).where(Note.person_id == newcomer.id)).all() == []
