"""Every minute: files that offices brought, a portion of rows in each transaction, until nothing is left."""

from collections.abc import Callable
from datetime import datetime
from threading import Event

import structlog
from flask import Flask

from lotsen import db
from lotsen.jobs.outcome import Outcome
from lotsen.services import imports

_log = structlog.get_logger()


def take_over(app: Flask, clock: Callable[[], datetime], stop: Event) -> Outcome:
    """Check, store or undo what offices asked for; done are the portions."""
    done, errors = 0, list[str]()
    with app.app_context():
        with db.database().reading() as session:
            waiting = imports.under_way(session)
        for number in waiting:
            left = 1
            try:
                while left and not stop.is_set():
                    with db.transaction() as session:
                        left = imports.advance(session, number, clock())
                    done += 1
            except Exception as error:
                _log.error("file not taken over", kind=type(error).__name__)
                errors.append(type(error).__name__)
    return Outcome(done, len(errors), errors[0] if errors else None)
