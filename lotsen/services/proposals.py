"""Proposals for everybody who waits: planned from what is there, then carried out in one short transaction."""

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from sqlmodel import Session, col, exists, select
from sqlmodel.sql.expression import SelectOfScalar

from lotsen.models import Guide, Pairing, Person, Request, Task
from lotsen.rules.calendar import local_date
from lotsen.rules.errors import DomainError
from lotsen.rules.handover import Matter
from lotsen.rules.pairing import Action, State
from lotsen.rules.settings import Weighing
from lotsen.services import ahead, barred, batch, planning, profiles, tasks, tuning
from lotsen.services import pairing as pairings
from lotsen.services.actor import SYSTEM
from lotsen.services.planning import Choice, Plan, Round
from lotsen.services.profiles import Land


class Changes(NamedTuple):
    """What a run did to the matcher's own suggestions: how many in which municipality."""

    kept: Counter[int]
    new: Counter[int]
    dropped: Counter[int]


def run(session: Session, now: datetime, municipality_id: int | None = None) -> int:
    """Propose for everybody who waits, in one municipality or in all; return how many pairings were suggested."""
    dismiss_stale(session, now, municipality_id)
    plan = planning.plan(session, waiting(session, municipality_id), now, reconsider=True)
    return carry_out(session, plan, now).new.total()


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
    return carry_out(session, planning.plan(session, requests, now, reconsider=False), now).new.total()


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
    batch.each(
        session, plan.dropped, lambda number: _drop(session, number, now, "better_match", dropped), ahead.of_numbers
    )
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
    batch.each(session, fresh, lambda choice: _write(session, this, choice, now, served), _guides_of)
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


def _guides_of(session: Session, choices: list[Choice]) -> object:
    return profiles.guides(session, numbers={int(choice.line.guide_id) for choice in choices})


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
        if (request.id or 0) in asked and request.nobody and request.nobody[0]["code"] != planning.OTHERS_CHOSEN:
            tasks.hand_over(session, Matter.NOBODY_LEFT, request, this.now, why=request.nobody)


def _release(session: Session, pairing: Pairing, now: datetime) -> None:
    """Offer a suggestion; it stays one where the place has gone in the meantime."""
    try:
        with session.begin_nested():
            pairings.act(session, pairing.id or 0, Action.RELEASE, SYSTEM, now)
    except DomainError:
        return


def _waiting() -> SelectOfScalar[Request]:
    """Requests to propose for: not while the office is to find out why somebody does not answer."""
    silent = exists().where(
        col(Task.request_id) == Request.id, col(Task.kind) == Matter.NEWCOMER_SILENT, col(Task.closed_at).is_(None)
    )
    kept_only = exists().where(col(Person.id) == Request.person_id, col(Person.restricted_at).is_not(None))
    return select(Request).where(planning.lacking(), ~silent, ~kept_only).order_by(col(Request.id))


def _asked_in_vain(session: Session) -> set[int]:
    """Return the requests due at once for whose sake somebody was asked before."""
    query = select(Pairing.request_id).join(Request).where(col(Request.matched_on).is_(None))
    return set(session.exec(query.where(col(Pairing.state).not_in({State.SUGGESTED, State.DISMISSED}))))


def dismiss_stale(session: Session, now: datetime, municipality_id: int | None = None) -> Counter[int]:
    """Dismiss the matcher's own suggestions that a change has overtaken: no place, no clearance, other wishes."""
    dropped: Counter[int] = Counter()
    overtaken = _overtaken(session, now, municipality_id)
    batch.each(
        session, overtaken, lambda number: _drop(session, number, now, "not_suitable", dropped), ahead.of_numbers
    )
    return dropped


def _overtaken(session: Session, now: datetime, municipality_id: int | None) -> list[int]:
    """Return their numbers alone: each update looks through all rows that a session holds, and here all are read."""
    land, matcher = Land.read(session, now), tuning.matcher(Weighing())
    bars = barred.between(session, land.offices, now)
    query = (
        select(Pairing, Request, Person)
        .join(Request, col(Request.id) == Pairing.request_id)
        .join(Person, col(Person.id) == Request.person_id)
        .where(Pairing.state == State.SUGGESTED, col(Pairing.chosen_by_id).is_(None))
    )
    if municipality_id is not None:
        query = query.where(Pairing.municipality_id == municipality_id)
    standing = session.exec(query).all()
    guides = profiles.guides(session, numbers={pairing.guide_id for pairing, _request, _person in standing})

    def stale(pairing: Pairing, request: Request, person: Person) -> bool:
        known = guides[str(pairing.guide_id)]
        told = matcher.explain(land.newcomer(request, person), land.guide(*known))
        if request.too_late(land.today):
            return True
        fits = told.feasible or (pairing.needs_interpreter and told.needs_interpreter)
        return not fits or (request.person_id, pairing.guide_id) in bars

    return [row[0].id or 0 for row in standing if stale(*row)]
