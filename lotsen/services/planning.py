"""What a matching run would do: read what is there, work out the best for everybody together, write nothing yet."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple, Self

import scipy.sparse
from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, select

from lotsen.models import Pairing, Person, Request
from lotsen.rules import eligibility
from lotsen.rules.pairing import State
from lotsen.rules.settings import Weighing
from lotsen.rules.vocabulary import RequestState
from lotsen.services import barred, profiles, tuning
from lotsen.services.profiles import Land, Row
from lotsen.services.tuning import Assigned, Reasons
from matching import Guides, Matcher, Newcomers, Pair, Reason, assign
from matching.objective import CONSTANCY

#: Guides fit, but went to others: the one answer to "why nobody" that time alone may change.
OTHERS_CHOSEN: Final = "others_chosen"
#: How many guides who lack only a shared language are looked at for one newcomer.
_NEARLY: Final = 5
#: Up to here, databases take a list of people; beyond, everybody is looked up.
_MANY: Final = 500


class Choice(NamedTuple):
    """A pair that was chosen, and why."""

    line: Pair
    reasons: Reasons
    needs_interpreter: bool

    @property
    def ids(self) -> tuple[str, str]:
        """Newcomer and guide, as the matcher knows them."""
        return self.line.newcomer_id, self.line.guide_id


@dataclass(frozen=True, slots=True)
class Round:
    """One assignment: who looks for how many guides, who has places, who must not be proposed to whom."""

    now: datetime
    land: Land
    requests: dict[str, Request]
    newcomers: dict[str, Row]
    guides: dict[str, Row]
    excluded: set[tuple[str, str]]
    #: The matcher's own suggestions that are reconsidered: pairing by newcomer and guide.
    standing: dict[tuple[str, str], int]

    @classmethod
    def read(cls, session: Session, requests: Sequence[Request], now: datetime, *, reconsider: bool) -> Self:
        """Read what the assignment of `requests` needs; `reconsider` gives their standing suggestions another look."""
        land = Land.read(session, now)
        asked = {request.id for request in requests if not request.too_late(land.today)}
        suggested = session.exec(select(Pairing).where(Pairing.state == State.SUGGESTED)).all()
        again = {
            (str(pairing.request_id), str(pairing.guide_id)): pairing.id or 0
            for pairing in suggested
            if reconsider and pairing.chosen_by_id is None and pairing.request_id in asked
        }
        pairs = {(str(pairing.request_id), str(pairing.guide_id)) for pairing in suggested} - set(again)
        waiting, held = Counter(request for request, _ in pairs), Counter(guide for _, guide in pairs)
        people = {person.id: person for person in session.exec(select(Person).join(Request).where(lacking()))}
        ready = {
            number: pair
            for number, pair in profiles.guides(session).items()
            if not eligibility.paused(pair[0], land.today)
        }
        return cls(
            now=now,
            land=land,
            requests={str(request.id): request for request in requests},
            newcomers={
                str(request.id): land.newcomer(request, people[request.person_id], places)
                for request in requests
                if (places := request.places - request.live - waiting[str(request.id)]) > 0 and request.id in asked
            },
            guides={number: land.guide(*pair, held[number]) for number, pair in ready.items()},
            excluded=pairs | _barred(session, requests, land, now),
            standing=again,
        )


@dataclass(frozen=True, slots=True)
class Plan:
    """What a run would do; nothing is written yet."""

    round: Round
    assigned: Assigned
    chosen: list[Choice]
    #: Why nobody, by newcomer.
    nobody: dict[str, Reasons]

    @property
    def dropped(self) -> list[int]:
        """Standing suggestions that something better takes the place of."""
        kept = {choice.ids for choice in self.chosen}
        return [pairing for ids, pairing in self.round.standing.items() if ids not in kept]


def plan(
    session: Session,
    requests: Sequence[Request],
    now: datetime,
    *,
    reconsider: bool,
    weighings: dict[int, Weighing] | None = None,
) -> Plan:
    """Work out proposals for `requests`; `weighings` tries other settings for some municipalities."""
    return solve(Round.read(session, requests, now, reconsider=reconsider), weighings or {})


def solve(this: Round, tried: dict[int, Weighing]) -> Plan:
    """Work out what to do with what was read."""
    offices = {office.code: tried.get(number, office.settings.weighing) for number, office in this.land.offices.items()}
    guides = _tried_radius(this, tried)
    found = tuning.assign_all(
        this.newcomers.values(), guides.values(), offices, excluded=this.excluded, previous=this.standing
    )
    reasons: dict[tuple[str, str], list[Reason]] = {}
    for reason in found.reasons():
        reasons.setdefault((reason.newcomer_id, reason.guide_id), []).append(reason)
    chosen = [
        Choice(line, tuning.plain(reasons[line.newcomer_id, line.guide_id]), False) for line in found.suggestion.pairs
    ]
    nobody = {newcomer: tuning.why(told) for (newcomer, guide), told in reasons.items() if not guide}
    alone = [newcomer for newcomer, why in nobody.items() if why[0]["code"] != OTHERS_CHOSEN]
    return Plan(this, found, chosen + _with_interpreter(this, guides, alone, chosen, offices), nobody)


def _tried_radius(this: Round, tried: dict[int, Weighing]) -> dict[str, Row]:
    """The guides' rows with the radius on trial: what if they went further? A run asks nobody to (hard rule 5)."""
    if not tried:
        return this.guides
    more = {
        office.code: tried[number].extra_radius_km for number, office in this.land.offices.items() if number in tried
    }
    return {
        number: row | {"radius_km": row["radius_km"] + more.get(row["municipality"], 0)}
        for number, row in this.guides.items()
    }


