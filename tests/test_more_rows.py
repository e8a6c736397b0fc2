"""No page asks the database more often because there is more to show: every page, with one of everything and with many.

Ten more of everything would be ten more queries and more; a page may look a little more up where there is anything.
"""

from datetime import timedelta
from typing import Final

import pytest

from lotsen import access
from lotsen.models import Message, Method
from lotsen.rules.pairing import Side, State
from lotsen.rules.vocabulary import Phrase, Role
from lotsen.services import sessions
from tests import factories as make
from tests.houses import STORED, house, meeting_of, now_of_tests
from tests.queries import counted
from tests.test_matrix import address, addresses, methods

MORE: Final = 10
#: A name, an office, a reason: looked up once where there are rows at all.
ONCE: Final = 4
#: Of these somebody has one at a time, or one for good.
ONE: Final = {"checkin_id", "referral_id", "move_id", "task_id"}


def multiply(session, own):
    """Add ten of everything to an office, and to the two people of the house."""
    for number in range(MORE):
        more = house(session, own.office, f"more{number}")
        with_guide = make.pairing(session, make.request(session, own.office), own.guide, State.ACTIVE)
        with_request = make.pairing(session, own.request, make.guide(session, own.office), State.ACTIVE)
        for name, store in STORED.items():
            if name not in ONE:
                store(session, own, f"again{number}")
        for pairing in (own.pairing, with_guide, with_request):
            for side in (Side.GUIDE, Side.NEWCOMER):
                more.pairing = pairing
                meeting_of(side)(session, more, f"{pairing.id}{side}")
                session.add(Message(
                    pairing_id=pairing.id, token=f"{number}{pairing.id}{side}", sender=side, phrase=Phrase.HELLO,
                    sent_at=now_of_tests() - timedelta(minutes=number),
                ))  # fmt: skip
        for account in own.accounts.values():
            sessions.begin(session, account, Method.PASSWORD, now_of_tests())


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
@pytest.mark.parametrize("role", Role)
def test_a_page_with_ten_times_the_rows_asks_no_more_queries(app, client, role):
    database = app.extensions["lotsen_db"]
    with app.app_context(), database.transaction() as session:
        own = house(session, make.municipality(session), "own")
        own.guide.capacity = own.request.places = 2 * MORE  # both look for somebody, before and after
    with app.test_request_context():
        open_to = {role, access.SIGNED_IN, *([access.PUBLIC] if role is Role.NEWCOMER else [])}
        mine = [rule for rule in addresses(app) if open_to & access.audience_of(rule.endpoint)]
    paths = {rule.endpoint: address(app, rule, own, role) for rule in mine if "GET" in methods(rule)}
    client.sign_in(own.accounts[role].email, make.PASSWORD)

    def asked():
        found = {}
        for endpoint, path in paths.items():
            with counted(database.engine) as statements:
                assert client.get(path).status_code < 500, path
            found[endpoint] = len(statements)
        return found

    few = asked()
    with app.app_context(), database.transaction() as session:
        for row in (own.office, own.guide, own.request, own.pairing, *own.accounts.values()):
            session.add(row)
        multiply(session, own)
    grown = {endpoint: (few[endpoint], count) for endpoint, count in asked().items() if count > few[endpoint] + ONCE}
    assert grown == {}
