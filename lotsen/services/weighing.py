"""A municipality's weights and limits: tried on today's people before they are saved."""

from datetime import datetime
from typing import Final, NamedTuple

from sqlmodel import Session

from lotsen.models import Event, Municipality
from lotsen.rules.errors import NotFound
from lotsen.rules.settings import Weighing
from lotsen.services.actor import Actor

CHANGED: Final = "weighing_changed"


class Outcome(NamedTuple):
    """What a run would do with some settings: people placed, pairs chosen, their mean chance (0 to 1)."""

    placed: int
    chosen: int
    score: float


class Preview(NamedTuple):
    """The same people with the settings in use and with others; `same` pairs are chosen by both."""

    waiting: int
    now: Outcome
    then: Outcome
    same: int


def preview(session: Session, actor: Actor, tried: Weighing, now: datetime) -> Preview:
    """Match the people of the actor's office twice in memory; nothing is stored."""
    from lotsen.services import planning, proposals  # noqa: PLC0415 -- they load the matcher

    office = _office(session, actor)
    this = planning.Round.read(session, proposals.waiting(session, office.id), now, reconsider=True)
    plans = [planning.solve(this, {}), planning.solve(this, {office.id or 0: tried})]
    chosen = [{choice.ids: choice.line.score for choice in plan.chosen} for plan in plans]
    before, after = (
        Outcome(len({newcomer for newcomer, _ in pairs}), len(pairs), sum(pairs.values()) / max(1, len(pairs)))
        for pairs in chosen
    )
    return Preview(len(this.newcomers), before, after, len(chosen[0].keys() & chosen[1].keys()))


def save(session: Session, actor: Actor, tried: Weighing, now: datetime) -> None:
    """Use other weights and limits from now on, and note who changed what; a radius is each guide's own to widen."""
    office = _office(session, actor, lock=True)
    tried = tried.model_copy(update={"extra_radius_km": 0})
    before = office.settings.weighing
    changed = [
        f"{name} {getattr(before, name):g} → {getattr(tried, name):g}"
        for name in Weighing.model_fields
        if getattr(before, name) != getattr(tried, name)
    ]
    if not changed:
        return
    office.settings_changes = office.settings_changes | {"weighing": tried.model_dump(exclude_defaults=True)}
    session.add(office)
    session.add(
        Event(
            at=now, municipality_id=office.id or 0, what=CHANGED, side=actor.side, account_id=actor.account_id,
            note="; ".join(changed),
        )
    )  # fmt: skip


def _office(session: Session, actor: Actor, *, lock: bool = False) -> Municipality:
    """The actor's own office; its row locked where it is changed, so that other settings are not overwritten."""
    number = actor.municipality_id
    office = session.get(Municipality, number, with_for_update=lock or None) if number else None
    if office is None:
        raise NotFound
    return office
