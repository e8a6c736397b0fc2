"""The one place that asks what time it is: web, jobs and commands ask here, services are told."""

from datetime import UTC, datetime


def now() -> datetime:
    """Return this moment, aware, in UTC."""
    return datetime.now(UTC)
