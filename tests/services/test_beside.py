"""A guide without e-mail: registered with consent, let in by a code, asked by phone."""

import pytest
from sqlmodel import select

from lotsen.models import Account, Consent, Event, Guide, Mail, Person, Task
from lotsen.rules.answers import GuideAnswers
from lotsen.rules.errors import ConsentMissing, NotAllowed, NotFound
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import Action, Side, State
from lotsen.rules.vocabulary import Role
from lotsen.services import accounts, beside, pairing
from lotsen.services.actor import SYSTEM
from lotsen.services.persons import ConsentGiven
from tests import factories as make

CONSENT = ConsentGiven("volunteer", "1", "Ja", "ar")
PROMISE = ConsentGiven("confidentiality", "1", "Ich schweige", "ar")
ANSWERS = GuideAnswers(
    first_name="Wilma", last_name="Harms", phone="+4951417395", postcode="29221", languages={"de": "C2", "ar": "B2"},
    topics=["authorities"], slots=["mon-evening"], radius_km=15, capacity=1,
)  # fmt: skip


@pytest.fixture
def office(session):
    return make.municipality(session)


def test_a_guide_without_email_is_stored_with_consent_and_comes_in_by_a_code(session, now, office):
    kim = make.coordinator(session, office)
    with pytest.raises(ConsentMissing):
        beside.register(session, ANSWERS, None, kim, now)
    with pytest.raises(NotFound):
        beside.register(session, ANSWERS, CONSENT, make.acting(Side.GUIDE, None), now)
    assert session.exec(select(Person)).all() == []
    guide, code = beside.register(session, ANSWERS, CONSENT, kim, now, confidentiality=PROMISE)
    account = accounts.by_code(session, code.lower())
    assert (account.role, account.person_id, account.email, account.locale) == (
        Role.GUIDE, guide.person_id, None, "ar",
    )  # fmt: skip
    assert guide.address_confirmed, "there is no address to confirm"
    assert guide.confidentiality_on is not None
    assert {consent.kind for consent in session.exec(select(Consent))} == {"volunteer", "confidentiality"}
    assert [task.kind for task in session.exec(select(Task))] == [Matter.NEW_GUIDE]
    assert [(event.what, event.account_id) for event in session.exec(select(Event))] == [
        ("guide_registered", kim.account_id)
    ]
    assert session.exec(select(Mail)).all() == []


def test_a_lost_code_is_replaced_for_guides_of_the_office_who_have_no_email(session, now, office):
    kim = make.coordinator(session, office)
    guide, old = beside.register(session, ANSWERS, CONSENT, kim, now)
    new = beside.new_code(session, guide.id, kim, now)
    assert accounts.by_code(session, old) is None
    assert accounts.by_code(session, new).person_id == guide.person_id
    far = make.coordinator(session, make.municipality(session, "03403000", "Oldenburg"))
    with pytest.raises(NotFound):
        beside.new_code(session, guide.id, far, now)
    mailed = make.guide(session, office)
    make.account(session, Role.GUIDE, person=session.get_one(Person, mailed.person_id))
    with pytest.raises(NotAllowed, match="signs_in_by_email"):
        beside.new_code(session, mailed.id, kim, now)


@pytest.mark.parametrize(
    ("action", "outcome"), [(Action.ACCEPT, "answered"), (Action.DECLINE, "answered"), (Action.EXPIRE, "expired")]
)
def test_the_office_is_asked_to_call_until_the_offer_is_answered_or_runs_out(session, now, office, action, outcome):
    guide = make.guide(session, office, about={"email": None})
    suggested = make.pairing(session, make.request(session, office), guide)
    kim = make.coordinator(session, office)
    pairing.act(session, suggested.id, Action.RELEASE, kim, now)
    task = session.exec(select(Task)).one()
    assert (task.kind, task.pairing_id, task.closed_at) == (Matter.ASK_GUIDE, suggested.id, None)
    who, behalf = (SYSTEM, None) if action is Action.EXPIRE else (kim, Side.GUIDE)
    reason = "no_time" if action is Action.DECLINE else None
    pairing.act(session, suggested.id, action, who, now, behalf=behalf, reason=reason)
    session.flush()
    assert (task.closed_at, task.outcome) == (now, outcome)


def test_a_guide_with_email_is_not_called(session, now, office):
    suggested = make.pairing(session, make.request(session, office), make.guide(session, office))
    pairing.act(session, suggested.id, Action.RELEASE, make.coordinator(session, office), now)
    assert session.get_one(Guide, suggested.guide_id).offered == 1
    assert suggested.state is State.OFFERED
    assert session.exec(select(Task)).all() == []
    assert session.exec(select(Account.code_digest)).all() == [None]
