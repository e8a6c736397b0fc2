"""What the trials came to: `make trials` collects it and writes docs/faults.md."""

import json
import os
import sys
from pathlib import Path
from typing import Any

from lotsen.clock import now
from lotsen.config import ROOT

PAGE = ROOT / "docs" / "faults.md"
#: Where figures are collected; nowhere in everyday runs.
COLLECTED = os.environ.get("LOTSEN_FIGURES")
HEAD = """# What was broken, and what came of it

Written by `make trials` on {day}; every line is a test that fails where the promise is broken. `make test` runs the
same tests with fewer repetitions. A duplicate is a mail that the server took before it, or we, went away: SMTP leaves
that one window open, and both copies carry the same Message-ID.

| Trial | Database | Figures |
| --- | --- | --- |
"""


def note(trial: str, database: str, **figures: Any) -> None:
    """Keep what a trial came to."""
    if COLLECTED:
        with Path(COLLECTED).open("a", encoding="utf-8") as file:
            file.write(json.dumps({"trial": trial, "database": database.partition(":")[0], **figures}) + "\n")


def write(collected: Path) -> None:
    """Write the page."""
    lines = [json.loads(line) for line in collected.read_text(encoding="utf-8").splitlines()]
    rows = sorted(
        f"| {line.pop('trial')} | {line.pop('database')} | "
        + ", ".join(f"{name.replace('_', ' ')}: {value}" for name, value in line.items()) + " |"
        for line in lines
    )  # fmt: skip
    PAGE.write_text(HEAD.format(day=now().date()) + "\n".join(rows) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
