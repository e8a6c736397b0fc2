"""What administrators see and may do, and what Prometheus is told."""

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlmodel import select

from lotsen.app import create_app
from lotsen.clock import now
from lotsen.models import JobRun, Mail, MailState
from lotsen.rules.errors import Conflict, NotFound
from lotsen.rules.vocabulary import Role
from lotsen.services import mails, operation
from tests import factories as make


def dead(session, template: str = "offer", key: str = "one", secret: str | None = None) -> Mail:
    """A mail that was given up."""
    person = make.person(session, make.municipality(session, code=key, name=key), first_name="Nobodysname")
    mail = mails.enqueue(session, template, person, key, make.SPRING, secret=secret, path="/guide/")
    mail.state, mail.last_error, mail.attempts = MailState.DEAD, "550 5.1.1", 3
    session.add(mail)
    session.flush()
    return mail


@pytest.fixture
def admin(app, client):
    """The administrator, signed in; one mail is dead, one job has failed."""
    with app.extensions["lotsen_db"].transaction() as session:
        dead(session)
        session.add(JobRun(job="match", slot=now(), started_at=now(), finished_at=now(), error="OperationalError"))
        make.account(session, Role.ADMIN, email="admin@example.org")
    client.sign_in("admin@example.org", make.PASSWORD)
    return client


def test_the_page_shows_failed_jobs_dead_letters_and_nobody(admin):
    page = admin.get("/admin/").text
    assert "OperationalError" in page
    assert "550 5.1.1" in page
    assert "Nobodysname" not in page
    assert "@example.org" not in page


def test_a_jobs_page_shows_its_runs_and_unknown_jobs_have_none(admin):
    page = admin.get("/admin/jobs/match").text
    assert "täglich um 02:00 Uhr" in page
    assert "OperationalError" in page
    assert "überfällig" in page
    assert "noch nicht gelaufen" in admin.get("/admin/jobs/remind").text
    assert admin.get("/admin/jobs/nothing").status_code == 404


def test_the_page_says_in_german_when_jobs_run(admin):
    page = admin.get("/admin/?lang=de").text
    for words in ("jede Minute", "täglich um 02:00 Uhr", "jede Woche am Sonntag um 01:00 Uhr"):
        assert words in page
    assert "<bdi>0,0</bdi>" in page  # seconds
    assert "daily" not in page
    assert "Europe/Berlin" not in page


def test_a_dead_letter_goes_out_again(app, admin):
    admin.get("/admin/")
    with app.extensions["lotsen_db"].reading() as session:
        number = session.exec(select(Mail.id)).one()
    assert admin.post(f"/admin/mails/{number}/retry").status_code == 302
    with app.extensions["lotsen_db"].reading() as session:
        mail = session.exec(select(Mail)).one()
        assert (mail.state, mail.attempts) == (MailState.QUEUED, 0)
    admin.get("/admin/")
    assert admin.post("/admin/mails/4711/retry").status_code == 404


def test_only_dead_letters_whose_code_is_kept_go_out_again(session, now):
    with pytest.raises(NotFound):
        operation.retry(session, 4711, now)
    with pytest.raises(operation.CodeGone):
        operation.retry(session, dead(session, "request_received").id, now)
    mail = dead(session, key="two")
    operation.retry(session, mail.id, now)
    with pytest.raises(Conflict):
        operation.retry(session, mail.id, now)


def test_a_job_is_overdue_when_its_slot_was_missed_or_its_run_failed(now):
    slot = now - timedelta(minutes=11)
    run = JobRun(job="match", slot=slot, started_at=slot)
    assert not operation.overdue(run, slot, now)
    assert operation.overdue(run, now - timedelta(minutes=10, seconds=30), now)
    assert not operation.overdue(run, now - timedelta(minutes=2), now)
    assert operation.overdue(None, slot, now)
    assert operation.overdue(JobRun(job="match", slot=slot, started_at=slot, error="KeyError"), slot, now)


def test_metrics_answer_only_to_the_token(config, client):
    assert client.get("/metrics").status_code == 404
    application = create_app(replace(config, metrics_token="a long token"))
    with application.extensions["lotsen_db"].transaction() as session:
        dead(session)
    asking = application.test_client()
    assert asking.get("/metrics").status_code == 404
    assert asking.get("/metrics", headers={"Authorization": "Bearer wrong"}).status_code == 404
    text = asking.get("/metrics", headers={"Authorization": "Bearer a long token"}).text
    assert 'lotsen_mails{state="dead"} 1.0' in text
    assert 'lotsen_job_overdue{job="match"}' in text
    assert 'endpoint="metrics.metrics"' in text
    assert "example.org" not in text
    application.extensions["lotsen_db"].engine.dispose()
