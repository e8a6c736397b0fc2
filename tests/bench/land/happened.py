"""What happened to the made-up Land's pairings: steps, meetings, messages, questions, mails, tasks, looks at files."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from itertools import chain, islice
from random import Random
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection
from sqlmodel import SQLModel

from lotsen.models import AuditEntry, CheckIn, Event, Mail, MailState, Meeting, Message, Pairing, Task
from lotsen.models.audit import Did
from lotsen.rules.following import Answer, Question
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import IN_CONTACT, Action, Side, State
from lotsen.rules.vocabulary import MeetingKind, Mood, Phrase
from tests.bench.land.bulk import Row, next_id

Tables = Iterator[tuple[type[SQLModel], Iterable[Row]]]


class Pair(NamedTuple):
    """A pairing to be: the rows of its request and its guide, and where it stands."""

    request: Row
    guide: Row
    state: State


_S, _A = State, Action
_ASKED: Final = ((_A.RELEASE, _S.OFFERED), (_A.ACCEPT, _S.ACCEPTED), (_A.AGREE, _S.AGREED), (_A.APPROVE, _S.APPROVED))
_MET: Final = (*_ASKED, (_A.MEET, _S.TRIAL), (_A.CONFIRM, _S.ACTIVE))
#: The steps that lead to a state.
_WAY: Final[dict[State, tuple[tuple[Action, State], ...]]] = {
    _S.SUGGESTED: (), _S.OFFERED: _ASKED[:1], _S.ACCEPTED: _ASKED[:2], _S.AGREED: _ASKED[:3], _S.APPROVED: _ASKED,
    _S.TRIAL: _MET[:5], _S.ACTIVE: _MET, _S.PAUSED: (*_MET, (_A.PAUSE, _S.PAUSED)),
    _S.SUSPENDED: (*_MET, (_A.SUSPEND, _S.SUSPENDED)), _S.COMPLETED: (*_MET, (_A.COMPLETE, _S.COMPLETED)),
    _S.ENDED: (*_MET[:5], (_A.END, _S.ENDED)), _S.DISMISSED: ((_A.DISMISS, _S.DISMISSED),),
    _S.DECLINED: (*_ASKED[:1], (_A.DECLINE, _S.DECLINED)), _S.EXPIRED: (*_ASKED[:1], (_A.EXPIRE, _S.EXPIRED)),
    _S.REJECTED: (*_ASKED[:3], (_A.REJECT, _S.REJECTED)), _S.WITHDRAWN: (*_ASKED[:2], (_A.WITHDRAW, _S.WITHDRAWN)),
}  # fmt: skip
_WAITS: Final = {_S.AGREED: Matter.APPROVE, _S.APPROVED: Matter.DATE_MEETING, _S.SUSPENDED: Matter.SAFETY}
_REASONS: Final = [{"criterion": "distance", "value": 3.2, "contribution": 0.4, "code": "near"}]
_TOGETHER: Final = IN_CONTACT | {_S.SUSPENDED, _S.COMPLETED, _S.ENDED}


def tables(connection: Connection, pairs: list[Pair], now: datetime, random: Random, events: int) -> Tables:
    """Yield each table with its rows, in an order in which each finds what it refers to."""
    began = next_id(connection, Pairing)
    known = [_Known(began + number, pair, _since(pair, now, random)) for number, pair in enumerate(pairs)]
    together = [each for each in known if each.pair.state in _TOGETHER]
    yield Pairing, map(_pairing, known)
    yield Event, islice(_numbered(chain(_steps(known), _looks(known)), next_id(connection, Event)), events)
    yield Meeting, _numbered(_meetings(together, random, now), next_id(connection, Meeting))
    yield Message, _numbered(_messages(together, random), next_id(connection, Message))
    yield CheckIn, _numbered(_questions(together), next_id(connection, CheckIn))
    yield Task, _numbered(_tasks(known, now), next_id(connection, Task))
    yield Mail, _numbered(_mails(known), next_id(connection, Mail))
    yield AuditEntry, _numbered(_audit(known), next_id(connection, AuditEntry))


class _Known(NamedTuple):
    id: int
    pair: Pair
    since: datetime

    @property
    def of(self) -> Row:
        """What all that happens says of it."""
        return {"pairing_id": self.id, "municipality_id": self.pair.request["municipality_id"]}


def _since(pair: Pair, now: datetime, random: Random) -> datetime:
    asked: datetime = pair.request["created_at"]
    return asked + min(timedelta(days=60), now - asked) * random.random()


def _numbered(rows: Iterable[Row], first: int) -> Iterator[Row]:
    for number, row in enumerate(rows, first):
        yield row | {"id": number}


def _pairing(each: _Known) -> Row:
    ended: dict[str, Any] = (
        {"end_reason": "goal_reached", "ended_by": Side.GUIDE} if each.pair.state is _S.ENDED else {}
    )
    return ended | {
        "id": each.id, "request_id": each.pair.request["id"], "guide_id": each.pair.guide["id"],
        "municipality_id": each.pair.request["municipality_id"], "state": each.pair.state, "created_at": each.since,
        "state_since": each.since, "score": 0.7, "reasons": _REASONS,
    }  # fmt: skip


def _steps(known: list[_Known]) -> Iterator[Row]:
    for each in known:
        both = each.of | {"request_id": each.pair.request["id"], "guide_id": each.pair.guide["id"], "at": each.since}
        yield both | {"what": "suggest", "side": Side.SYSTEM}
        before = _S.SUGGESTED
        for action, after in _WAY[each.pair.state]:
            yield both | {"what": action, "side": Side.OFFICE, "from_state": before, "to_state": after}
            before = after


def _looks(known: list[_Known]) -> Iterator[Row]:
    """Yield what happens to files themselves, as often as is asked for."""
    while True:
        for each in known:
            about = {"municipality_id": each.pair.request["municipality_id"], "at": each.since, "side": Side.OFFICE}
            yield about | {"what": "request_received", "request_id": each.pair.request["id"]}
            yield about | {"what": "guide_changed", "guide_id": each.pair.guide["id"]}


def _meetings(together: list[_Known], random: Random, now: datetime) -> Iterator[Row]:
    moods, kinds = (Mood.GOOD,) * 9 + (Mood.MIXED,), list(MeetingKind)
    for each in together:
        for number in range(random.randrange(0, 14)):
            held = min(each.since + timedelta(days=10 * number), now)
            yield each.of | {
                "guide_id": each.pair.guide["id"], "token": f"meeting{each.id}.{number}", "held_on": held.date(),
                "logged_by": Side.GUIDE if number % 3 else Side.NEWCOMER, "kind": random.choice(kinds),
                "minutes": 30 * random.randrange(1, 7), "mood": random.choice(moods), "metres": 5000, "logged_at": held,
            }  # fmt: skip


def _messages(together: list[_Known], random: Random) -> Iterator[Row]:
    phrases = list(Phrase)
    for each in together:
        for number in range(random.randrange(0, 6)):
            yield {
                "pairing_id": each.id, "token": f"message{each.id}.{number}", "phrase": random.choice(phrases),
                "sender": Side.GUIDE if number % 2 else Side.NEWCOMER, "sent_at": each.since + timedelta(days=number),
            }  # fmt: skip


def _questions(together: list[_Known]) -> Iterator[Row]:
    for each in together:
        yield {
            "pairing_id": each.id, "kind": Question.CHECK_IN, "asked_at": each.since,
            "answer_until": (each.since + timedelta(days=7)).date(), "closed_at": each.since + timedelta(days=2),
            "guide_answer": Answer.GOOD, "newcomer_answer": Answer.GOOD,
        }  # fmt: skip


def _tasks(known: list[_Known], now: datetime) -> Iterator[Row]:
    """Yield what waits now, and one matter of before for each pairing."""
    for each in known:
        request, guide, opened = each.pair.request["id"], each.pair.guide["id"], min(each.since, now)
        about = each.of | {"request_id": request, "guide_id": guide, "opened_at": opened, "due_on": opened.date()}
        waits = _WAITS.get(
            each.pair.state, Matter.CHECK_IN if each.pair.state is _S.ACTIVE and not each.id % 40 else None
        )
        if waits:
            yield about | {"kind": waits, "matter": f"{waits}:pairing:{each.id}", "due_on": now.date()}
        yield about | {
            "kind": Matter.CHECK_IN,
            "matter": f"check_in:pairing:{each.id}",
            "closed_at": opened,
            "outcome": "talked",
        }


def _mails(known: list[_Known]) -> Iterator[Row]:
    for each in known:
        for file, template in ((each.pair.guide, "offer"), (each.pair.request, "accepted")):
            yield {
                "template": template, "key": f"{template}:land:{each.id}", "state": MailState.SENT,
                "municipality_id": file["municipality_id"], "person_id": file["person_id"], "created_at": each.since,
                "due_at": each.since, "sent_at": each.since,
            }  # fmt: skip


def _audit(known: list[_Known]) -> Iterator[Row]:
    for each in known:
        for file in (each.pair.guide, each.pair.request):
            yield {
                "at": each.since, "municipality_id": file["municipality_id"], "person_id": file["person_id"],
                "did": Did.SAW,
            }  # fmt: skip
