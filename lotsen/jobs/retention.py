"""Daily: what is past its period is deleted or emptied, and the database file forgets it."""

from collections.abc import Callable
from datetime import datetime
from threading import Event

from flask import Flask

from lotsen import db
from lotsen.jobs.outcome import Outcome
from lotsen.services import batch
from lotsen.services import retention as periods


def retention(app: Flask, clock: Callable[[], datetime], _stop: Event) -> Outcome:
    """Follow the table of periods; only counts are noted."""
    with app.app_context():
        with db.transaction() as session:
            done = periods.run(session, clock())
            errors = batch.failures(session)
        db.database().scrub()
    return Outcome(done.total(), len(errors), errors[0] if errors else None)
