"""The Land's figures: a quarter is counted when it is over, what may be published of it is frozen, the rest forgotten.

Live figures are never shown: whoever sees two days' figures could subtract them. Later corrections and erasures change
nothing that is frozen.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from sqlmodel import Session, col, func, select

from lotsen.models import QuarterFigures, Request
from lotsen.rules.figures import By, Figure, Measure, publish
from lotsen.rules.quarters import Quarter, last_closed
from lotsen.services import offices
from lotsen.services.tally import count, count_ratings

#: Quarters that a new installation, or one that stood still, catches up on.
BACK: Final = 8

Within = tuple[By, str]
Key = tuple[Measure, By, str, By, str]
#: A figure that is narrowed no further.
WHOLE: Final[Within] = (By.LAND, "")


@dataclass(frozen=True, slots=True)
class Report:
    """A quarter's published figures beside those of the quarter before."""

    quarter: Quarter
    frozen_at: datetime
    #: Official code -> name.
    municipalities: Mapping[str, str]
    figures: list[Figure]
    values: Mapping[Key, int | None] = field(default_factory=dict)
    #: Empty where the quarter before is not known.
    before: Mapping[Key, int | None] = field(default_factory=dict)

    def value(self, measure: Measure, by: By = By.LAND, group: str = "", within: Within = WHOLE) -> int | None:
        """Return one figure; None where it is not published."""
        return self.values.get((measure, by, group, *within))

    def last(self, measure: Measure, by: By = By.LAND, group: str = "", within: Within = WHOLE) -> int | None:
        """Return the same figure of the quarter before."""
        return self.before.get((measure, by, group, *within))

    def groups(self, measure: Measure, by: By) -> list[str]:
        """Return the groups that a measure is broken down by, in their order."""
        return [each.group for each in self.figures if (each.measure, each.by, each.within) == (measure, by, By.LAND)]


def freeze(session: Session, now: datetime) -> list[Quarter]:
    """Freeze each quarter that is over and not frozen yet; return them. A second time it does nothing."""
    known = offices.everyone(session)
    earliest = session.exec(select(func.min(Request.created_at))).one()
    if not known or earliest is None:
        return []
    quarters = [last_closed(now)]
    while len(quarters) < BACK and quarters[-1].begins > earliest:
        quarters.append(quarters[-1].previous)
    frozen = set(session.exec(select(QuarterFigures.quarter)))
    due = [each for each in reversed(quarters) if str(each) not in frozen and each.ends > earliest]
    for quarter in due:
        tally = count(session, quarter)
        if quarter == quarters[0]:  # ratings bear no date: today's are none of an earlier quarter's
            count_ratings(session, tally)
        figures = publish(tally, [office.code for office in known])
        names = {office.code: office.name for office in known}
        rows = [list(figure) for figure in figures]
        session.add(QuarterFigures(quarter=str(quarter), frozen_at=now, municipalities=names, figures=rows))
    session.flush()
    return due


def quarters(session: Session) -> list[Quarter]:
    """Return the quarters whose figures are published, the latest first."""
    found = session.exec(select(QuarterFigures.quarter).order_by(col(QuarterFigures.quarter).desc()))
    return [quarter for written in found if (quarter := Quarter.read(written))]


def report(session: Session, quarter: Quarter) -> Report | None:
    """Return what is published of a quarter, and of the one before it; None where nothing is."""
    both = (str(quarter), str(quarter.previous))
    query = select(QuarterFigures).where(col(QuarterFigures.quarter).in_(both))
    rows = {row.quarter: row for row in session.exec(query)}
    here, before = rows.get(both[0]), rows.get(both[1])
    if here is None:
        return None
    figures = _figures(here)
    return Report(quarter, here.frozen_at, here.municipalities, figures, _values(figures), _values(_figures(before)))


def _figures(row: QuarterFigures | None) -> list[Figure]:
    stored = row.figures if row else []
    return [
        Figure(Measure(measure), By(by), group, value, *_within(*further))
        for measure, by, group, value, *further in stored
    ]


def _within(by: str = By.LAND, group: str = "") -> Within:
    """Read what a figure is narrowed to; rows that were stored before there was such a thing say nothing of it."""
    return By(by), group


def _values(figures: list[Figure]) -> dict[Key, int | None]:
    return {(each.measure, each.by, each.group, each.within, each.within_group): each.value for each in figures}
