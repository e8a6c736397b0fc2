"""GET /metrics for Prometheus: with the bearer token alone, and nothing personal: counts, durations, ages."""

import hmac
import os
from collections.abc import Iterator
from typing import Final

from flask import Blueprint, Response, abort, current_app, request
from flask.typing import ResponseReturnValue
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, CollectorRegistry, Histogram, generate_latest
from prometheus_client.metrics_core import GaugeMetricFamily, Metric
from prometheus_client.multiprocess import MultiProcessCollector

from lotsen import db
from lotsen.access import PUBLIC, audience
from lotsen.clock import now
from lotsen.config import Config
from lotsen.security import also_without_tls
from lotsen.services import operation

bp = Blueprint("metrics", __name__)

#: By endpoint, never by address: addresses hold numbers of people's files.
SECONDS: Final = Histogram(
    "lotsen_request_seconds",
    "Time to answer a request, by endpoint, method and status.",
    ("endpoint", "method", "status"),
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1.0, 2.5, 10.0),
)


@bp.get("/metrics")
@audience(PUBLIC)
@also_without_tls
def metrics() -> ResponseReturnValue:
    """Answer whoever brings the token; to others the page does not exist."""
    config: Config = current_app.extensions["lotsen_config"]
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    if not config.metrics_token or not hmac.compare_digest(given.encode(), config.metrics_token.encode()):
        abort(404)
    registry = CollectorRegistry()
    registry.register(Database())
    return Response(generate_latest(_measured()) + generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _measured() -> CollectorRegistry:
    """Return what was measured: of all workers that share a folder (deploy/gunicorn.conf.py), else of this."""
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return REGISTRY
    together = CollectorRegistry()
    MultiProcessCollector(together)  # type: ignore[no-untyped-call]  # prometheus_client ships it untyped
    return together


class Database:
    """What the database says at the moment of asking."""

    def collect(self) -> Iterator[Metric]:
        """Yield mails by state, how long the oldest waits, and each job's age."""
        session, moment = db.reading(), now()
        mails = GaugeMetricFamily("lotsen_mails", "Mails in the outbox by state.", labels=("state",))
        for state, count in operation.outbox(session).items():
            mails.add_metric((state,), count)
        yield mails
        oldest = operation.oldest_due(session, moment)
        waiting = (moment - oldest).total_seconds() if oldest else 0.0
        yield GaugeMetricFamily("lotsen_mail_waiting_seconds", "How long the oldest due mail waits.", value=waiting)
        jobs = current_app.extensions["lotsen_jobs"]
        ages = GaugeMetricFamily("lotsen_job_age_seconds", "Time since a job's last run began.", labels=("job",))
        late = GaugeMetricFamily("lotsen_job_overdue", "Whether a job is overdue or has failed.", labels=("job",))
        last = operation.last_runs(session, [job.name for job in jobs])
        for job in jobs:
            run = last.get(job.name)
            if run is not None:
                ages.add_metric((job.name,), (moment - run.started_at).total_seconds())
            late.add_metric((job.name,), operation.overdue(run, job.schedule.slot(moment), moment))
        yield ages
        yield late
