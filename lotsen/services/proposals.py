"""Proposals for everybody who waits: planned from what is there, then carried out in one short transaction."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple, Self

import scipy.sparse
from sqlalchemy import ColumnElement, and_
from sqlmodel import Session, col, exists, select
from sqlmodel.sql.expression import SelectOfScalar

from lotsen.models import Guide, Pairing, Person, Request, Task
from lotsen.rules import eligibility
from lotsen.rules.calendar import local_date
from lotsen.rules.errors import DomainError
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import Action, State
from lotsen.rules.settings import Weighing
from lotsen.rules.vocabulary import RequestState
from lotsen.services import barred, batch, profiles, tasks, tuning
from lotsen.services import pairing as pairings
from lotsen.services.actor import SYSTEM
from lotsen.services.profiles import Land, Row
from lotsen.services.suggestion import OTHER_KIND
from lotsen.services.tuning import Assigned, Reasons
from matching import Guides, Matcher, Newcomers, Pair, Reason, assign
from matching.objective import CONSTANCY

#: Guides fit, but went to others: the one answer to "why nobody" that time alone may change.
OTHERS_CHOSEN: Final = "others_chosen"
#: How many guides who lack only a shared language are looked at for one newcomer.
_NEARLY: Final = 5
#: Up to here, databases take a list of people; beyond, everybody is looked up.
_MANY: Final = 500


class Changes(NamedTuple):
    """What a run did to the matcher's own suggestions: how many in which municipality."""

    kept: Counter[int]
    new: Counter[int]
    dropped: Counter[int]


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
    #: Those of them that only the guide's wish for the other kind of request rules out, by newcomer.
    other_kind: dict[str, list[str]]
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
        people = {person.id: person for person in session.exec(select(Person).join(Request).where(_lacking()))}
        ready = {
            number: pair
            for number, pair in profiles.guides(session).items()
            if not eligibility.paused(pair[0], land.today)
        }
        barred_ = pairs | _barred(session, requests, land, now)
        kinds = profiles.of_other_kind(session, land, requests) - barred_
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
            excluded=barred_ | kinds,
            other_kind=_by_newcomer(pair for pair in kinds if pair[1] in ready),
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


def run(session: Session, now: datetime, municipality_id: int | None = None) -> int:
    """Propose for everybody who waits, in one municipality or in all; return how many pairings were suggested."""
    dismiss_stale(session, now, municipality_id)
    return carry_out(session, plan(session, waiting(session, municipality_id), now, reconsider=True), now).new.total()


def waiting(session: Session, municipality_id: int | None = None) -> Sequence[Request]:
    """Return who is proposed for, in one municipality or in all."""
    query = _waiting()
    return session.exec(
        query if municipality_id is None else query.where(Request.municipality_id == municipality_id)
    ).all()


def due(session: Session) -> Sequence[Request]:
    """Return the requests whose next candidate is looked for at once: new ones, and those after a no or a silence."""
    return session.exec(_waiting().where(col(Request.matched_on).is_(None))).all()


def propose(session: Session, requests: Sequence[Request], now: datetime) -> int:
    """Propose guides for `requests`, the best for all of them together; return how many pairings were suggested.

    Where the municipality releases automatically, the guide is asked at once. Who is left without anybody is told why;
    where guides had been asked before, the office takes over.
    """
    if not requests:
        return 0
    return carry_out(session, plan(session, requests, now, reconsider=False), now).new.total()


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
    nobody = {
        newcomer: _with_kinds(this, guides, newcomer, tuning.why(told))
        for (newcomer, guide), told in reasons.items()
        if not guide
    }
    alone = [newcomer for newcomer, why in nobody.items() if why[0]["code"] != OTHERS_CHOSEN]
    return Plan(this, found, chosen + _with_interpreter(this, guides, alone, chosen, offices), nobody)


