"""The door to the matcher: candidates for one request, one pair checked, proposals for everybody who waits.

The matcher is loaded when it is first needed: scikit-learn would double the start of every process.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Final, Self

from sqlmodel import Session, select

from lotsen.models import Guide, Pairing, Person, Request
from lotsen.rules import eligibility
from lotsen.rules.pairing import State
from lotsen.services import barred, profiles
from lotsen.services.profiles import Land
from lotsen.services.ready import Ready

if TYPE_CHECKING:
    from matching import Guides, Matcher, Newcomers

#: How many candidates the office sees.
TOP: Final = 5

Reasons = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A guide who fits, or lacks nothing but a shared language; `pairing_id` where the pair is suggested already."""

    guide: Guide
    person: Person
    score: float
    reasons: Reasons
    needs_interpreter: bool
    pairing_id: int | None


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A guide who does not fit, with the codes of what stands in the way."""

    guide: Guide
    person: Person
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Candidates:
    """The best first; those left out by how little stands in the way."""

    top: list[Candidate]
    left_out: list[LeftOut]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One pair under the hard rules; `needs_interpreter` where a shared language is all that lacks."""

    feasible: bool
    needs_interpreter: bool
    violations: tuple[str, ...]
    score: float
    reasons: Reasons


@dataclass(frozen=True, slots=True)
class Around:
    """The guides who may serve an office's newcomers, and what it scores by: read once for many of them."""

    now: datetime
    land: Land
    known: dict[str, tuple[Guide, Person]]
    volunteers: "Guides"
    matcher: "Matcher"

    @classmethod
    def read(cls, session: Session, municipality_id: int, now: datetime) -> Self:
        """Read an office's guides, and those of agreed neighbours; nobody whose data are only kept."""
        from lotsen.services import tuning  # noqa: PLC0415 -- see the module's docstring
        from matching import Guides  # noqa: PLC0415 -- see the module's docstring

        land = Land.near(session, municipality_id, now)
        everybody = profiles.guides(session, land.around(municipality_id))
        known = {number: pair for number, pair in everybody.items() if pair[1].restricted_at is None}
        volunteers = Guides.read([land.guide(*pair) for pair in known.values()])
        return cls(now, land, known, volunteers, tuning.matcher(land.offices[municipality_id].settings.weighing))

    def newcomer(self, session: Session, request: Request) -> "Newcomers":
        """Return the one who asks, as the matcher takes it."""
        from matching import Newcomers  # noqa: PLC0415 -- see the module's docstring

        return Newcomers.read([self.land.newcomer(request, session.get_one(Person, request.person_id))])

    def barred(self, session: Session, request: Request) -> dict[str, str]:
        """Return why some of the guides must not be proposed for `request`."""
        bars = barred.between(session, self.land.offices, self.now, {request.person_id})
        return {str(guide): code for (_, guide), code in bars.items()}

    def lacking(self, newcomer: "Newcomers", why: dict[str, str]) -> dict[str, tuple[str, ...]]:
        """Return for each guide what stands between them and a newcomer, nothing if they fit; `why` is `barred`."""
        excluded = {(newcomer.ids[0], guide) for guide in why}
        broken = self.matcher.left_out(newcomer, self.volunteers, excluded=excluded)
        return {
            guide: _codes(codes, self.known[guide][0], why.get(guide), self.land.today)
            for guide, codes in broken.items()
        }


def candidates(session: Session, request: Request, now: datetime) -> Candidates:
    """Return the best guides for `request` from its municipality and agreed neighbours, and why not the others."""
    from lotsen.services import tuning  # noqa: PLC0415 -- see the module's docstring

    around = Around.read(session, request.municipality_id, now)
    land, known, volunteers, matcher = around.land, around.known, around.volunteers, around.matcher
    newcomer, why_barred = around.newcomer(session, request), around.barred(session, request)
    excluded = {(str(request.id), guide) for guide in why_barred}
    fitting = matcher.suggest(newcomer, volunteers, top=TOP, excluded=excluded).pairs
    nearly = matcher.with_interpreter(newcomer, volunteers, top=TOP, excluded=excluded)
    suggested = _suggested(session, request)
    top = [
        Candidate(
            *known[line.guide_id],
            line.score,
            tuning.plain(matcher.explain(newcomer, land.guide(*known[line.guide_id])).reasons),
            needs_interpreter=line not in fitting,
            pairing_id=suggested.get(line.guide_id),
        )
        for line in [*fitting, *nearly][:TOP]
    ]
    shown = {str(candidate.guide.id) for candidate in top}
    lacking = around.lacking(newcomer, why_barred)
    left_out = [
        LeftOut(*pair, lacking[guide]) for guide, pair in known.items() if lacking[guide] and guide not in shown
    ]
    return Candidates(top, sorted(left_out, key=lambda left: len(left.codes)))


