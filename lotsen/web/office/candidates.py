"""Who could accompany somebody: the best, those whom the office may choose by hand, and why others were left out."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final

from flask_babel import gettext as _

from lotsen import db
from lotsen.clock import now
from lotsen.rules.vocabulary import RequestState
from lotsen.services import barred, people, suggestion
from lotsen.services.casefile import RequestFile
from lotsen.services.suggestion import Candidate, LeftOut
from lotsen.web.forms.choices import Choices
from lotsen.web.office.present import percent

#: What does not keep the office from choosing somebody by hand.
_SURMOUNTABLE: Final = {"no_shared_language", *barred.BY_HAND}


@dataclass(frozen=True, slots=True)
class Shown:
    """Candidates as the person's page shows them; nothing where nobody is looked for."""

    looking: bool = False
    top: list[Candidate] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    #: How many guides each obstacle keeps out, the most frequent first.
    obstacles: list[tuple[str, int]] = field(default_factory=list)
    choices: Choices = field(default_factory=list)


def of(file: RequestFile) -> Shown:
    """Return the candidates for a request that still needs a guide."""
    request = file.request
    if request.state is RequestState.CLOSED or request.live >= request.places:
        return Shown()
    found = suggestion.candidates(db.reading(), request, now())
    obstacles = Counter(code for left in found.left_out for code in left.codes)
    return Shown(True, found.top, found.left_out, obstacles.most_common(), _choices(file, found.top, found.left_out))


def everybody(file: RequestFile) -> Choices:
    """Return every guide who may be chosen by hand; the rules are checked when the choice is carried out."""
    return of(file).choices


def _choices(file: RequestFile, top: list[Candidate], left_out: list[LeftOut]) -> Choices:
    best = [(str(each.guide.id), _label(each.person.first_name, each.person.town, percent(each.score))) for each in top]
    shut = {left.guide.id for left in left_out if not set(left.codes) <= _SURMOUNTABLE}
    known = {each.guide.id for each in top}
    named = people.ready_guides(db.reading(), file.request.municipality_id)
    others = [(str(who.id), _label(who.first_name, who.town)) for who in named if who.id not in shut | known]
    return best + others


def _label(name: str, town: str, chance: str = "") -> str:
    return _("%(name)s, %(town)s (%(chance)s)", name=name, town=town, chance=chance) if chance else f"{name}, {town}"