def _by_newcomer(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for newcomer, guide in pairs:
        found.setdefault(newcomer, []).append(guide)
    return found


def _with_kinds(this: Round, guides: dict[str, Row], newcomer: str, why: Reasons) -> Reasons:
    """Tell a guide's wish for the other kind of request from a no of old: the matcher excludes both alike."""
    if newcomer not in this.other_kind:
        return why
    choosy = [guides[guide] for guide in this.other_kind[newcomer]]
    left = tuning.matcher(Weighing()).left_out(
        this.newcomers[newcomer], choosy, excluded={(newcomer, row["id"]) for row in choosy}
    )
    nearly = sum(codes == ("excluded",) for codes in left.values())
    never_asked = not any(pair[0] == newcomer and pair[1] not in left for pair in this.excluded)
    told: Reasons = []
    for reason in why:
        if reason["code"] == "no_single_change" and never_asked:
            told.append(reason | {"value": reason["value"].replace("excluded", OTHER_KIND)})
        elif reason["code"] == "but_for_excluded" and nearly:
            asked = int(reason["value"].removeprefix("guides=")) - nearly
            told.append({"code": f"but_for_{OTHER_KIND}", "value": f"guides={nearly}"})
            told += [{"code": reason["code"], "value": f"guides={asked}"}] * (asked > 0)
        else:
            told.append(reason)
    return told


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


def carry_out(session: Session, plan: Plan, now: datetime, read_by: Session | None = None) -> Changes:
    """Write a plan: drop, suggest, say why nobody. `read_by` is the session that planned, if it is another one.

    Then everything is read again, and a pair is left for the next run if its newcomer or guide has changed meanwhile.
    """
    this = plan.round
    if read_by is not None and read_by is not session:
        numbers = set(this.requests)
        requests = [request for request in waiting(session) if str(request.id) in numbers]
        this = Round.read(session, requests, now, reconsider=True)
    asked = _asked_in_vain(session)
    dropped: Counter[int] = Counter()
    batch.each(session, plan.dropped, lambda number: _drop(session, number, now, "better_match", dropped))
    kept = [choice for choice in plan.chosen if choice.ids in plan.round.standing]
    # Another job may have suggested somebody to the same newcomer while this plan was made.
    meanwhile = {newcomer for newcomer, _guide in this.standing.keys() - plan.round.standing.keys()}
    fresh = [
        choice
        for choice in plan.chosen
        if choice.ids not in plan.round.standing
        and choice.line.newcomer_id not in meanwhile
        and _unchanged(plan.round, this, choice)
    ]
    kept = [choice for choice in kept if choice.line.newcomer_id in this.requests]
    served = Counter(choice.line.newcomer_id for choice in kept)
    batch.each(session, fresh, lambda choice: _write(session, this, choice, now, served))
    late = {choice.line.newcomer_id for choice in plan.chosen if choice.ids not in plan.round.standing}
    _tell(session, plan, this, served, late, asked)
    stood = Counter(choice.line.newcomer_id for choice in kept)
    return Changes(_at_home(this, stood), _at_home(this, served - stood), dropped)


def _at_home(this: Round, people: Counter[str]) -> Counter[int]:
    """Count by municipality instead of by newcomer."""
    homes: Counter[int] = Counter()
    for number, count in people.items():
        homes[this.requests[number].municipality_id] += count
    return homes


def _unchanged(planned: Round, this: Round, choice: Choice) -> bool:
    newcomer, guide = choice.ids
    return (
        this.newcomers.get(newcomer) == planned.newcomers[newcomer]
        and this.guides.get(guide) == planned.guides[guide]
        and choice.ids not in this.excluded
    )


def _drop(session: Session, pairing_id: int, now: datetime, reason: str, dropped: Counter[int]) -> None:
    pairing = pairings.act(session, pairing_id, Action.DISMISS, SYSTEM, now, reason=reason)
    dropped[pairing.municipality_id] += 1


def _write(session: Session, this: Round, choice: Choice, now: datetime, served: Counter[str]) -> None:
    """Suggest a chosen pair, and ask the guide at once where the municipality wants that; count who got one."""
    request = this.requests[choice.line.newcomer_id]
    guide = session.get_one(Guide, int(choice.line.guide_id))
    pairing = pairings.suggest(
        session, request, guide, SYSTEM, now,
        score=choice.line.score, reasons=choice.reasons, needs_interpreter=choice.needs_interpreter,
    )  # fmt: skip
    automatic = this.land.offices[request.municipality_id].settings.release == "automatic"
    if automatic and not choice.needs_interpreter:
        _release(session, pairing, now)
    served[choice.line.newcomer_id] += 1


def _tell(session: Session, plan: Plan, this: Round, served: Counter[str], hoped: set[str], asked: set[int]) -> None:
    """Note why nobody; whoever misses out only because something changed meanwhile is looked after within a minute."""
    for number, request in this.requests.items():
        request.nobody = [] if served[number] else plan.nobody.get(number, [])
        request.matched_on = None if number in hoped and not served[number] else local_date(this.now)
        session.add(request)
        if (request.id or 0) in asked and request.nobody and request.nobody[0]["code"] != OTHERS_CHOSEN:
            tasks.hand_over(session, Matter.NOBODY_LEFT, request, this.now, why=request.nobody)


def _release(session: Session, pairing: Pairing, now: datetime) -> None:
    """Offer a suggestion; it stays one where the place has gone in the meantime."""
    try:
        with session.begin_nested():
            pairings.act(session, pairing.id or 0, Action.RELEASE, SYSTEM, now)
    except DomainError:
        return


def _lacking() -> ColumnElement[bool]:
    """Requests that lack a guide."""
    return and_(col(Request.state) != RequestState.CLOSED, col(Request.live) < col(Request.places))


def _waiting() -> SelectOfScalar[Request]:
    """Requests to propose for: not while the office is to find out why somebody does not answer."""
    silent = exists().where(
        col(Task.request_id) == Request.id, col(Task.kind) == Matter.NEWCOMER_SILENT, col(Task.closed_at).is_(None)
    )
    kept_only = exists().where(col(Person.id) == Request.person_id, col(Person.restricted_at).is_not(None))
    return select(Request).where(_lacking(), ~silent, ~kept_only).order_by(col(Request.id))


def _asked_in_vain(session: Session) -> set[int]:
    """Return the requests due at once for whose sake somebody was asked before."""
    query = select(Pairing.request_id).join(Request).where(col(Request.matched_on).is_(None))
    return set(session.exec(query.where(col(Pairing.state).not_in({State.SUGGESTED, State.DISMISSED}))))


def dismiss_stale(session: Session, now: datetime, municipality_id: int | None = None) -> Counter[int]:
    """Dismiss the matcher's own suggestions that a change has overtaken: no place, no clearance, other wishes."""
    land, matcher, guides = Land.read(session, now), tuning.matcher(Weighing()), profiles.guides(session)
    bars = barred.between(session, land.offices, now)
    query = (
        select(Pairing, Request, Person)
        .join(Request, col(Request.id) == Pairing.request_id)
        .join(Person, col(Person.id) == Request.person_id)
        .where(Pairing.state == State.SUGGESTED, col(Pairing.chosen_by_id).is_(None))
    )
    if municipality_id is not None:
        query = query.where(Pairing.municipality_id == municipality_id)

    def stale(pairing: Pairing, request: Request, person: Person) -> bool:
        known = guides[str(pairing.guide_id)]
        told = matcher.explain(land.newcomer(request, person), land.guide(*known))
        if request.too_late(land.today) or not known[0].takes.suits(request.kind):
            return True
        fits = told.feasible or (pairing.needs_interpreter and told.needs_interpreter)
        return not fits or (request.person_id, pairing.guide_id) in bars

    overtaken: Iterable[int] = [row[0].id or 0 for row in session.exec(query).all() if stale(*row)]
    dropped: Counter[int] = Counter()
    batch.each(session, overtaken, lambda number: _drop(session, number, now, "not_suitable", dropped))
    return dropped
