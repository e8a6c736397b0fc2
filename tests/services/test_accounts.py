"""Signing in: the right password only, and nothing learned from a wrong one."""

from statistics import median
from time import process_time

import pytest

from lotsen.models import Method
from lotsen.rules.vocabulary import Role
from lotsen.services import accounts, sessions
from tests import factories as make


@pytest.fixture
def account(session):
    return make.account(session, Role.COORDINATOR, make.municipality(session), email="kim@office.example")


def test_the_right_password_opens_the_account_whatever_the_case_of_the_address(session, account):
    assert accounts.authenticate(session, " Kim@Office.example ", make.PASSWORD) == account


@pytest.mark.parametrize("password", ["", "wrong", make.PASSWORD.upper(), make.PASSWORD + " "])
def test_a_wrong_password_opens_nothing(session, account, password):
    assert accounts.authenticate(session, account.email, password) is None


def test_an_inactive_account_stays_closed(session, account):
    account.active = False
    assert accounts.authenticate(session, account.email, make.PASSWORD) is None


def test_a_guide_signs_in_only_after_confirming_the_address(session):
    office = make.municipality(session)
    guide = make.account(session, Role.GUIDE, office, email="guide@example.org")
    guide.email_confirmed_at = None
    session.add(guide)
    assert accounts.authenticate(session, "guide@example.org", make.PASSWORD) is None


def test_an_unknown_address_takes_as_long_as_a_wrong_password(session, account):
    account.password_hash = accounts.hash_password(make.PASSWORD)  # as costly as a real one

    def seconds(email: str) -> float:
        start = process_time()  # the processor's, not the clock's: other processes must not count
        accounts.authenticate(session, email, "not the password")
        return process_time() - start

    pairs = [(seconds(account.email), seconds("nobody@example.org")) for _ in range(8)]
    known, unknown = (median(each) for each in zip(*pairs[1:], strict=True))  # the dummy hash is made once, at first
    assert 0.4 < unknown / known < 2.5  # without the dummy hash it would be a hundredth


@pytest.mark.parametrize(
    "password",
    ["short", "aaaaaaaaaaaaaaaaaaaa", "x" * 200, "Passwort 12345678", "abcabcabcabcabcabc", "QWERTZUIOPASDFGH"],
)
def test_weak_passwords_are_refused(password):
    with pytest.raises(accounts.WeakPassword):
        accounts.hash_password(password)


def test_a_new_password_ends_every_session_but_the_one_it_was_set_in(session, account):
    keys = [sessions.begin(session, account, Method.PASSWORD, make.SPRING) for _device in range(3)]
    session.flush()
    found = sessions.find(session, keys[0], make.SPRING)
    accounts.change_password(session, account.id, "ein anderer ganzer Satz", current=make.PASSWORD, keep=found[1].id)
    assert [bool(sessions.find(session, key, make.SPRING)) for key in keys] == [True, False, False]


def test_a_new_password_needs_the_old_one(session, account):
    with pytest.raises(accounts.WrongPassword):
        accounts.change_password(session, account.id, "ein anderer ganzer Satz", current="falsch")


def test_a_status_code_opens_the_newcomers_account_and_no_other(session):
    office = make.municipality(session)
    asked = make.request(session, office)
    person = make.person(session, office)
    account = accounts.open_account(session, Role.NEWCOMER, make.SPRING, person=person, code="7K2M-PQ4T-9WXY")
    assert asked.person_id != person.id
    assert accounts.by_code(session, "7k2m pq4t 9wxy") == account
    assert accounts.by_code(session, "7K2M-PQ4T-9WXZ") is None
    assert accounts.by_code(session, "7K2M") is None
