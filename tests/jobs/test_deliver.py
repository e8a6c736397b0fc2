"""The outbox against a real mail server: once, also when the server or the process is ill."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest
from sqlmodel import select

from lotsen import clock, mailer
from lotsen.app import create_app
from lotsen.jobs.deliver import deliver
from lotsen.jobs.outcome import Outcome
from lotsen.models import Account, Mail, MailState, Task
from lotsen.rules.handover import Matter
from lotsen.rules.vocabulary import Role
from lotsen.services import mails, outbox, tokens
from tests import factories as make
from tests.conftest import SECRET_KEY
from tests.smtp import Mailbox, serve

HOUR = timedelta(hours=1)


@pytest.fixture
def database(app):
    return app.extensions["lotsen_db"]


@pytest.fixture
def office(database):
    with database.transaction() as session:
        return make.municipality(session)


def write(database, office, count=1, template="guide_cleared", **about):
    """Queue mails to so many guides."""
    with database.transaction() as session:
        for _ in range(count):
            guide = make.guide(session, office, about=about)
            person = session.get_one(make.Person, guide.person_id)
            mails.enqueue(session, template, person, f"test:{guide.id}", clock.now(), path="/guide/")


def send(app, ahead=timedelta(0)):
    return deliver(app, lambda: clock.now() + ahead, threading.Event())


def stored(database):
    with database.reading() as session:
        return session.exec(select(Mail).order_by(Mail.id)).all()


def test_each_mail_is_sent_once_and_marked(app, database, office, mailbox):
    write(database, office, 3)
    assert send(app) == Outcome(done=3)
    assert send(app) == Outcome()
    assert len(mailbox.times) == len(mailbox.mails) == 3
    assert {(mail.state, mail.attempts, mail.holder) for mail in stored(database)} == {(MailState.SENT, 1, None)}


def test_many_runners_at_once_send_each_mail_once(app, config, database, office, mailbox):
    write(database, office, 30)
    apps = [app, *(create_app(config) for _ in range(3))]
    with ThreadPoolExecutor(4) as pool:
        outcomes = list(pool.map(send, apps))
    assert sum(outcome.done for outcome in outcomes) == 30
    assert len(mailbox.times) == len(mailbox.mails) == 30
    for each in apps[1:]:
        each.extensions["lotsen_db"].engine.dispose()


@pytest.mark.parametrize("at", ["rcpt", "data"])
def test_a_busy_server_is_asked_again_later_and_the_other_mails_go_out(app, database, office, mailbox, at):
    write(database, office, 2)
    getattr(mailbox, at).append("451 4.7.1 Greylisted person1@example.org")
    assert send(app) == Outcome(1, 1, "451 4.7.1")
    late, sent = stored(database)
    assert (late.state, late.attempts, late.last_error) == (MailState.QUEUED, 1, "451 4.7.1")
    assert sent.state is MailState.SENT
    assert late.due_at > clock.now() + timedelta(minutes=1)
    assert send(app) == Outcome()
    assert send(app, HOUR) == Outcome(done=1)
    assert len(mailbox.times) == len(mailbox.mails) == 2


@pytest.mark.parametrize("at", ["rcpt", "data"])
def test_a_refusal_is_final_and_becomes_a_task_of_the_office(app, database, office, mailbox, at):
    write(database, office, 2)
    getattr(mailbox, at).append("550 5.1.1 person1@example.org does not exist")
    assert send(app) == Outcome(1, 1, "550 5.1.1")
    dead, sent = stored(database)
    assert (dead.state, dead.last_error) == (MailState.DEAD, "550 5.1.1")
    assert sent.state is MailState.SENT
    with database.reading() as session:
        [task] = session.exec(select(Task))
    assert (task.kind, task.municipality_id) == (Matter.MAIL_FAILED, office.id)
    assert task.guide_id is not None
    assert task.why == [{"code": "mail_refused", "value": "550 5.1.1"}]
    assert send(app, 100 * HOUR) == Outcome()


def test_a_refusal_by_the_offices_own_address_is_a_task_too(app, database, office, mailbox):
    with database.transaction() as session:
        mails.enqueue(session, "office_agreed", office, "1", clock.now(), path="/office/")
    mailbox.rcpt.append("550 No")
    assert send(app).error == "550"
    with database.reading() as session:
        [task] = session.exec(select(Task))
    assert (task.municipality_id, task.guide_id, task.request_id) == (office.id, None, None)


def test_a_server_that_is_away_costs_one_try_and_nothing_is_lost(app, database, office, smtp_port):
    write(database, office, 3)
    assert send(app) == Outcome(0, 1, "ConnectionRefusedError")
    assert [mail.attempts for mail in stored(database)] == [1, 0, 0]
    mailbox = Mailbox()
    controller = serve(mailbox, smtp_port)
    assert send(app, HOUR) == Outcome(done=3)
    controller.stop()
    assert len(mailbox.times) == 3


def test_a_server_that_stalls_is_left_after_a_while(app, database, office, mailbox, monkeypatch):
    monkeypatch.setattr(mailer, "TIMEOUT", 1.0)
    write(database, office)
    mailbox.slow = 60.0
    began = time.monotonic()
    assert send(app) == Outcome(0, 1, "SMTPServerDisconnected")
    assert time.monotonic() - began < 30  # far less than the server would take, however busy the machine is
    assert [mail.state for mail in stored(database)] == [MailState.QUEUED]


def test_after_five_days_of_trying_the_office_is_told(app, database, office):
    write(database, office)
    for hours in (0, 24, 119):
        assert send(app, hours * HOUR).failed == 1
        assert stored(database)[0].state is MailState.QUEUED
    assert send(app, 125 * HOUR).failed == 1
    assert stored(database)[0].state is MailState.DEAD


def test_pauses_between_tries_double_up_to_four_hours(session, now):
    office = make.municipality(session)
    mails.enqueue(session, "office_agreed", office, "1", now, path="/office/")
    waits, moment = [], now
    for _ in range(10):
        mail = outbox.claim(session, "me", moment)
        assert outbox.retry(session, mail, "me", "451", moment)
        session.refresh(mail)
        waits.append((mail.due_at - moment) / timedelta(minutes=1))
        moment = mail.due_at
    assert waits == [2, 4, 8, 16, 32, 64, 128, 240, 240, 240]


def test_a_mail_whose_holder_died_is_taken_over_after_the_lease_and_not_before(session, now):
    mails.enqueue(session, "office_agreed", make.municipality(session), "1", now, path="/office/")
    mail = outbox.claim(session, "dead", now)
    assert outbox.claim(session, "other", now + outbox.LEASE) is None
    taken = outbox.claim(session, "other", now + outbox.LEASE + timedelta(seconds=1))
    assert (taken.id, taken.attempts) == (mail.id, 2)
    assert not outbox.sent(session, mail, "dead", now)
    assert outbox.sent(session, taken, "other", now)
    assert not outbox.retry(session, taken, "other", "451", now)


def test_the_lease_is_longer_than_a_server_can_keep_us_waiting():
    answers = 10  # connection, greeting, EHLO, STARTTLS, EHLO, AUTH, MAIL, RCPT, DATA, the mail
    assert timedelta(seconds=mailer.TIMEOUT * answers) < outbox.LEASE


def test_the_status_code_is_in_the_mail_and_wiped_afterwards(app, database, office, mailbox):
    with database.transaction() as session:
        person = make.person(session, office, locale="ar")
        mails.enqueue(session, "request_received", person, "1", clock.now(), secret="7K2M-PQ4T-9WXY", path="/status")
    send(app)
    [mail] = mailbox.mails
    assert "7K2M-PQ4T-9WXY" in mail.get_body(("plain",)).get_content()
    assert "7K2M-PQ4T-9WXY" not in mail.get_body(("html",)).get_content().split("href=")[1]
    assert stored(database)[0].secret is None


def test_the_confirmation_link_carries_a_token_that_is_stored_nowhere(app, database, office, mailbox):
    with database.transaction() as session:
        person = make.person(session, office)
        account = make.account(session, Role.GUIDE, person=person)
        mails.enqueue(session, "confirm_address", account, "1", clock.now(), path="/volunteer/confirm")
    send(app)
    text = mailbox.mails[0].get_body(("plain",)).get_content()
    link = urlsplit(next(word for word in text.split() if word.startswith("http")))
    assert link.path == "/volunteer/confirm"
    confirmation = tokens.read_confirmation(SECRET_KEY, parse_qs(link.query)["token"][0])
    assert confirmation is not None
    with database.reading() as session:
        assert session.get_one(Account, confirmation.account_id).person_id == person.id


def test_somebody_whose_address_has_gone_is_given_up_at_once(app, database, office, mailbox):
    write(database, office)
    with database.transaction() as session:
        session.exec(select(make.Person)).one().email = None
    assert send(app) == Outcome(0, 1, "no_address")
    assert stored(database)[0].state is MailState.DEAD
    assert mailbox.mails == []


def test_a_mail_that_cannot_be_built_waits_and_holds_up_nobody(app, database, office, mailbox):
    write(database, office, template="no_such_mail")
    write(database, office)
    assert send(app) == Outcome(1, 1, "TemplateNotFound")
    assert [mail.state for mail in stored(database)] == [MailState.QUEUED, MailState.SENT]


def test_without_a_server_mails_are_files(config, database, office, tmp_path):
    app = create_app(replace(config, mail_url=f"file://{tmp_path}/mail%20box"))
    write(database, office, 2)
    assert send(app) == Outcome(done=2)
    files = sorted((tmp_path / "mail box").iterdir())
    assert [path.suffix for path in files] == [".eml", ".eml"]
    assert "Subject:" in files[0].read_text(encoding="utf-8")
    app.extensions["lotsen_db"].engine.dispose()


def test_a_full_or_missing_folder_loses_nothing(config, database, office, tmp_path):
    (tmp_path / "mail").write_text("a file, no folder")
    app = create_app(replace(config, mail_url=f"file://{tmp_path}/mail"))
    write(database, office)
    assert send(app) == Outcome(0, 1, "FileExistsError")
    Path(tmp_path / "mail").unlink()
    assert send(app, HOUR) == Outcome(done=1)
    app.extensions["lotsen_db"].engine.dispose()


def test_kill_9_in_the_middle_loses_nothing_and_repeats_at_most_the_mail_in_flight(
    app, database, office, mailbox, start
):
    write(database, office, 30)
    mailbox.slow = 0.03
    kills = 0
    for reached in (3, 9, 17):
        process = start("-m", "flask", "--app", "wsgi", "jobs", "once", "deliver")
        until = time.monotonic() + 60
        while len(mailbox.mails) < reached and time.monotonic() < until:
            time.sleep(0.005)
        process.kill()
        process.wait()
        kills += 1
        time.sleep(0.2)
    assert send(app, outbox.LEASE + timedelta(seconds=1)).failed == 0
    assert len(mailbox.times) == 30
    assert len(mailbox.mails) <= 30 + kills
    assert {mail.state for mail in stored(database)} == {MailState.SENT}
