"""Links that work once, sessions that end, tries that are counted: on both databases, under many hands."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlmodel import select

from lotsen.jobs.sweep import sweep
from lotsen.models import Account, Link, LinkKind, Mail, Method, Person
from lotsen.rules.errors import NotFound
from lotsen.rules.sessions import LIMITS, LONGEST
from lotsen.rules.vocabulary import Role
from lotsen.services import accounts, counters, entrance, links, passwords, sessions
from tests import factories as make

SECOND = timedelta(seconds=1)


@pytest.fixture
def guide(session):
    office = make.municipality(session)
    person = session.get(Person, make.guide(session, office).person_id)
    return make.account(session, Role.GUIDE, person=person, email="guide@example.org")


def newcomer(session, office, **about):
    person = session.get(Person, make.request(session, office, about=about).person_id)
    return accounts.open_account(session, Role.NEWCOMER, make.SPRING, person=person, code=f"C0DE-{person.id:08}")


def test_a_link_works_once_and_for_ten_minutes(session, guide):
    key = links.issue(session, LinkKind.SIGN_IN, guide, make.SPRING)
    for _scanner in range(20):
        assert links.usable(session, (LinkKind.SIGN_IN,), key, make.SPRING)
    late = make.SPRING + timedelta(minutes=10)
    assert not links.usable(session, (LinkKind.SIGN_IN,), key, late)
    with pytest.raises(links.LinkGone):
        links.use(session, (LinkKind.SIGN_IN,), key, late)
    assert links.use(session, (LinkKind.SIGN_IN,), key, late - SECOND) == guide
    with pytest.raises(links.LinkGone):
        links.use(session, (LinkKind.SIGN_IN,), key, make.SPRING)


def test_a_link_is_long_and_not_in_the_database(session, guide):
    key = links.issue(session, LinkKind.SIGN_IN, guide, make.SPRING)
    assert len(key) * 6 >= 256
    assert key not in session.exec(select(Link.digest)).all()


def test_a_link_of_one_kind_does_not_serve_another(session, guide):
    key = links.issue(session, LinkKind.SIGN_IN, guide, make.SPRING)
    with pytest.raises(links.LinkGone):
        entrance.set_password(session, key, "ein anderer ganzer Satz", make.SPRING)


def test_a_newer_link_replaces_the_older(session, guide):
    old = links.issue(session, LinkKind.SIGN_IN, guide, make.SPRING)
    links.issue(session, LinkKind.SIGN_IN, guide, make.SPRING)
    assert not links.usable(session, (LinkKind.SIGN_IN,), old, make.SPRING)


def test_a_removed_colleagues_link_opens_nothing(session, guide):
    key = links.issue(session, LinkKind.SIGN_IN, guide, make.SPRING)
    guide.active = False
    session.add(guide)
    session.flush()
    with pytest.raises(links.LinkGone):
        entrance.sign_in(session, key, make.SPRING)


def test_of_ten_simultaneous_uses_one_gets_in(database):
    with database.transaction() as session:
        account = make.account(session, Role.COORDINATOR, make.municipality(session))
        key = links.issue(session, LinkKind.PASSWORD, account, make.SPRING)
    ready = threading.Barrier(10)

    def use(_number: int) -> bool:
        ready.wait()
        try:
            database.run(lambda session: links.use(session, (LinkKind.PASSWORD,), key, make.SPRING))
        except links.LinkGone:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(use, range(10))) == 1


def test_who_gets_which_mail(session, guide):
    office = make.municipality(session, "03401000", "Delmenhorst")
    for _child in range(2):
        newcomer(session, office, email="family@example.org")
    make.account(session, Role.REFERRER, office, email="staff@example.org")
    make.account(session, Role.COORDINATOR, office, email="gone@example.org").active = False
    expected = {
        "guide@example.org": ["sign_in_link"],
        "family@example.org": ["sign_in_link", "sign_in_link"],
        "staff@example.org": ["office_new_password"],
        "gone@example.org": [],
        "nobody@example.org": [],
    }
    for address, wanted in expected.items():
        before = len(session.exec(select(Mail)).all())
        entrance.send_links(session, address, make.SPRING)
        session.flush()
        assert [mail.template for mail in session.exec(select(Mail).order_by(Mail.id))][before:] == wanted, address


def test_a_guide_whose_address_waits_gets_the_link_to_confirm_it(session, guide):
    guide.email_confirmed_at = None
    session.add(guide)
    entrance.send_links(session, "guide@example.org", make.SPRING)
    session.flush()
    assert [mail.template for mail in session.exec(select(Mail))] == ["confirm_address"]


def test_a_weak_password_leaves_the_link_as_it_was(database):
    with database.transaction() as session:
        account = make.account(session, Role.COORDINATOR, make.municipality(session), email="kim@example.org")
        key = links.issue(session, LinkKind.PASSWORD, account, make.SPRING)
        cookie = sessions.begin(session, account, Method.PASSWORD, make.SPRING)
    with pytest.raises(passwords.WeakPassword):
        database.run(lambda session: entrance.set_password(session, key, "short", make.SPRING))
    database.run(lambda session: entrance.set_password(session, key, "ein anderer ganzer Satz", make.SPRING))
    with database.reading() as session:
        assert accounts.authenticate(session, "kim@example.org", "ein anderer ganzer Satz")
        assert sessions.find(session, cookie, make.SPRING) is None


def test_known_and_unknown_addresses_cost_the_same_hashes(session, guide, monkeypatch):
    """A hash is what takes time (some 30 ms against less than one for everything else), so hashes are counted."""
    made: list[str] = []
    hasher = passwords._HASHER

    class Counting:
        def verify(self, *given: str) -> bool:
            made.append("verify")
            return hasher.verify(*given)

        def hash(self, given: str) -> str:
            made.append("hash")
            return hasher.hash(given)

    passwords._dummy_hash()
    monkeypatch.setattr(passwords, "_HASHER", Counting())

    def cost(address: str) -> list[str]:
        made.clear()
        accounts.authenticate(session, address, "not the password at all")
        entrance.send_links(session, address, make.SPRING)
        return list(made)

    assert cost("guide@example.org") == cost("nobody@example.org") == ["verify", "verify"]
    without = make.account(session, Role.COORDINATOR, make.municipality(session, "03401000", "Delmenhorst"))
    without.password_hash = None
    session.add(without)
    assert cost(without.email) == ["verify", "verify"]


@pytest.mark.parametrize("role", Role)
def test_a_session_ends_when_it_is_idle_and_after_its_longest_time(session, role):
    idle, absolute = LIMITS[role]
    account = make.account(session, role, make.municipality(session))
    key = sessions.begin(session, account, Method.PASSWORD, make.SPRING)
    session.flush()
    assert sessions.find(session, key, make.SPRING + idle - SECOND)
    assert sessions.find(session, key, make.SPRING + idle) is None
    number = sessions.find(session, key, make.SPRING)[1].id
    used = make.SPRING
    while used + idle < make.SPRING + absolute:
        used += idle - SECOND
        sessions.touch(session, number, used)
        session.expire_all()
    assert sessions.find(session, key, make.SPRING + absolute - SECOND)
    assert sessions.find(session, key, make.SPRING + absolute) is None


def test_nobody_ends_the_session_of_somebody_else(session, guide):
    other = make.account(session, Role.EVALUATOR)
    key = sessions.begin(session, other, Method.PASSWORD, make.SPRING)
    session.flush()
    found = sessions.find(session, key, make.SPRING)
    with pytest.raises(NotFound):
        sessions.end(session, found[1].id, guide.id)
    sessions.end(session, found[1].id, other.id)
    assert sessions.find(session, key, make.SPRING) is None


def test_what_is_over_is_swept_away(session, guide):
    sessions.begin(session, guide, Method.PASSWORD, make.SPRING)
    links.issue(session, LinkKind.SIGN_IN, guide, make.SPRING)
    counters.count(session, "door", timedelta(minutes=1), make.SPRING)
    assert sweep(session, make.SPRING) == 0
    assert sweep(session, make.SPRING + LONGEST + SECOND) == 3


def test_an_accounts_links_and_sessions_go_with_it(session):
    account = make.account(session, Role.EVALUATOR)
    sessions.begin(session, account, Method.PASSWORD, make.SPRING)
    links.issue(session, LinkKind.PASSWORD, account, make.SPRING)
    session.flush()
    session.delete(session.get(Account, account.id))
    session.flush()
    assert session.exec(select(Link)).all() == []
