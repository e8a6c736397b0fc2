"""Logs: one JSON object a line on standard error; kinds and numbers, never names, addresses or texts of people."""

import sys
import traceback
from typing import Any

import structlog

from lotsen.config import ROOT


def configure() -> None:
    """Set the one form that every process logs in. What is bound to the request stands in each of its lines."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.JSONRenderer(),
        ],
        logger_factory=_logger,
    )


def places(error: BaseException) -> list[str]:
    """Return where in our own code `error` came from, outermost first: files and lines, no values, no message."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if frame.filename.startswith(str(ROOT)) and "/.venv/" not in frame.filename]
    return [f"{frame.filename.removeprefix(f'{ROOT}/')}:{frame.lineno}" for frame in ours]


def _logger(*_args: Any) -> structlog.PrintLogger:
    return structlog.PrintLogger(sys.stderr)
