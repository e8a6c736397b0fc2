"""The second factor: each code once, recovery codes as digests, nobody left without a factor who must have one."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from sqlmodel import select

from lotsen.models import Authenticator, Method, RecoveryCode
from lotsen.rules.errors import NotFound
from lotsen.rules.sessions import STAFF
from lotsen.rules.vocabulary import Role
from lotsen.services import second_factor, sessions
from lotsen.services.second_factor import LastFactor, WrongCode
from tests import factories as make

PERIOD = timedelta(seconds=30)


@pytest.fixture
def kim(session):
    return make.account(session, Role.COORDINATOR, make.municipality(session))


def code(session, account, moment) -> str:
    return pyotp.TOTP(session.get(Authenticator, account.id).secret).at(moment)


def set_up(session, account) -> list[str]:
    second_factor.begin_app(session, account.id, make.SPRING)
    session.flush()
    return second_factor.confirm_app(session, account.id, code(session, account, make.SPRING), make.SPRING)


def test_an_app_counts_once_its_owner_has_typed_a_code(session, kim):
    second_factor.begin_app(session, kim.id, make.SPRING)
    session.flush()
    assert not second_factor.present(session, kim.id)
    with pytest.raises(WrongCode), session.begin_nested():
        second_factor.confirm_app(session, kim.id, "000000", make.SPRING)
    assert not second_factor.present(session, kim.id)
    assert second_factor.confirm_app(session, kim.id, code(session, kim, make.SPRING), make.SPRING)
    assert second_factor.present(session, kim.id)
    with pytest.raises(NotFound):
        second_factor.confirm_app(session, kim.id, code(session, kim, make.SPRING), make.SPRING)


def test_a_code_works_once_and_only_about_its_time(session, kim):
    set_up(session, kim)
    later = make.SPRING + 10 * PERIOD
    for wrong in (later - 3 * PERIOD, later + 3 * PERIOD):
        with pytest.raises(WrongCode):
            second_factor.check(session, kim.id, code(session, kim, wrong), later)
    second_factor.check(session, kim.id, code(session, kim, later - PERIOD), later)
    second_factor.check(session, kim.id, code(session, kim, later), later)
    for used in (later, later - PERIOD):
        with pytest.raises(WrongCode):
            second_factor.check(session, kim.id, code(session, kim, used), later)


def test_of_ten_simultaneous_uses_of_a_code_one_gets_in(database):
    with database.transaction() as session:
        kim = make.account(session, Role.COORDINATOR, make.municipality(session))
        set_up(session, kim)
        later = make.SPRING + 10 * PERIOD
        typed = code(session, kim, later)
    ready = threading.Barrier(10)

    def use(_number: int) -> bool:
        ready.wait()
        try:
            database.run(lambda session: second_factor.check(session, kim.id, typed, later))
        except WrongCode:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        assert sum(pool.map(use, range(10))) == 1


def test_recovery_codes_work_once_however_they_are_typed_and_stand_as_digests(session, kim):
    codes = set_up(session, kim)
    assert len(set(codes)) == 10
    stored = session.exec(select(RecoveryCode.digest)).all()
    assert not set(stored) & {code.replace("-", "") for code in codes}
    second_factor.check(session, kim.id, codes[0].lower().replace("-", " "), make.SPRING)
    with pytest.raises(WrongCode):
        second_factor.check(session, kim.id, codes[0], make.SPRING)
    assert second_factor.recovery_codes_left(session, kim.id) == 9
    second_factor.new_recovery_codes(session, kim.id)
    with pytest.raises(WrongCode):
        second_factor.check(session, kim.id, codes[1], make.SPRING)


def test_a_recovery_code_opens_its_own_account_alone(session, kim):
    codes = set_up(session, kim)
    lee = make.account(session, Role.EVALUATOR)
    with pytest.raises(WrongCode):
        second_factor.check(session, lee.id, codes[0], make.SPRING)


def test_the_secret_stands_encrypted(session, kim):
    set_up(session, kim)
    secret = session.get(Authenticator, kim.id).secret
    raw = session.connection().exec_driver_sql("SELECT secret FROM authenticator").scalar_one()
    assert secret not in raw


def test_a_passkey_whose_counter_went_back_is_a_copy(session, kim):
    second_factor.add_passkey(session, kim.id, "blue", "an-id", "a-key", 5, make.SPRING)
    second_factor.use_passkey(session, kim.id, "an-id", 6, make.SPRING)
    for count in (6, 5, 0):
        with pytest.raises(WrongCode):
            second_factor.use_passkey(session, kim.id, "an-id", count, make.SPRING)
    with pytest.raises(WrongCode):
        second_factor.use_passkey(session, kim.id, "another", 9, make.SPRING)


def test_synced_passkeys_that_do_not_count_are_fine(session, kim):
    second_factor.add_passkey(session, kim.id, "synced", "an-id", "a-key", 0, make.SPRING)
    second_factor.use_passkey(session, kim.id, "an-id", 0, make.SPRING)


def test_the_last_factor_stays_where_one_is_needed(session, kim):
    set_up(session, kim)
    with pytest.raises(LastFactor), session.begin_nested():
        second_factor.remove_app(session, kim.id, must_have=True)
    second_factor.add_passkey(session, kim.id, "blue", "an-id", "a-key", 0, make.SPRING)
    second_factor.remove_app(session, kim.id, must_have=True)
    key = second_factor.passkeys(session, kim.id)[0]
    with pytest.raises(NotFound):
        second_factor.remove_passkey(session, make.account(session, Role.ADMIN).id, key.id, must_have=False)
    second_factor.remove_passkey(session, kim.id, key.id, must_have=False)
    assert session.exec(select(RecoveryCode)).all() == []


def test_setting_one_up_opens_the_other_pages(session, kim):
    key = sessions.begin(session, kim, Method.PASSWORD, make.SPRING, must_enrol=True)
    set_up(session, kim)
    session.expire_all()
    assert not sessions.find(session, key, make.SPRING)[1].must_enrol


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("production", [True, False])
@pytest.mark.parametrize("demo", [True, False])
def test_who_must_have_one(session, role, production, demo):
    account = make.account(session, role, make.municipality(session, demo=demo))
    expected = role in STAFF and production and not demo
    assert second_factor.required(session, account, production=production) is expected
