"""What leaves the house by mail: nothing about the other person, nothing about the reader but the first name."""

from datetime import timedelta
from itertools import product

import pytest
from sqlmodel import select

from lotsen import clock
from lotsen.jobs.deliver import deliver
from lotsen.models import Mail, Pairing
from lotsen.rules.pairing import TRANSITIONS, Action, Side, State
from lotsen.rules.vocabulary import Role
from lotsen.services import followup, notices
from lotsen.services import pairing as pairings
from lotsen.services.actor import SYSTEM
from tests import factories as make

PLANTED = {
    "guide": {"first_name": "Gudrunella", "last_name": "Lastname", "email": "guide@planted.example",
              "phone": "+4915700000001", "town": "Guidetown", "postcode": "29221"},
    "newcomer": {"first_name": "Samiranda", "last_name": "Othername", "email": "newcomer@planted.example",
                 "phone": "+4915700000002", "town": "Newtown", "postcode": "29223", "locale": "ar"},
}  # fmt: skip


class Never:
    """Nobody says stop."""

    def is_set(self):
        return False


@pytest.mark.parametrize("start", sorted({state for state, _action in TRANSITIONS}))
def test_no_mail_about_a_pairing_names_the_other_person_or_tells_more_than_a_first_name(app, mailbox, start):
    database, now = app.extensions["lotsen_db"], clock.now()
    with database.transaction() as session:
        office = make.municipality(session)
        staff, colleague = make.coordinator(session, office), make.coordinator(session, office)
        make.account(session, Role.COORDINATOR, office, is_lead=True)
        for action, side in product(Action, Side):
            arrow = TRANSITIONS.get((start, action))
            if arrow is None or side not in arrow.who:
                continue
            guide = make.guide(session, office, about=PLANTED["guide"])
            request = make.request(session, office, about=PLANTED["newcomer"], note="A planted note")
            pairing = make.pairing(
                session, request, guide, start, guide_confirmed_at=now if side is Side.NEWCOMER else None,
                newcomer_confirmed_at=now if side in {Side.GUIDE, Side.OFFICE} else None,
            )  # fmt: skip
            own = {Side.GUIDE: guide.person_id, Side.NEWCOMER: request.person_id}
            who = {Side.SYSTEM: SYSTEM, Side.OFFICE: staff}.get(side) or make.acting(side, own[side])
            pairings.act(
                session, pairing.id, action, who, now, reason="other", note="A planted note", behalf=Side.GUIDE
            )
            if pairing.state is start and side is Side.OFFICE:
                pairings.act(session, pairing.id, action, colleague, now, reason="other", note="A planted note")
        follow_up(session, now)
    outcome = deliver(app, lambda: clock.now() + timedelta(seconds=1), Never())
    assert outcome.failed == 0
    check(mailbox.mails)


def follow_up(session, now):
    """Everything else that writes to somebody."""
    for pairing in session.exec(select(Pairing)).all():
        if pairing.state in {State.OFFERED, State.ACCEPTED}:
            followup.remind(session, pairing, now)
        if pairing.state is State.AGREED:
            followup.escalate(session, pairing, now)
        notices.write(session, pairing, "first_meeting", Side.GUIDE, now, occasion="test")
        notices.write(session, pairing, "first_meeting", Side.NEWCOMER, now, occasion="test")
    assert session.exec(select(Mail)).first() is not None


def check(mails):
    """Look at every byte of the rendered parts and at every header but the reader's own address."""
    assert mails
    values = {value for person in PLANTED.values() for name, value in person.items() if name != "locale"}
    for mail in mails:
        reader = next((who for who in PLANTED.values() if who["email"] in mail["To"]), {"first_name": ""})
        # The content type holds a random boundary, in which five digits are a postal code now and then.
        said = [value for name, value in mail.items() if name not in {"To", "X-RcptTo", "Content-Type"}]
        said += [part.get_content() for part in mail.walk() if part.get_content_maintype() == "text"]
        for value in {*values, "planted note"} - {reader["first_name"]}:
            assert value not in "\n".join(said), (mail["Subject"], value)
