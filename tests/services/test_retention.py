"""The table of periods at work: what is past goes, what is not stays, twice does nothing more."""

from datetime import timedelta

import pytest
from sqlmodel import col, select

from lotsen.models import AuditEntry, Consent, Guide, JobRun, Mail, MailState, MatchRun, Person, Request
from lotsen.models.audit import Did
from lotsen.rules.pairing import State
from lotsen.rules.vocabulary import RequestState, Role
from lotsen.services import erasure, retention
from lotsen.services.retention import AFTER_WITHDRAWAL
from tests import factories as make

DAY = timedelta(days=1)


def closed(session, office, days_ago, now):
    at = now - days_ago * DAY
    return make.request(session, office, state=RequestState.CLOSED, closed_at=at, created_at=at - DAY, note="leise")


def test_a_closed_file_is_emptied_after_the_municipality_s_period_and_no_day_before(session, now):
    office = make.municipality(session, settings_changes={"keep_file_days": 100})
    over, nearly = closed(session, office, 101, now), closed(session, office, 99, now)
    opened = make.request(session, office, created_at=now - 500 * DAY)
    assert retention.run(session, now)["files"] == 1
    session.expire_all()
    assert session.get_one(Person, over.person_id).erased_at == now
    assert session.get_one(Request, over.id).note is None
    assert session.get_one(Person, nearly.person_id).erased_at is None
    assert session.get_one(Person, opened.person_id).erased_at is None
    assert retention.run(session, now).total() == 0


def test_a_silent_guide_is_forgotten_one_who_accompanies_somebody_is_not(session, now):
    office = make.municipality(session)
    long_ago = {"created_at": now - 800 * DAY}
    silent, busy = make.guide(session, office, **long_ago), make.guide(session, office, **long_ago)
    make.pairing(session, make.request(session, office), busy, State.ACTIVE)
    assert retention.run(session, now)["files"] == 1
    session.expire_all()
    left = session.get_one(Guide, silent.id)
    assert (left.cleared_on, left.interview_note, left.topics) == (None, None, [])
    assert session.get_one(Person, busy.person_id).erased_at is None


def test_whoever_is_not_emptied_with_many_others_is_emptied_alone(session, now):
    office = make.municipality(session, settings_changes={"keep_file_days": 100})
    idle, helps_on = (session.get_one(Person, closed(session, office, 101, now).person_id) for _ in range(2))
    request = session.exec(select(Request).where(Request.person_id == helps_on.id)).one()
    left_open = make.pairing(session, request, make.guide(session, office), State.SUGGESTED)
    erasure.erase_idle(session, [idle.id, helps_on.id], now)
    assert (idle.erased_at, helps_on.erased_at) == (now, None)
    assert retention.run(session, now)["files"] == 1
    session.expire_all()
    assert helps_on.erased_at == now
    assert left_open.state is State.DISMISSED


def test_a_guide_who_never_confirmed_the_address_is_forgotten_after_a_month(session, now):
    office = make.municipality(session)
    for days in (31, 29):
        guide = make.guide(session, office, address_confirmed=False, created_at=now - days * DAY)
        account = make.account(session, Role.GUIDE, office, person=session.get_one(Person, guide.person_id))
        account.email_confirmed_at, account.created_at = None, now - days * DAY
        session.add(account)
    assert retention.run(session, now)["files"] == 1


@pytest.mark.parametrize(("days", "gone"), [(31, 1), (29, 0)])
def test_withdrawn_consent_leads_to_erasure_after_second_thoughts(session, now, days, gone):
    assert AFTER_WITHDRAWAL == 30 * DAY
    asked = make.request(session, make.municipality(session))
    session.add(Consent(
        person_id=asked.person_id, kind="request", version="1", text="x", locale="de", given_at=now - 90 * DAY,
        withdrawn_at=now - days * DAY,
    ))  # fmt: skip
    session.flush()
    assert retention.run(session, now)["files"] == gone


def test_mails_runs_and_log_entries_have_their_own_periods(session, now):
    office = make.municipality(session)
    for days in (91, 89):
        at = now - days * DAY
        session.add(Mail(template="active", key=f"sent:{days}", municipality_id=office.id, created_at=at, due_at=at,
                         state=MailState.SENT, sent_at=at))  # fmt: skip
        session.add(Mail(template="active", key=f"waits:{days}", municipality_id=office.id, created_at=at, due_at=at))
        session.add(JobRun(job="match", slot=at, started_at=at))
        whole = MatchRun(queued_at=at)
        session.add(whole)
        session.flush()
        session.add(MatchRun(queued_at=at, part_of_id=whole.id, municipality_id=office.id))
    for years in (20, 0):
        session.add(AuditEntry(at=now - years * 365 * DAY, did=Did.SAW))
    session.flush()
    done = retention.run(session, now)
    assert (done["mails"], done["runs"], done["log"]) == (1, 3, 1)
    assert sorted(session.exec(select(Mail.key).where(col(Mail.key).contains(":91")))) == ["waits:91"]
    assert retention.run(session, now).total() == 0
