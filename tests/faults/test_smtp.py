"""A mail server with all its moods, in any order: each mail arrives, and twice only where the server itself forgot."""

import random
from datetime import timedelta
from threading import Event

import pytest
from sqlmodel import select

from lotsen import clock, mailer
from lotsen.jobs.deliver import deliver
from lotsen.models import Mail, MailState, Person, Task
from lotsen.rules.handover import Matter
from lotsen.services import mails
from tests import factories as make
from tests.faults.figures import note
from tests.faults.workers import times
from tests.smtp import VANISHINGS

HOUR = timedelta(hours=1)
MAILS = times(60, 600)
#: Each mood, and how many of a hundred tries meet it.
MOODS = {"fine": 50, "rcpt 451": 8, "data 451": 8, "rcpt 550": 4, "data 554": 4, "stall": 2} | dict.fromkeys(
    VANISHINGS, 8
)


@pytest.fixture
def database(app):
    return app.extensions["lotsen_db"]


def write(database, count):
    with database.transaction() as session:
        office = make.municipality(session)
        for _mail in range(count):
            guide = make.guide(session, office)
            person = session.get_one(Person, guide.person_id)
            mails.enqueue(session, "guide_cleared", person, f"test:{guide.id}", clock.now(), path="/guide/")


def send(app, ahead):
    return deliver(app, lambda: clock.now() + ahead, Event())


def stored(database):
    with database.reading() as session:
        return session.exec(select(Mail).order_by(Mail.id)).all()


@pytest.mark.parametrize("when", VANISHINGS)
def test_a_server_that_vanishes_gets_the_mail_again_with_the_same_number(app, database, mailbox, when):
    write(database, 2)
    mailbox.vanish.append(when)
    outcome = send(app, timedelta(0))
    assert outcome.failed == 1
    assert {mail.state for mail in stored(database)} == {MailState.QUEUED}  # the others are not tried in vain
    assert send(app, HOUR).failed == 0
    assert {mail.state for mail in stored(database)} == {MailState.SENT}
    assert len(mailbox.times) == 2
    # What it took and did not say so is the one window that SMTP leaves open.
    assert len(mailbox.mails) == (3 if when == "accepted" else 2)


@pytest.mark.slow
def test_in_any_order_of_moods_each_mail_arrives_and_twice_only_where_the_server_forgot(
    app, config, database, mailbox, monkeypatch
):
    monkeypatch.setattr(mailer, "TIMEOUT", 0.5)
    moods = random.Random(20260314).choices(list(MOODS), list(MOODS.values()), k=2 * MAILS)
    write(database, MAILS)
    mailbox.moods = moods[::-1]
    for tries in range(600):
        send(app, tries * HOUR / 6)  # sooner than the five days after which a mail is given up
        if all(mail.state in {MailState.SENT, MailState.DEAD} for mail in stored(database)):
            break
    met = moods[: len(moods) - len(mailbox.moods)]
    rows = stored(database)
    refused = sum(" 5" in mood for mood in met)
    forgot = met.count("accepted") + met.count("stall")
    sent, dead = ({mail.id for mail in rows if mail.state is state} for state in (MailState.SENT, MailState.DEAD))
    arrived = {int(number.partition(".")[0].strip("<")) for number in mailbox.times}
    assert len(dead) == refused
    assert sent | dead == {mail.id for mail in rows}
    assert sent <= arrived  # what was refused may have arrived before, when the server forgot to say so
    extra = len(mailbox.mails) - len(mailbox.times)
    # Of a mail that the server took, forgot and then refused for good, the forgotten copy is the only one.
    assert met.count("accepted") <= extra + len(arrived - sent) <= forgot
    with database.reading() as session:
        assert session.exec(select(Task.kind)).all() == [Matter.MAIL_FAILED] * refused
    note(
        "SMTP server refuses (4xx, 5xx), stalls and vanishes at random", config.database_url, mails=MAILS,
        moods=sum(mood != "fine" for mood in met), refused_for_good_and_handed_over=refused, lost=0,
        taken_and_forgotten_by_the_server=forgot, duplicates=extra,
    )  # fmt: skip
