"""Somebody is looked for in one municipality: by name however it is spelled, telephone, e-mail or code. Read only.

Names are looked up by their keys (`rules.names`): candidates come from an index, the best stand first. What was typed
is never stored, and stands in no address and no log.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, or_
from sqlmodel import Session, col, select

from lotsen import crypto
from lotsen.models import Account, Guide, NameKey, Person, Referral, Request
from lotsen.rules import names
from lotsen.rules.answers import fold_digits

#: So many are shown; so many are compared at most.
SHOWN: Final = 20
_COMPARED: Final = 3000
#: So many digits are part of a telephone number.
_DIGITS: Final = 5
#: Those who are found by something of theirs alone come before those whose name is alike.
_EXACT: Final = 10.0


@dataclass(slots=True, kw_only=True)
class Found:
    """Somebody who fits what was typed; their newest request, or their guide's file."""

    person_id: int
    first_name: str
    last_name: str
    town: str
    languages: dict[str, str]
    score: float = 0.0
    request: Request | None = None
    guide: Guide | None = None
    #: Found by telephone, e-mail or a code: not by the name.
    exact: bool = field(default=False)


def look_up(session: Session, municipality_id: int, typed: str) -> list[Found]:
    """Return an office's people who fit what was typed, the best first."""
    exact = set(session.exec(_by_contact(municipality_id, typed)))
    candidates = exact | _by_name(session, municipality_id, typed)
    alike = cache(names.alike)  # for this search alone: names of people stay nowhere
    found = [_scored(row, typed, exact, alike) for row in _people(session, municipality_id, candidates)]
    best = sorted(found, key=lambda each: (-each.score, each.last_name, each.first_name, each.person_id))[:SHOWN]
    _add_files(session, best)
    return [each for each in best if each.request or each.guide]


def _by_name(session: Session, municipality_id: int, typed: str) -> set[int]:
    wanted = names.keys(typed)
    if not wanted:
        return set()
    begins = [and_(col(NameKey.key) >= key, col(NameKey.key) < key + "~") for key in wanted if _typed(key)]
    sounds = col(NameKey.key).in_(wanted)
    found = set(session.exec(_keys(municipality_id, or_(sounds, *begins))))
    return found or _by_slip(session, municipality_id, wanted)


def _typed(key: str) -> bool:
    """Whether a key is what was typed, long enough to be the beginning of a name."""
    return len(key) > 1 and key == key.lower()


def _by_slip(session: Session, municipality_id: int, wanted: set[str]) -> set[int]:
    """Where nobody's name sounds like it: people whose name does but for one sound; the first one is heard right."""
    sounds = {key for key in wanted if len(key) > 2 and not _typed(key)}
    if not sounds:
        return set()
    nearby = [
        and_(col(NameKey.key) >= key[0], col(NameKey.key) < key[0] + "~",
             func.length(NameKey.key).between(len(key) - 1, len(key) + 1))
        for key in sounds
    ]  # fmt: skip
    query = select(NameKey.key).distinct().where(NameKey.municipality_id == municipality_id, or_(*nearby))
    alike = [key for key in session.exec(query) if any(names.one_slip(sound, key) for sound in sounds)]
    return set(session.exec(_keys(municipality_id, col(NameKey.key).in_(alike))))


def _keys(municipality_id: int, condition: ColumnElement[bool]) -> Any:
    query = select(NameKey.person_id).distinct().where(NameKey.municipality_id == municipality_id, condition)
    return query.limit(_COMPARED)


def _by_contact(municipality_id: int, typed: str) -> Any:
    """The people of an office whose telephone number, e-mail address, status code or file sign this is."""
    text = typed.strip()
    fits: list[Any] = [
        col(Person.id).in_(select(Account.person_id).where(Account.code_digest == crypto.code_digest(text))),
        col(Person.id).in_(
            select(Request.person_id).join(Referral).where(Referral.reference == text, Referral.reference != "")
        ),
    ]
    digits = "".join(sign for sign in fold_digits(text) if sign.isascii() and sign.isdigit())
    if len(digits) >= _DIGITS and not any(sign.isalpha() for sign in text):
        fits.append(col(Person.phone).contains(digits.removeprefix("0049").lstrip("0").removeprefix("49")))
    if "@" in text:
        fits.append(col(Person.email).istartswith(text, autoescape=True))
    return select(Person.id).where(Person.municipality_id == municipality_id, or_(*fits)).limit(SHOWN)


def _people(session: Session, municipality_id: int, candidates: Iterable[int]) -> Any:
    query = select(Person.id, Person.first_name, Person.last_name, Person.town, Person.languages)  # type: ignore[call-overload]  # SQLModel's types end at four columns
    query = query.where(Person.municipality_id == municipality_id, col(Person.erased_at).is_(None))
    return session.exec(query.where(col(Person.id).in_(candidates)))


def _scored(row: Any, typed: str, exact: set[int], alike: Callable[[str, str], float]) -> Found:
    found = Found(
        person_id=row.id, first_name=row.first_name, last_name=row.last_name, town=row.town, languages=row.languages,
        exact=row.id in exact,
    )  # fmt: skip
    found.score = _EXACT if found.exact else names.likeness(typed, f"{row.first_name} {row.last_name}", alike)
    return found


def _add_files(session: Session, people: list[Found]) -> None:
    by_person = {each.person_id: each for each in people}
    requests = select(Request).where(col(Request.person_id).in_(by_person)).order_by(col(Request.created_at))
    for request in session.exec(requests):
        by_person[request.person_id].request = request
    for guide in session.exec(select(Guide).where(col(Guide.person_id).in_(by_person))):
        by_person[guide.person_id].guide = guide
