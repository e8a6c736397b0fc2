"""Contact between two people: who may write when, who reads what, and that a mail never says more than that."""

from datetime import timedelta
from itertools import count

import pytest
from pydantic import ValidationError
from sqlalchemy import text as sql
from sqlmodel import select

from lotsen.models import Event, Mail, MailState, Message
from lotsen.rules.contact import MOST_AN_HOUR, TooMany
from lotsen.rules.errors import NotAllowed, NotFound
from lotsen.rules.pairing import IN_CONTACT, Action, Side, State
from lotsen.rules.vocabulary import Phrase
from lotsen.services import conversation
from lotsen.services import pairing as pairings
from lotsen.services.actor import SYSTEM
from tests import factories as make
from tests.services.test_pairing_life import Scene

TOKENS = count()
BOTH = (Side.GUIDE, Side.NEWCOMER)


def write(scene, side, now, text="Hello there", **values):
    values = {"token": f"t{next(TOKENS)}", "text": text} | values
    return conversation.send(scene.session, scene.pairing.id, scene.actors[side], now, **values)


def mails(session):
    return session.exec(select(Mail).order_by(Mail.id)).all()


@pytest.mark.parametrize("state", State)
def test_people_write_and_read_from_approval_until_the_end_and_not_while_it_rests(session, now, state):
    scene = Scene(session, state)
    for side in BOTH:
        if state in IN_CONTACT:
            write(scene, side, now)
            assert conversation.read(session, scene.pairing.id, scene.actors[side], now) in {0, 1}
            continue
        for use_case in (write, read, share):
            with pytest.raises(conversation.ContactStopped):
                use_case(scene, side, now)
        with pytest.raises(conversation.ContactStopped):
            conversation.contact(session, scene.pairing.id, scene.actors[side])
    assert len(session.exec(select(Message)).all()) == 2 * (state in IN_CONTACT)


def read(scene, side, now):
    return conversation.read(scene.session, scene.pairing.id, scene.actors[side], now)


def share(scene, side, now, *, phone=True, email=False):
    actor = scene.actors[side]
    return conversation.share(scene.session, scene.pairing.id, actor, now, phone=phone, email=email)


def test_nobody_else_finds_the_conversation(session, now):
    scene, other = Scene(session, State.ACTIVE), make.person(session, make.municipality(session, "03403000", "Emden"))
    strangers = [
        scene.actors[Side.OFFICE], SYSTEM, make.acting(Side.GUIDE, other.id), make.acting(Side.NEWCOMER, other.id),
        make.acting(Side.NEWCOMER, scene.guide.person_id), make.acting(Side.GUIDE, None),
    ]  # fmt: skip
    for stranger in strangers:
        with pytest.raises(NotFound):
            conversation.contact(session, scene.pairing.id, stranger)
        with pytest.raises(NotFound):
            conversation.send(session, scene.pairing.id, stranger, now, token="x", text="Hello")
    assert session.exec(select(Message)).all() == []


def test_own_words_stand_encrypted_in_the_database_and_composed_without_disguises(session, now):
    scene = Scene(session, State.TRIAL)
    write(scene, Side.GUIDE, now, "  Gru\u0308ße\u202e an\u0000 alle\r\nbis bald ")
    stored = session.connection().execute(sql("SELECT text FROM message")).scalar_one()
    assert "an alle" not in stored
    assert session.exec(select(Message)).one().text == "Grüße an alle\nbis bald"


@pytest.mark.parametrize("text", ["", "  ", "\u202e\u200b", "x" * 1001])
def test_nothing_and_too_much_are_refused(session, now, text):
    with pytest.raises(ValidationError):
        write(Scene(session, State.ACTIVE), Side.GUIDE, now, text)


def test_a_form_sent_twice_is_one_message_and_a_foreign_token_takes_nothing_away(session, now):
    scene, other = Scene(session, State.ACTIVE), Scene(session, State.ACTIVE)
    first = write(scene, Side.GUIDE, now, token="same")
    assert write(scene, Side.GUIDE, now, "Changed", token="same").id == first.id
    write(scene, Side.NEWCOMER, now, token="same")
    write(other, Side.GUIDE, now, token="same")
    assert len(session.exec(select(Message)).all()) == 3


def test_one_mail_tells_that_something_waits_until_it_is_read(session, now):
    scene = Scene(session, State.ACTIVE)
    for minute in range(3):
        write(scene, Side.GUIDE, now + timedelta(minutes=minute), "Planted words")
    mail = mails(session)
    assert [(each.template, each.person_id) for each in mail] == [("message_waits", scene.request.person_id)]
    assert "Planted" not in str(mail[0].params)
    mail[0].state = MailState.SENT
    assert read(scene, Side.NEWCOMER, now + timedelta(hours=1)) == 3
    write(scene, Side.GUIDE, now + timedelta(hours=2))
    assert [each.due_at for each in mails(session)] == [now, now + timedelta(hours=2)]


def test_notices_keep_their_distance_and_one_that_is_overtaken_never_leaves(session, now):
    scene, soon = Scene(session, State.ACTIVE), now + timedelta(minutes=5)
    write(scene, Side.GUIDE, now)
    mails(session)[0].state = MailState.SENT
    session.flush()
    read(scene, Side.NEWCOMER, soon)
    write(scene, Side.GUIDE, soon)
    assert mails(session)[1].due_at == now + timedelta(minutes=30)
    read(scene, Side.NEWCOMER, soon)
    assert len(mails(session)) == 1
    write(scene, Side.GUIDE, soon)
    pairings.act(session, scene.pairing.id, Action.SUSPEND, scene.actors[Side.NEWCOMER], soon)
    assert [each.template for each in mails(session) if each.template == "message_waits"] == ["message_waits"]


