"""What is asked of one office and what its guides offer, by place, by language, by topic: counted by the database."""

import json
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from sqlalchemy import Text, case, cast, func, literal, or_, union_all
from sqlalchemy import select as columns
from sqlmodel import Session, col

from lotsen.models import Guide, Person, Request
from lotsen.rules.vocabulary import LEVELS, RequestState
from lotsen.services.narrowing import in_use

#: A language counts from B1 on: so much it takes to accompany somebody in it (hard rule 4).
ENOUGH: Final = LEVELS[LEVELS.index("B1") :]
_ABOUT: Final = col(Person.postcode), col(Person.languages)


@dataclass(frozen=True, slots=True)
class Balance:
    """What is asked and offered under one code: a postal code, a language, a topic."""

    code: str
    #: Newcomers without a guide.
    waiting: int = 0
    #: Guides who may be proposed, and how many more people they would take together.
    guides: int = 0
    free: int = 0


@dataclass(frozen=True, slots=True)
class Balances:
    """What is asked and offered: by postal code; by language that somebody speaks well enough; by topic.

    Whoever speaks two languages, or names two topics, counts twice there.
    """

    places: list[Balance]
    languages: list[Balance]
    topics: list[Balance]


def of(session: Session, municipality_id: int, today: date) -> Balances:
    """Count one office's people whose data may be used."""
    people = in_use(municipality_id)
    asked = _counted(session, _waiting().where(*people))
    offered = _counted(session, _helping(today).where(*people))
    return Balances(*(_together(asked[kind], offered[kind]) for kind in range(3)))


def _waiting() -> Any:
    """Select the newcomers without a guide."""
    asked = columns(*_ABOUT, col(Request.topics), literal(0).label("free")).select_from(Request)
    asked = asked.join(Person, col(Person.id) == Request.person_id).where(col(Request.state) == RequestState.OPEN)
    return asked.where(col(Request.municipality_id) == Person.municipality_id)  # the same, but the index is on this one


def _helping(today: date) -> Any:
    """Select the guides who may be proposed."""
    used = col(Guide.taken) + col(Guide.offered)
    free = case((col(Guide.capacity) > used, col(Guide.capacity) - used), else_=0).label("free")
    resumed = col(Guide.paused_until).is_not(None) & (col(Guide.paused_until) < today)
    ready = columns(*_ABOUT, col(Guide.topics), free).select_from(Guide)
    return ready.join(Person, col(Person.id) == Guide.person_id).where(
        col(Guide.municipality_id) == Person.municipality_id,
        col(Guide.interview_on).is_not(None),
        col(Guide.cleared_on).is_not(None),
        or_(~col(Guide.paused), resumed),
    )


def _counted(session: Session, selected: Any) -> list[dict[str, tuple[int, int]]]:
    """Count people and their free places by postal code, by language and by topic, in one go: they are read once.

    The database counts those who say the same, and what they say is taken apart here: to take it apart there, person
    by person, takes longer than all the rest.
    """
    people = selected.cte("people")
    counts = func.count(), func.sum(people.c.free)
    told = (people.c.postcode, cast(people.c.languages, Text), cast(people.c.topics, Text))
    kinds = (columns(literal(kind), said.label("said"), *counts).group_by(said) for kind, said in enumerate(told))
    found: list[dict[str, tuple[int, int]]] = [{}, {}, {}]
    for kind, said, number, free in session.execute(union_all(*kinds)):
        for code in _codes(kind, said):
            before = found[kind].get(code, (0, 0))
            found[kind][code] = before[0] + number, before[1] + int(free)
    return found


def _codes(kind: int, said: str) -> list[str]:
    """Return what a postal code, a JSON text of languages with their levels, or one of topics counts for."""
    if kind == 0:
        return [said]
    entries = json.loads(said)
    return [code for code, level in entries.items() if level in ENOUGH] if kind == 1 else entries


def _together(asked: dict[str, tuple[int, int]], offered: dict[str, tuple[int, int]]) -> list[Balance]:
    """Return one entry a code; where most people wait first, among equals where fewest guides are free."""
    nobody = 0, 0
    found = [
        Balance(code, asked.get(code, nobody)[0], *offered.get(code, nobody)) for code in asked.keys() | offered.keys()
    ]
    return sorted(found, key=lambda each: (-each.waiting, each.free, each.code))