def _barred(session: Session, requests: Sequence[Request], land: Land, now: datetime) -> set[tuple[str, str]]:
    people = {request.person_id for request in requests}
    guides_of: dict[int, list[int]] = {}
    for person, guide in barred.between(session, land.offices, now, people if len(people) <= _MANY else None):
        guides_of.setdefault(person, []).append(guide)
    return {(str(each.id), str(guide)) for each in requests for guide in guides_of.get(each.person_id, ())}


def _with_interpreter(
    this: Round, guides: dict[str, Row], alone: list[str], chosen: list[Choice], offices: dict[str, Weighing]
) -> list[Choice]:
    """Assign guides who lack nothing but a shared language to those for whom nobody else fits."""
    if not alone:
        return []
    taken = Counter(choice.line.guide_id for choice in chosen)
    left = [row | {"free_places": row["free_places"] - taken[number]} for number, row in guides.items()]
    people, volunteers = Newcomers.read([this.newcomers[number] for number in alone]), Guides.read(left)
    matchers = {code: tuning.matcher(offices[code]) for code in set(people.municipality)}
    homes: dict[str, list[Row]] = {}
    for number in alone:
        homes.setdefault(this.newcomers[number]["municipality"], []).append(this.newcomers[number])
    lines = [
        line
        for code, rows in homes.items()
        for line in matchers[code].with_interpreter(rows, volunteers, top=_NEARLY, excluded=this.excluded)
    ]
    rows = [people.position[line.newcomer_id] for line in lines]
    columns = [volunteers.position[line.guide_id] for line in lines]
    worth = [line.score + CONSTANCY * ((line.newcomer_id, line.guide_id) in this.standing) for line in lines]
    scores = scipy.sparse.csr_array((worth, (rows, columns)), shape=(len(people), len(volunteers)), dtype=float)
    best = assign(scores, volunteers.free_places)
    return [
        _explained(this.newcomers[line.newcomer_id], guides[line.guide_id], line, matchers)
        for line, row, column in zip(lines, rows, columns, strict=True)
        if best[row] == column
    ]


def _explained(newcomer: Row, guide: Row, line: Pair, matchers: dict[str, Matcher]) -> Choice:
    told = matchers[newcomer["municipality"]].explain(newcomer, guide)
    return Choice(line, tuning.plain(told.reasons), True)


def lacking() -> ColumnElement[bool]:
    """Requests that lack a guide."""
    return and_(col(Request.state) != RequestState.CLOSED, col(Request.live) < col(Request.places))
