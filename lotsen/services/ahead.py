"""What the use case for each of many pairings will ask for, read by a few queries for all of them.

A session finds what it has read again by its number, but holds it only as long as somebody else does.
"""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlmodel import Session, SQLModel, col, select

from lotsen.models import CheckIn, Guide, Municipality, Pairing, Person, Request


def of_pairings(session: Session, pairings: Iterable[Pairing]) -> Sequence[SQLModel]:
    """Return the requests, guides, people and offices of some pairings, to be held while these are worked on."""
    pairings = list(pairings)
    requests = _all(session, Request, {pairing.request_id for pairing in pairings})
    guides = _all(session, Guide, {pairing.guide_id for pairing in pairings})
    people = _all(session, Person, {file.person_id for file in (*requests, *guides)})
    return [*requests, *guides, *people, *_all(session, Municipality, {each.municipality_id for each in pairings})]


def of_numbers(session: Session, numbers: Iterable[int]) -> Sequence[SQLModel]:
    """Return the pairings of these numbers, and what `of_pairings` returns for them."""
    pairings = _all(session, Pairing, set(numbers))
    return [*pairings, *of_pairings(session, pairings)]


def of_asked(session: Session, asked: Iterable[tuple[CheckIn, Pairing]]) -> Sequence[SQLModel]:
    """Return what `of_pairings` does for those that are asked something."""
    return of_pairings(session, (pairing for _checkin, pairing in asked))


def of_notices(session: Session, due: Iterable[tuple[Guide, int]]) -> Sequence[SQLModel]:
    """Return the people and offices of guides to whom something is to be said."""
    guides = [guide for guide, _days in due]
    offices = _all(session, Municipality, {guide.municipality_id for guide in guides})
    return [*_all(session, Person, {guide.person_id for guide in guides}), *offices]


def _all(session: Session, model: Any, numbers: set[int]) -> Sequence[Any]:
    return session.exec(select(model).where(col(model.id).in_(numbers))).all()
