"""Logs: one JSON object a line on standard error; kinds and numbers, never names, addresses or texts of people."""

import sys
from typing import Any

import structlog


def configure() -> None:
    """Set the one form that every process logs in."""
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=_logger,
    )


def _logger(*_args: Any) -> structlog.PrintLogger:
    return structlog.PrintLogger(sys.stderr)