def at_once(session: Session, ready: Ready, request: Request, now: datetime) -> list[tuple[int, float]]:
    """Return the best guides' ids and scores for `request`, best first, from those that the process keeps ready."""
    land = Land.near(session, request.municipality_id, now)
    newcomer = land.newcomer(request, session.get_one(Person, request.person_id))
    bars = barred.between(session, land.offices, now, {request.person_id})
    excluded = {(newcomer["id"], str(guide)) for _, guide in bars}
    best = ready.top(session, land, request.municipality_id, newcomer, excluded, TOP)
    return [(int(line.guide_id), line.score) for line in best]


def standing(session: Session, request: Request, guide: Guide, score: float, now: datetime) -> tuple[int, int]:
    """Return the rank that a guide with `score` has among those who fit `request` now, and how many these are."""
    from lotsen.services import tuning  # noqa: PLC0415 -- see the module's docstring

    land = Land.near(session, request.municipality_id, now)
    rows = [land.guide(*pair) for pair in profiles.guides(session, land.around(request.municipality_id)).values()]
    bars = barred.between(session, land.offices, now, {request.person_id})
    excluded = {(str(request.id), str(other)) for _, other in bars} | {(str(request.id), str(guide.id))}
    newcomer = land.newcomer(request, session.get_one(Person, request.person_id))
    matcher = tuning.matcher(land.offices[request.municipality_id].settings.weighing)
    others = [line.score for line in matcher.best([newcomer], rows, len(rows) + 1, excluded=excluded)]
    return 1 + sum(other > score for other in others), 1 + len(others)


def run(session: Session, now: datetime, municipality_id: int | None = None) -> int:
    """Propose for everybody who waits, in one municipality or in all; return how many pairings were suggested."""
    from lotsen.services import proposals  # noqa: PLC0415 -- see the module's docstring

    return proposals.run(session, now, municipality_id)


def propose_due(session: Session, now: datetime) -> int:
    """Propose for the requests whose next candidate is looked for at once; return how many pairings were suggested."""
    from lotsen.services import proposals  # noqa: PLC0415 -- see the module's docstring

    return proposals.propose(session, proposals.due(session), now)


def check(session: Session, request: Request, guide: Guide, now: datetime) -> Verdict:
    """Check one pair, as the office chooses it by hand: a silence or a dismissal of old is no obstacle then."""
    from lotsen.services import tuning  # noqa: PLC0415 -- see the module's docstring

    land = Land.read(session, now)
    bars = barred.between(session, land.offices, now, {request.person_id})
    why = bars.get((request.person_id, guide.id or 0))
    matcher = tuning.matcher(land.offices[request.municipality_id].settings.weighing)
    told = matcher.explain(
        land.newcomer(request, session.get_one(Person, request.person_id)),
        land.guide(guide, session.get_one(Person, guide.person_id)),
        excluded=() if why is None or why in barred.BY_HAND else {(str(request.id), str(guide.id))},
    )
    codes = _codes(told.violated, guide, why, land.today)
    return Verdict(told.feasible, told.needs_interpreter, codes, told.score, tuning.plain(told.reasons))


def _suggested(session: Session, request: Request) -> dict[str, int]:
    """Return the suggestions for `request`: pairing by guide."""
    query = select(Pairing).where(Pairing.request_id == request.id, Pairing.state == State.SUGGESTED)
    return {str(pairing.guide_id): pairing.id or 0 for pairing in session.exec(query)}


def _codes(broken: tuple[str, ...], guide: Guide, why_barred: str | None, today: date) -> tuple[str, ...]:
    """Put our own codes where they are more exact: what a guide still lacks, why a pair is barred."""
    if "guide_not_cleared" not in broken and "excluded" not in broken:  # as of most of an office's guides
        return broken
    ready = ["guide_not_cleared"] * (not eligibility.cleared(guide)) + ["paused"] * eligibility.paused(guide, today)
    exact = {"guide_not_cleared": ready, "excluded": [why_barred or "excluded"]}
    return tuple(code for each in broken for code in exact.get(each, [each]))
