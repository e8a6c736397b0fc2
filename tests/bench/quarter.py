"""The Land's figures of one quarter are counted over all municipalities, years of events behind them."""

import time
import tracemalloc
from collections.abc import Iterable, Iterator
from datetime import timedelta
from itertools import islice
from random import Random
from typing import Any, Final

from sqlmodel import Session, SQLModel, insert

from lotsen import db
from lotsen.models import Event, Guide, Meeting, Municipality, Pairing, Person, Request
from lotsen.rules.pairing import Action, Side, State
from lotsen.rules.quarters import last_closed
from lotsen.rules.vocabulary import COMMON_LANGUAGES, TOPICS, Household, MeetingKind, Mood, RequestState
from lotsen.services import tally
from tests.bench.server import NOW, running

#: A pairing's steps: action, states, days after the request. Each leaves a second event, as a closed task does.
STEPS: Final = (
    (Action.RELEASE, State.SUGGESTED, State.OFFERED, 0), (Action.ACCEPT, State.OFFERED, State.ACCEPTED, 1),
    (Action.AGREE, State.ACCEPTED, State.AGREED, 2), (Action.APPROVE, State.AGREED, State.APPROVED, 3),
    (Action.MEET, State.APPROVED, State.TRIAL, 9), (Action.CONFIRM, State.TRIAL, State.ACTIVE, 37),
    (Action.COMPLETE, State.ACTIVE, State.COMPLETED, 200),
)  # fmt: skip
MEETINGS: Final = 3
YEARS: Final = 3 * 365


def counted(newcomers: int, guides: int, districts: int) -> tuple[int, float, float]:
    """Return how many events there are, the seconds that counting takes, and the MiB that Python holds at most."""
    with running() as app, app.app_context():
        with db.transaction() as session:
            events = _fill(session, newcomers, guides, districts)
        quarter = last_closed(NOW)
        begin = time.perf_counter()
        tally.count(db.reading(), quarter)
        seconds = time.perf_counter() - begin
        tracemalloc.start()
        tally.count(db.reading(), quarter)
        held = tracemalloc.get_traced_memory()[1] / 2**20
        tracemalloc.stop()
    return events, seconds, held


def _fill(session: Session, newcomers: int, guides: int, districts: int) -> int:
    """Store people who asked over three years, two in three of them with a pairing; return the number of events."""
    random = Random(7)
    codes = [f"{number:08d}" for number in range(1, districts + 1)]
    _store(session, Municipality, (
        {"code": code, "name": code, "office_name": code, "office_email": "office@example.org", "texts": {},
         "settings_changes": {}} for code in codes
    ))  # fmt: skip
    homes = [random.randint(1, districts) for _ in range(newcomers + guides)]
    born = [NOW - timedelta(days=random.random() * YEARS) for _ in range(newcomers)]
    _store(session, Person, (
        {"id": number, "first_name": "Amal", "last_name": "", "municipality_id": home, "locale": "de", "muted": [],
         "postcode": "29221", "town": "Celle", "latitude": 52.6, "longitude": 10.1, "created_at": NOW,
         "languages": {random.choice(COMMON_LANGUAGES): "C2", "de": "A2"}}
        for number, home in enumerate(homes, 1)
    ))  # fmt: skip
    paired = [number for number in range(1, newcomers + 1) if number % 3]
    _store(session, Request, (
        {"id": number, "person_id": number, "municipality_id": homes[number - 1], "slots": [], "places": 1, "live": 0,
         "topics": random.sample(TOPICS, 3), "household": random.choice(tuple(Household)), "kind": "lasting",
         "state": RequestState.OPEN, "waiting_since": born[number - 1], "created_at": born[number - 1],
         "nobody": [{"code": "too_far", "value": ""}]}
        for number in range(1, newcomers + 1)
    ))  # fmt: skip
    _store(session, Guide, (
        {"id": number, "person_id": newcomers + number, "municipality_id": homes[newcomers + number - 1], "topics": [],
         "slots": [], "radius_km": 10, "capacity": 1, "created_at": NOW, "takes": "both"}
        for number in range(1, guides + 1)
    ))  # fmt: skip
    steps = {number: _steps(born[number - 1]) for number in paired}
    _store(session, Pairing, (
        {"id": number, "request_id": number, "guide_id": 1 + number % guides, "municipality_id": homes[number - 1],
         "state": taken[-1][2] if taken else State.SUGGESTED, "created_at": born[number - 1], "reasons": [],
         "state_since": taken[-1][3] if taken else born[number - 1]}
        for number, taken in steps.items()
    ))  # fmt: skip
    _store(session, Meeting, (
        {"pairing_id": number, "guide_id": 1 + number % guides, "municipality_id": homes[number - 1], "minutes": 60,
         "token": f"{number}-{which}", "logged_by": Side.GUIDE, "kind": MeetingKind.TALK, "mood": Mood.GOOD,
         "held_on": (taken[3][3] + timedelta(days=20 * which)).date(), "logged_at": NOW}
        for number, taken in steps.items() if len(taken) > 3 for which in range(1, 1 + MEETINGS)
    ))  # fmt: skip
    return _store(session, Event, (
        {"at": at, "municipality_id": homes[number - 1], "pairing_id": number, "request_id": number,
         "guide_id": 1 + number % guides, "what": what, "from_state": before, "to_state": after, "side": Side.SYSTEM}
        for number, taken in steps.items()
        for what, before, after, at in (
            ("suggest", None, State.SUGGESTED, born[number - 1]), *taken,
            *(("task_closed", None, None, at) for *_step, at in taken),
        )
    ))  # fmt: skip


def _steps(since: Any) -> list[tuple[str, State, State, Any]]:
    """Return the steps that a pairing suggested then has taken until now."""
    taken = [(str(what), before, after, since + timedelta(days=days)) for what, before, after, days in STEPS]
    return [step for step in taken if step[3] < NOW]


def _store(session: Session, table: type[SQLModel], rows: Iterable[dict[str, object]]) -> int:
    """Store rows in portions; return their number."""
    source: Iterator[dict[str, object]] = iter(rows)
    stored = 0
    while portion := list(islice(source, 10_000)):
        session.execute(insert(table), portion)
        stored += len(portion)
    return stored
