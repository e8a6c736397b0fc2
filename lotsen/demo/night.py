"""Last night's run of the matcher, with its report, as the offices find it in the morning."""

from datetime import datetime
from time import perf_counter

from sqlmodel import Session

from lotsen.services import match_report, match_runs, planning, proposals
from lotsen.services.actor import SYSTEM


def run(session: Session, now: datetime) -> None:
    """Propose for everybody who waits, as the nightly job does."""
    match_runs.queue(session, SYSTEM, now)
    night = match_runs.claim(session, now)
    assert night is not None
    begun = perf_counter()
    gone = proposals.dismiss_stale(session, now)
    plan = planning.plan(session, proposals.waiting(session), now, reconsider=True)
    changes = proposals.carry_out(session, plan, now)
    changes.dropped.update(gone)
    match_runs.finish(session, night, now, *match_report.report(plan, None, changes, perf_counter() - begun))
