"""Much that falls due on many days, and what came of it: to compare an undisturbed life with a broken one."""

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from sqlmodel import Session, col, select

from lotsen.db import Database
from lotsen.models import Event, Guide, JobRun, Mail, Pairing, Request, Task
from lotsen.rules.pairing import LIVE, RUNNING, State
from tests import factories as make

#: A Wednesday morning, after the hour at which offers expire and the office gets its digest.
BEGIN = datetime.fromisoformat("2026-03-11T09:00:00+00:00")


def tell(session: Session, count: int) -> None:
    """Add pairings that will be reminded of, expire, or be escalated, a few each day, and an office to tell of it."""
    office = make.municipality(session)
    make.account(session, make.Role.COORDINATOR, office, is_lead=True)
    for number in range(count):
        since = BEGIN + timedelta(hours=8 * number) - timedelta(days=4)
        # Far from each other: nobody else fits, and what comes of one does not hang on the others.
        place = {"latitude": 40.0 + number % 40, "longitude": number / 3 % 90}
        guide = make.guide(session, office, about=place)
        asked = make.request(session, office, about=place | ({} if number % 3 else {"email": None}))
        state = (State.OFFERED, State.ACCEPTED, State.AGREED)[number % 3]
        make.pairing(session, asked, guide, state, state_since=since)


def outcome(database: Database) -> dict[str, Counter[Any]]:
    """Return all that happened, without numbers that a broken life may leave out."""
    with database.reading() as session:
        return {
            "events": Counter(session.exec(select(Event.what, Event.pairing_id, Event.guide_id, Event.at))),
            "states": Counter(session.exec(select(Pairing.id, Pairing.state, Pairing.state_since))),
            "mails": Counter(session.exec(select(Mail.template, Mail.person_id, Mail.account_id, Mail.created_at))),
            "tasks": Counter(session.exec(select(Task.matter, Task.opened_at, Task.due_on))),
            "slots": Counter(session.exec(select(JobRun.job, JobRun.slot, JobRun.done, JobRun.error))),
        }


def check_counters(database: Database) -> None:
    """Check that what is counted is what has happened."""
    with database.reading() as session:
        for guide in session.exec(select(Guide)):
            states = session.exec(select(Pairing.state).where(Pairing.guide_id == guide.id)).all()
            assert (guide.offered, guide.taken) == (
                states.count(State.OFFERED),
                sum(each in RUNNING for each in states),
            )
            assert guide.taken <= guide.capacity
        for asked in session.exec(select(Request)):
            states = session.exec(select(Pairing.state).where(Pairing.request_id == asked.id)).all()
            assert asked.live == sum(each in LIVE for each in states) <= asked.places
        moves = select(Event.pairing_id, Event.from_state).where(col(Event.from_state) != col(Event.to_state))
        assert max(Counter(session.exec(moves)).values(), default=1) == 1