def test_somebody_without_an_address_gets_no_mail_and_finds_the_message(session, now):
    scene = Scene(session, State.ACTIVE, email=None)
    write(scene, Side.GUIDE, now)
    assert mails(session) == []
    assert conversation.waiting(session, Side.NEWCOMER, [scene.pairing.id]) == {scene.pairing.id: 1}


def test_what_waits_is_shown_once_it_is_opened(session, now):
    scene = Scene(session, State.ACTIVE)
    write(scene, Side.GUIDE, now, "For the newcomer")
    write(scene, Side.NEWCOMER, now, None, phrase=Phrase.THANKS)
    before = conversation.shown(session, scene.pairing, Side.NEWCOMER)
    assert ([each.phrase for each in before.messages], before.waiting) == ([Phrase.THANKS], 1)
    read(scene, Side.NEWCOMER, now)
    after = conversation.shown(session, scene.pairing, Side.NEWCOMER)
    assert ([each.text for each in after.messages], after.waiting) == (["For the newcomer", None], 0)


def test_long_conversations_come_page_by_page(session, now):
    scene = Scene(session, State.ACTIVE)
    for number in range(conversation.PAGE + 3):
        write(scene, Side.GUIDE, now + timedelta(hours=number))
    page = conversation.shown(session, scene.pairing, Side.GUIDE)
    older = conversation.shown(session, scene.pairing, Side.GUIDE, page.messages[0].id)
    assert (len(page.messages), page.older, len(older.messages), older.older) == (conversation.PAGE, True, 3, False)


def test_so_many_messages_in_an_hour_are_no_conversation(session, now):
    scene = Scene(session, State.ACTIVE)
    for _number in range(MOST_AN_HOUR):
        write(scene, Side.GUIDE, now)
    with pytest.raises(TooMany):
        write(scene, Side.GUIDE, now)
    write(scene, Side.NEWCOMER, now)
    write(scene, Side.GUIDE, now + timedelta(hours=1, seconds=1))


@pytest.mark.parametrize("side", BOTH)
def test_a_number_shows_once_its_owner_shares_it_and_no_longer(session, now, side):
    scene = Scene(session, State.APPROVED)
    person = pairings.person_of(session, scene.pairing, side)
    person.phone, person.email = "+4915112345678", "shared@example.org"
    assert conversation.shared_by(session, scene.pairing, side) == {}
    share(scene, side, now)
    assert conversation.shared_by(session, scene.pairing, side) == {"phone": "+4915112345678"}
    assert conversation.shared_by(session, scene.pairing, conversation.OTHER[side]) == {}
    share(scene, side, now, phone=False, email=True)
    assert conversation.shared_by(session, scene.pairing, side) == {"email": "shared@example.org"}
    events = [(event.what, event.reason) for event in session.exec(select(Event).order_by(Event.id))]
    assert events == [("share", "phone"), ("unshare", "phone"), ("share", "email")]


def test_a_report_hides_what_was_shared_and_it_stays_hidden_when_contact_is_allowed_again(session, now):
    scene = Scene(session, State.ACTIVE)
    share(scene, Side.NEWCOMER, now, email=True)
    pairings.act(session, scene.pairing.id, Action.SUSPEND, scene.actors[Side.NEWCOMER], now)
    assert conversation.shared_by(session, scene.pairing, Side.NEWCOMER) == {}
    for colleague in (scene.actors[Side.OFFICE], make.coordinator(session, scene.office)):
        pairings.act(session, scene.pairing.id, Action.LIFT, colleague, now)
    assert scene.pairing.state is State.ACTIVE
    assert conversation.shared_by(session, scene.pairing, Side.NEWCOMER) == {}


@pytest.mark.parametrize("reporter", [*BOTH, Side.OFFICE])
def test_the_office_reads_only_after_a_report_of_one_of_the_two_and_each_time_is_an_event(session, now, reporter):
    scene = Scene(session, State.ACTIVE)
    office = scene.actors[Side.OFFICE]
    write(scene, Side.GUIDE, now, "Seen by the office")
    with pytest.raises(NotAllowed, match="nobody_reported"):
        conversation.read_by_office(session, scene.pairing.id, office, now)
    pairings.act(session, scene.pairing.id, Action.SUSPEND, scene.actors[reporter], now)
    if reporter is Side.OFFICE:
        with pytest.raises(NotAllowed, match="nobody_reported"):
            conversation.read_by_office(session, scene.pairing.id, office, now)
        return
    found = conversation.read_by_office(session, scene.pairing.id, office, now)
    assert [each.text for each in found] == ["Seen by the office"]
    seen = session.exec(select(Event).where(Event.what == "conversation_read")).one()
    assert (seen.pairing_id, seen.account_id) == (scene.pairing.id, office.account_id)
    for colleague in (office, make.coordinator(session, scene.office)):
        pairings.act(session, scene.pairing.id, Action.LIFT, colleague, now)
    assert conversation.shown(session, scene.pairing, Side.GUIDE).office_read_at == now
    with pytest.raises(NotAllowed, match="nobody_reported"):
        conversation.read_by_office(session, scene.pairing.id, office, now)


def test_foreign_offices_and_the_two_themselves_do_not_read_along(session, now):
    scene = Scene(session, State.SUSPENDED)
    elsewhere = make.coordinator(session, make.municipality(session, "03403000", "Emden"))
    for actor in (elsewhere, scene.actors[Side.GUIDE], scene.actors[Side.NEWCOMER]):
        with pytest.raises(NotFound):
            conversation.read_by_office(session, scene.pairing.id, actor, now)
